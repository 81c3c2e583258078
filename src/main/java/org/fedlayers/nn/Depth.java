package org.fedlayers.nn;

/** The depth of a network as papers count it: layers with kernels on the longest path. */
public final class Depth {
  private Depth() {}

  /** At least 1 for any network that learns; 20 for ResNet-20. */
  public static int of(Network network) {
    int[] depths = new int[network.nodes().size()];
    for (Node node : network.nodes()) {
      int before = node.inputs().stream().mapToInt(input -> depths[input]).max().orElse(0);
      boolean kernel =
          node.layer() instanceof Layer.Convolution || node.layer() instanceof Layer.Dense;
      depths[node.index()] = before + (kernel ? 1 : 0);
    }
    return depths[depths.length - 1];
  }
}
