/**
 * How fast it all is: training steps beside PyTorch's and beside the machine's matrix products,
 * what a method adds to a step, and where a round's time goes. Everything is measured in turns with
 * what it is compared to, so whatever else the machine does slows both.
 */
package org.fedlayers.bench;
