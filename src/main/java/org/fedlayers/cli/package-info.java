/** The command line: every command is a thin shell over the public API of another package. */
package org.fedlayers.cli;
