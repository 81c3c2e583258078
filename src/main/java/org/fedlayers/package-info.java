/** Three federated-learning papers about layers, re-run and judged claim by claim. */
package org.fedlayers;
