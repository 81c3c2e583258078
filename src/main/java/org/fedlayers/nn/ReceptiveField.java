package org.fedlayers.nn;

import java.util.List;

/**
 * How much of the image one value of the last feature map sees: the side, in pixels, of the square
 * that spans every pixel it depends on, through kernels, strides, dilation and pooling, the union
 * over all paths. The last feature map is what the global average or the first fully connected
 * layer reads; where that is the image itself, the whole image is seen.
 *
 * @param pixels the side, not limited by the image
 * @param jump pixels between the fields of neighbouring values: the product of strides
 */
public record ReceptiveField(int pixels, int jump) {

  /**
   * The pixels first..last seen by position 0 of a node, the same plus {@code jump} by the next.
   */
  private record Span(int first, int last, int jump) {
    Span through(int reach, int stride, int padding) {
      int start = first - padding * jump;
      return new Span(start, last + (reach - 1 - padding) * jump, jump * stride);
    }
  }

  public static ReceptiveField of(Network network) {
    int side = Math.max(network.input().height(), network.input().width());
    Span[] spans = new Span[network.nodes().size()];
    for (Node node : network.nodes()) {
      List<Integer> inputs = node.inputs();
      Span from = inputs.isEmpty() ? new Span(0, 0, 1) : spans[inputs.get(0)];
      Layer layer = node.layer();
      if (layer instanceof Layer.Dense || layer instanceof Layer.GlobalAverage) {
        int pixels = inputs.get(0) == 0 ? side : from.last() - from.first() + 1;
        return new ReceptiveField(pixels, from.jump());
      } else if (layer instanceof Layer.Convolution c) {
        spans[node.index()] = from.through(c.reach(), c.stride(), c.padding());
      } else if (layer instanceof Layer.MaxPool pool) {
        spans[node.index()] = from.through(pool.kernel(), pool.stride(), pool.padding());
      } else if (layer instanceof Layer.Add) {
        Span other = spans[inputs.get(1)];
        spans[node.index()] =
            new Span(
                Math.min(from.first(), other.first()),
                Math.max(from.last(), other.last()),
                from.jump());
      } else {
        spans[node.index()] = from;
      }
    }
    throw new IllegalArgumentException(network.name() + " has no layer that ends its feature maps");
  }
}
