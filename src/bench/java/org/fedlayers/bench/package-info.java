/**
 * Measures speed: of training steps in comparison with PyTorch, the cost that a method adds to a
 * step, the parts of a step, and the time of a round. Both sides of a comparison are measured in
 * turns, so that other work of the machine slows both; every row states the load of the machine and
 * the commit. The package is compiled for {@code make bench} and the tests, and is no part of the
 * library.
 */
package org.fedlayers.bench;
