package org.fedlayers.nn;

/**
 * One layer of a {@link Network}. Kernels are square, convolutions are cross-correlations with zero
 * padding.
 */
public sealed interface Layer {

  /** The images (or vectors) that come in. */
  record Input(Shape shape) implements Layer {}

  /**
   * Weights: kernel [channels, input channels, kernel, kernel], then bias [channels] if any.
   *
   * @param dilation distance in pixels between neighbouring taps; 1 is an ordinary convolution
   */
  record Convolution(int channels, int kernel, int stride, int padding, int dilation, boolean bias)
      implements Layer {}

  /**
   * Fully connected over all values of a sample, channel by channel. Weights: [units, inputs], then
   * bias [units] if any.
   */
  record Dense(int units, boolean bias) implements Layer {}

  /**
   * Weights: scale [channels], shift [channels], and for HYBRID mix [channels]. Never holds {@code
   * NONE}.
   */
  record Normalise(Normaliser normaliser) implements Layer {}

  /** An elementwise non-linearity. */
  record Activate(Function function) implements Layer {}

  enum Function {
    RELU,
    TANH
  }

  /** The largest value of each window; padding never wins. */
  record MaxPool(int kernel, int stride, int padding) implements Layer {}

  /** The mean of each channel over all pixels, as a vector. */
  record GlobalAverage() implements Layer {}

  /** The sum of two activations of one shape: where a skip connection ends. */
  record Add() implements Layer {}
}
