/**
 * How fast it all is: training steps beside PyTorch's, what a method adds to a step, where a step's
 * time goes, and what a round takes. Everything is measured in turns with what it is compared to,
 * so that whatever else the machine does slows both; every row says how busy the machine was and
 * which commit it measured. Compiled for {@code make bench} and the tests; no part of the library.
 */
package org.fedlayers.bench;
