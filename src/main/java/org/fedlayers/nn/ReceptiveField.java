package org.fedlayers.nn;

import java.util.List;

/**
 * How much of the image one value of the last feature map sees: the side, in pixels, of the square
 * that spans every pixel it depends on, through kernels, strides, dilation and pooling, the union
 * over all paths. The last feature map is what the global average or the first fully connected
 * layer reads, or the output of a network that has neither; where that is the image itself, the
 * whole image is seen.
 */
public final class ReceptiveField {
  private ReceptiveField() {}

  /**
   * The pixels first..last seen by position 0 of a node, the same plus {@code jump} by the next.
   */
  private record Span(int first, int last, int jump) {
    Span through(int reach, int stride, int padding) {
      int start = first - padding * jump;
      return new Span(start, last + (reach - 1 - padding) * jump, jump * stride);
    }

    int pixels() {
      return last - first + 1;
    }
  }

  /** The side in pixels, not limited by the image. */
  public static int of(Network network) {
    Span[] spans = new Span[network.nodes().size()];
    for (Node node : network.nodes()) {
      List<Integer> inputs = node.inputs();
      Span from = inputs.isEmpty() ? new Span(0, 0, 1) : spans[inputs.get(0)];
      Layer layer = node.layer();
      if (layer instanceof Layer.Dense || layer instanceof Layer.GlobalAverage) {
        Shape image = network.input();
        return inputs.get(0) == 0 ? Math.max(image.height(), image.width()) : from.pixels();
      } else if (layer instanceof Layer.Convolution c) {
        spans[node.index()] = from.through(c.reach(), c.stride(), c.padding());
      } else if (layer instanceof Layer.MaxPool pool) {
        spans[node.index()] = from.through(pool.kernel(), pool.stride(), pool.padding());
      } else if (layer instanceof Layer.Add) {
        Span other = spans[inputs.get(1)];
        int last = Math.max(from.last(), other.last());
        spans[node.index()] = new Span(Math.min(from.first(), other.first()), last, from.jump());
      } else {
        spans[node.index()] = from;
      }
    }
    return spans[spans.length - 1].pixels();
  }
}
