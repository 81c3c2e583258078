package org.fedlayers.nn;

/**
 * One layer of a {@link Network}. Kernels are square, convolutions are cross-correlations with zero
 * padding.
 */
public sealed interface Layer {

  /** What an executor does with each kind of layer; one that lacks a kind does not compile. */
  interface Visitor<R> {
    R input(Node node, Input layer);

    R convolution(Node node, Convolution layer);

    R dense(Node node, Dense layer);

    R normalise(Node node, Normalise layer);

    R activate(Node node, Activate layer);

    R maxPool(Node node, MaxPool layer);

    R globalAverage(Node node, GlobalAverage layer);

    R add(Node node, Add layer);
  }

  /**
   * @param node this layer's place
   */
  <R> R accept(Visitor<R> visitor, Node node);

  private static void requireWindow(int kernel, int stride, int padding, int dilation) {
    if (kernel < 1 || stride < 1 || padding < 0 || dilation < 1) {
      throw new IllegalArgumentException(
          "kernel %s, stride %s, padding %s, dilation %s: the least are 1, 1, 0 and 1"
              .formatted(kernel, stride, padding, dilation));
    }
  }

  /** The network's input: images, or vectors. */
  record Input(Shape shape) implements Layer {
    @Override
    public <R> R accept(Visitor<R> visitor, Node node) {
      return visitor.input(node, this);
    }
  }

  /**
   * Weights: kernel [channels, input channels, kernel, kernel], then bias [channels] if any.
   *
   * @param dilation distance in pixels between neighbouring taps; 1 is an ordinary convolution
   */
  record Convolution(int channels, int kernel, int stride, int padding, int dilation, boolean bias)
      implements Layer {
    public Convolution {
      requireWindow(kernel, stride, padding, dilation);
    }

    /** Pixels that a kernel spans along a side. */
    public int reach() {
      return (kernel - 1) * dilation + 1;
    }

    @Override
    public <R> R accept(Visitor<R> visitor, Node node) {
      return visitor.convolution(node, this);
    }
  }

  /**
   * Fully connected over all values of a sample, channel by channel. Weights: [units, inputs], then
   * bias [units] if any.
   */
  record Dense(int units, boolean bias) implements Layer {
    @Override
    public <R> R accept(Visitor<R> visitor, Node node) {
      return visitor.dense(node, this);
    }
  }

  /**
   * Weights: scale [channels], shift [channels], and for HYBRID mix [channels]. Never holds {@code
   * NONE}.
   */
  record Normalise(Normaliser normaliser) implements Layer {
    @Override
    public <R> R accept(Visitor<R> visitor, Node node) {
      return visitor.normalise(node, this);
    }
  }

  /** An elementwise non-linearity. */
  record Activate(Function function) implements Layer {
    @Override
    public <R> R accept(Visitor<R> visitor, Node node) {
      return visitor.activate(node, this);
    }
  }

  enum Function {
    RELU,
    TANH
  }

  /** The largest value of each pooling window; padding, less than the kernel, never is. */
  record MaxPool(int kernel, int stride, int padding) implements Layer {
    public MaxPool {
      requireWindow(kernel, stride, padding, 1);
      if (padding >= kernel) {
        throw new IllegalArgumentException(
            "a pool of " + kernel + " pixels with a padding of " + padding + " sees padding alone");
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor, Node node) {
      return visitor.maxPool(node, this);
    }
  }

  /** The mean of each channel over all pixels, as a vector. */
  record GlobalAverage() implements Layer {
    @Override
    public <R> R accept(Visitor<R> visitor, Node node) {
      return visitor.globalAverage(node, this);
    }
  }

  /** The sum of two activations of one shape: where a skip connection ends. */
  record Add() implements Layer {
    @Override
    public <R> R accept(Visitor<R> visitor, Node node) {
      return visitor.add(node, this);
    }
  }
}
