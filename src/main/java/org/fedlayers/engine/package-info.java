/** Where client work runs, and by which executor models are computed. */
package org.fedlayers.engine;
