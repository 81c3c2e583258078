/**
 * Client work on Apache Spark: a round is one job, a client one task, the server's weights are
 * broadcast once a round, and what clients remember stays with the driver, where no lost executor
 * can take it along.
 */
package org.fedlayers.cluster;
