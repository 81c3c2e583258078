/**
 * The primitives of federated learning: what a client does in a round, who takes part, how the
 * server aggregates updates, and one small file per method. Nothing here knows where client work
 * runs ({@link org.fedlayers.federated.Engine}) or what is minimised ({@link
 * org.fedlayers.federated.Problem}): images through a network in experiments, quadratics with known
 * solutions in tests. For a first reading, {@code NaiveFedAvg} among the tests states federated
 * averaging in plain loops, and a test holds the library against it.
 */
package org.fedlayers.federated;
