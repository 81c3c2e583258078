package org.fedlayers.nn;

/**
 * Windows sliding over [size, channels, height, width]: convolution and max-pooling by definition.
 * A dense layer is a convolution whose window is the whole input.
 */
record NaiveWindows(
    Shape in, Shape out, int tall, int wide, int stride, int padding, int dilation) {

  static NaiveWindows of(Node from, Node to) {
    Shape in = from.shape();
    Shape out = to.shape();
    if (to.layer() instanceof Layer.Convolution l) {
      return new NaiveWindows(
          in, out, l.kernel(), l.kernel(), l.stride(), l.padding(), l.dilation());
    } else if (to.layer() instanceof Layer.MaxPool l) {
      return new NaiveWindows(in, out, l.kernel(), l.kernel(), l.stride(), l.padding(), 1);
    }
    return new NaiveWindows(in, out, in.height(), in.width(), 1, 0, 1);
  }

  interface Pair {
    void accept(int in, int out);
  }

  private interface Tap {
    /** One product of a convolution: flat indices of input, kernel and output. */
    void accept(int in, int kernel, int out);
  }

  /** y = kernel * x + bias; {@code bias} is an offset into the weights, or -1. */
  void weigh(double[] weights, int kernel, int bias, double[] x, double[] y, int size) {
    if (bias >= 0) {
      for (int i = 0; i < y.length; i++) {
        y[i] = weights[bias + channelOf(i)];
      }
    }
    taps(size, (i, k, o) -> y[o] += weights[kernel + k] * x[i]);
  }

  void backward(
      double[] weights,
      int kernel,
      int bias,
      double[] x,
      double[] dy,
      double[] dx,
      double[] gradient,
      int size) {
    if (bias >= 0) {
      for (int i = 0; i < dy.length; i++) {
        gradient[bias + channelOf(i)] += dy[i];
      }
    }
    taps(
        size,
        (i, k, o) -> {
          dx[i] += weights[kernel + k] * dy[o];
          gradient[kernel + k] += x[i] * dy[o];
        });
  }

  /** Pairs every output with the first of its window's largest inputs. */
  void largest(double[] x, int size, Pair pair) {
    int pixels = out.height() * out.width();
    for (int o = 0; o < size * out.size(); o++) {
      int plane = o / pixels * in.height() * in.width();
      int best = -1;
      for (int v = 0; v < tall; v++) {
        for (int u = 0; u < wide; u++) {
          int row = row(o, v);
          int column = column(o, u);
          int i = plane + row * in.width() + column;
          if (inside(row, column) && (best < 0 || x[i] > x[best])) {
            best = i;
          }
        }
      }
      pair.accept(best, o);
    }
  }

  private void taps(int size, Tap tap) {
    for (int o = 0; o < size * out.size(); o++) {
      int sample = o / out.size();
      for (int c = 0; c < in.channels(); c++) {
        int plane = (sample * in.channels() + c) * in.height() * in.width();
        int filter = (channelOf(o) * in.channels() + c) * tall * wide;
        for (int v = 0; v < tall; v++) {
          for (int u = 0; u < wide; u++) {
            int row = row(o, v);
            int column = column(o, u);
            if (inside(row, column)) {
              tap.accept(plane + row * in.width() + column, filter + v * wide + u, o);
            }
          }
        }
      }
    }
  }

  private int channelOf(int output) {
    return output / (out.height() * out.width()) % out.channels();
  }

  private int row(int output, int v) {
    return output / out.width() % out.height() * stride + v * dilation - padding;
  }

  private int column(int output, int u) {
    return output % out.width() * stride + u * dilation - padding;
  }

  private boolean inside(int row, int column) {
    return row >= 0 && column >= 0 && row < in.height() && column < in.width();
  }
}
