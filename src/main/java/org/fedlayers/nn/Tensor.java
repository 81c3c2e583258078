package org.fedlayers.nn;

/**
 * A named slice of a flat vector: of the weights, or of the statistics.
 *
 * @param node index of the node it belongs to
 * @param name {@code node-name.role}
 * @param role what it is to its layer
 * @param dimensions row-major
 * @param offset where it starts in the flat vector
 * @param size the product of the dimensions
 * @param fanIn inputs that one output unit sums over (kernels and biases; 0 for the rest)
 */
public record Tensor(
    int node, String name, Role role, int[] dimensions, int offset, int size, int fanIn) {

  public enum Role {
    KERNEL,
    BIAS,
    SCALE,
    SHIFT,
    /** HBN's mixing weight before the sigmoid. */
    MIX,
    MEAN,
    VARIANCE
  }

  public int end() {
    return offset + size;
  }
}
