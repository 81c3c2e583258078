/**
 * The notebook kernel, for machines where no Java kernel is installed: JShell behind Jupyter's
 * protocol, with cells run in the kernel's own JVM. Notebooks run unchanged under IJava and JJava,
 * so nothing outside this package may depend on it, and JeroMQ, its transport, is optional.
 */
package org.fedlayers.kernel;
