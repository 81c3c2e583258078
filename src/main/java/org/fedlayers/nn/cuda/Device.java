package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Shape;

/**
 * What a {@link Program} asks of a device: memory, and calls that are queued and run in order.
 *
 * <p>Device memory is addressed in floats: element i of a tensor lies at the tensor's address plus
 * i. Every tensor given to a call starts at a multiple of {@link #ALIGNMENT}. Activations are (N,
 * C, H, W), matrices row-major, kernels (output channels, input channels, height, width).
 *
 * <p>A method that returns a {@link Runnable} prepares a call once; running it queues the call.
 * With {@code add} a call adds its result to what is there, else it replaces it. A name with {@code
 * Back} is the derivative by the input: it reads {@code dy}, the gradient by the output, and writes
 * {@code dx}. One device serves one thread.
 */
interface Device extends AutoCloseable {
  /** In floats: 256 bytes, which every kernel of cuDNN and cuBLAS accepts. */
  int ALIGNMENT = 64;

  /** What a {@link #pool} takes of each pooling window. */
  enum Pool {
    LARGEST,
    MEAN
  }

  /**
   * A matrix product: the result has m rows and n columns, and k terms are summed.
   *
   * @param transposeA whether A is stored as (k, m), else (m, k)
   * @param transposeB whether B is stored as (n, k), else (k, n)
   */
  record Product(int m, int n, int k, boolean transposeA, boolean transposeB) {}

  /** The sides of an activation as a call by channels sees it, (samples, channels, pixels). */
  record Extent(int samples, int channels, int pixels) {
    long count() {
      return (long) samples * channels * pixels;
    }
  }

  /** The geometry of a convolution or a pool over a batch. */
  record Geometry(
      int samples,
      Shape input,
      Shape output,
      int height,
      int width,
      int stride,
      int padding,
      int dilation) {}

  /** Addresses of a mean and of a variance (or its inverse root) for each channel. */
  record Statistics(long mean, long variance) {}

  /** Zeroed device memory, aligned, until the device is closed. */
  long allocate(long floats);

  /** Host memory from and to which copies are fast, until the device is closed. */
  FloatBuffer staging(int floats);

  /** Copies the whole buffer to the device. */
  Runnable upload(FloatBuffer from, long to);

  /** Fills the whole buffer from the device. */
  Runnable download(long from, FloatBuffer to);

  Runnable convolve(Geometry geometry, long x, long kernel, long y);

  Runnable convolveBack(Geometry geometry, long kernel, long dy, long dx, boolean add);

  Runnable convolveKernelBack(Geometry geometry, long x, long dy, long dKernel);

  /** C = op(A) op(B). */
  Runnable multiply(Product product, long a, long b, long c, boolean add);

  Runnable pool(Geometry geometry, Pool pool, long x, long y);

  Runnable poolBack(Geometry geometry, Pool pool, long x, long y, long dy, long dx, boolean add);

  Runnable activate(Layer.Function function, Extent extent, long x, long y);

  Runnable activateBack(
      Layer.Function function, Extent extent, long x, long y, long dy, long dx, boolean add);

  /**
   * y = scale (x - mean) / sqrt(variance + epsilon) + shift, channel by channel, by the mean and
   * the biased variance of the channel over samples and pixels.
   *
   * @param saved two rows of channels, overwritten with mean and 1 / sqrt(variance + epsilon)
   * @param running two tensors, moved a tenth of the way to the mean and to the unbiased variance;
   *     null to leave them
   */
  Runnable normalise(
      Extent extent, long x, long scale, long shift, long y, Statistics saved, Statistics running);

  /** Also overwrites the gradients by scale and by shift. */
  Runnable normaliseBack(
      Extent extent,
      long x,
      long scale,
      Statistics saved,
      long dy,
      long dx,
      boolean add,
      long dScale,
      long dShift);

  /** As {@link #normalise}, by given statistics (mean and variance). */
  Runnable normaliseBy(
      Extent extent, long x, long scale, long shift, Statistics given, long y, boolean add);

  /** y = x factor, with one factor a channel. */
  Runnable scaleChannels(Extent extent, long x, long factor, long y);

  /** y = a b, value by value; y may be a, but not b. */
  Runnable multiplyValues(Extent extent, long a, long b, long y);

  /** y += shift, with one value a channel. */
  Runnable shiftChannels(Extent extent, long shift, long y);

  /** The sum of each channel over samples and pixels. */
  Runnable sumChannels(Extent extent, long x, long sums);

  Runnable copy(long count, long from, long to);

  /** to += factor x. */
  Runnable addMultiple(long count, float factor, long x, long to);

  /** One number: the sum of squares. Its own address need not be aligned. */
  Runnable sumOfSquares(long count, long x, long sum);

  /** Queues all calls, in order, as one. They must not allocate. */
  Runnable together(List<Runnable> calls);

  /** Waits until everything queued has run. */
  void await();

  @Override
  void close();
}
