package org.fedlayers.nn.plan;

/**
 * A region in a role of a primitive.
 *
 * @param role one of oneDNN's {@code DNNL_ARG_} constants
 */
record Argument(int role, Region region) {}
