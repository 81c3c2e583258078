package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.fedlayers.nn.Layer;

/**
 * A device of plain loops. It is as strict as a card and stricter: addresses must be aligned,
 * nothing runs before it is waited for, memory begins as NaN where a card's may hold anything.
 */
final class NaiveDevice implements Device {
  private static final double EPSILON = 1e-5;

  private float[] memory = new float[1 << 16];
  private int end = ALIGNMENT;
  private final List<Runnable> queue = new ArrayList<>();

  private interface Windowed {
    void at(int from, int to, int tap);
  }

  private Runnable call(Runnable work, long... addresses) {
    for (long address : addresses) {
      if (address % ALIGNMENT != 0 || address <= 0 || address >= end) {
        throw new IllegalArgumentException("address " + address);
      }
    }
    return () -> queue.add(work);
  }

  /** As {@link #call}, of a kernel that may not write over what it reads. */
  private Runnable apart(Runnable work, long written, long... read) {
    if (LongStream.of(read).anyMatch(address -> address == written)) {
      throw new IllegalArgumentException("in place at " + written);
    }
    return call(work, LongStream.concat(LongStream.of(written), LongStream.of(read)).toArray());
  }

  @Override
  public long allocate(long floats) {
    int at = end;
    end += Math.toIntExact(Workspace.aligned(floats)) + ALIGNMENT;
    if (end > memory.length) {
      memory = Arrays.copyOf(memory, 2 * end);
    }
    // Workspace is overlaid and must not be relied on; the interface promises zeros all the same.
    Arrays.fill(memory, at, at + (int) floats, floats > 1 << 20 ? Float.NaN : 0);
    return at;
  }

  @Override
  public FloatBuffer staging(int floats) {
    return FloatBuffer.allocate(floats);
  }

  @Override
  public Runnable upload(FloatBuffer from, long to) {
    return call(() -> from.get(0, memory, (int) to, from.capacity()), to);
  }

  @Override
  public Runnable download(long from, FloatBuffer to) {
    return call(() -> to.put(0, memory, (int) from, to.capacity()), from);
  }

  /** All pairs of an input pixel and an output pixel of one image, with the tap between them. */
  private static void taps(Geometry w, Windowed visit) {
    int wide = w.input().width();
    for (int oy = 0; oy < w.output().height(); oy++) {
      for (int ox = 0; ox < w.output().width(); ox++) {
        for (int ky = 0; ky < w.height(); ky++) {
          for (int kx = 0; kx < w.width(); kx++) {
            int y = oy * w.stride() - w.padding() + ky * w.dilation();
            int x = ox * w.stride() - w.padding() + kx * w.dilation();
            if (y >= 0 && y < w.input().height() && x >= 0 && x < wide) {
              visit.at(y * wide + x, oy * w.output().width() + ox, ky * w.width() + kx);
            }
          }
        }
      }
    }
  }

  private static int pixels(org.fedlayers.nn.Shape shape) {
    return shape.height() * shape.width();
  }

  /** Visits (x, kernel, y) of every product of a convolution. */
  private static void products(Geometry w, Windowed visit) {
    int in = w.input().channels();
    int out = w.output().channels();
    for (int n = 0; n < w.samples(); n++) {
      for (int o = 0; o < out; o++) {
        for (int i = 0; i < in; i++) {
          int x = (n * in + i) * pixels(w.input());
          int y = (n * out + o) * pixels(w.output());
          int k = (o * in + i) * w.height() * w.width();
          taps(w, (from, to, tap) -> visit.at(x + from, y + to, k + tap));
        }
      }
    }
  }

  private void store(double[] values, long to, boolean add) {
    for (int i = 0; i < values.length; i++) {
      memory[(int) to + i] = (float) (values[i] + (add ? memory[(int) to + i] : 0));
    }
  }

  private float at(long address, long i) {
    return memory[(int) (address + i)];
  }

  @Override
  public Runnable convolve(Geometry w, long x, long kernel, long y) {
    return apart(
        () -> {
          double[] sums = new double[w.samples() * w.output().size()];
          products(w, (from, to, tap) -> sums[to] += (double) at(x, from) * at(kernel, tap));
          store(sums, y, false);
        },
        y,
        x,
        kernel);
  }

  @Override
  public Runnable convolveBack(Geometry w, long kernel, long dy, long dx, boolean add) {
    return apart(
        () -> {
          double[] sums = new double[w.samples() * w.input().size()];
          products(w, (from, to, tap) -> sums[from] += (double) at(dy, to) * at(kernel, tap));
          store(sums, dx, add);
        },
        dx,
        kernel,
        dy);
  }

  @Override
  public Runnable convolveKernelBack(Geometry w, long x, long dy, long dKernel) {
    return apart(
        () -> {
          int taps = w.input().channels() * w.output().channels() * w.height() * w.width();
          double[] sums = new double[taps];
          products(w, (from, to, tap) -> sums[tap] += (double) at(dy, to) * at(x, from));
          store(sums, dKernel, false);
        },
        dKernel,
        x,
        dy);
  }

  @Override
  public Runnable multiply(Product p, long a, long b, long c, boolean add) {
    return apart(
        () -> {
          double[] sums = new double[p.m() * p.n()];
          for (int i = 0; i < p.m(); i++) {
            for (int j = 0; j < p.n(); j++) {
              for (int k = 0; k < p.k(); k++) {
                int ofA = p.transposeA() ? k * p.m() + i : i * p.k() + k;
                int ofB = p.transposeB() ? j * p.k() + k : k * p.n() + j;
                sums[i * p.n() + j] += (double) at(a, ofA) * at(b, ofB);
              }
            }
          }
          store(sums, c, add);
        },
        c,
        a,
        b);
  }

  /** Visits each pair of an input and an output value that share a pooling window. */
  private static void pooled(Geometry w, Windowed visit) {
    for (int map = 0; map < w.samples() * w.input().channels(); map++) {
      int x = map * pixels(w.input());
      int y = map * pixels(w.output());
      taps(w, (from, to, tap) -> visit.at(x + from, y + to, tap));
    }
  }

  @Override
  public Runnable pool(Geometry w, Pool pool, long x, long y) {
    return apart(
        () -> {
          double[] values = new double[w.samples() * w.output().size()];
          if (pool == Pool.LARGEST) {
            Arrays.fill(values, Double.NEGATIVE_INFINITY);
            pooled(w, (from, to, tap) -> values[to] = Math.max(values[to], at(x, from)));
          } else {
            pooled(w, (from, to, tap) -> values[to] += at(x, from) / (w.height() * w.width()));
          }
          store(values, y, false);
        },
        y,
        x);
  }

  @Override
  public Runnable poolBack(Geometry w, Pool pool, long x, long y, long dy, long dx, boolean add) {
    return apart(
        () -> {
          double[] values = new double[w.samples() * w.input().size()];
          if (pool == Pool.LARGEST) {
            int[] first = new int[w.samples() * w.output().size()];
            Arrays.fill(first, -1);
            pooled(
                w,
                (from, to, tap) -> {
                  if (first[to] < 0 && at(x, from) == at(y, to)) {
                    first[to] = from;
                  }
                });
            for (int to = 0; to < first.length; to++) {
              values[first[to]] += at(dy, to);
            }
          } else {
            pooled(w, (from, to, tap) -> values[from] += at(dy, to) / (w.height() * w.width()));
          }
          store(values, dx, add);
        },
        dx,
        x,
        y,
        dy);
  }

  @Override
  public Runnable activate(Layer.Function function, Extent extent, long x, long y) {
    return call(
        () -> {
          for (int i = 0; i < extent.count(); i++) {
            boolean relu = function == Layer.Function.RELU;
            memory[(int) y + i] = (float) (relu ? Math.max(0, at(x, i)) : Math.tanh(at(x, i)));
          }
        },
        x,
        y);
  }

  @Override
  public Runnable activateBack(
      Layer.Function function, Extent extent, long x, long y, long dy, long dx, boolean add) {
    return call(
        () -> {
          double[] values = new double[(int) extent.count()];
          for (int i = 0; i < extent.count(); i++) {
            double relu = at(x, i) > 0 ? 1 : 0;
            double tanh = 1 - (double) at(y, i) * at(y, i);
            values[i] = at(dy, i) * (function == Layer.Function.RELU ? relu : tanh);
          }
          store(values, dx, add);
        },
        x,
        y,
        dy,
        dx);
  }

  private static int index(Extent e, int sample, int channel, int pixel) {
    return (sample * e.channels() + channel) * e.pixels() + pixel;
  }

  private interface Term {
    double of(int index);
  }

  private static double sum(Extent e, int channel, Term term) {
    double sum = 0;
    for (int n = 0; n < e.samples(); n++) {
      for (int p = 0; p < e.pixels(); p++) {
        sum += term.of(index(e, n, channel, p));
      }
    }
    return sum;
  }

  private interface ByChannel {
    double of(int channel, int index);
  }

  private void each(Extent e, long to, boolean add, ByChannel value) {
    double[] values = new double[(int) e.count()];
    for (int n = 0; n < e.samples(); n++) {
      for (int c = 0; c < e.channels(); c++) {
        for (int p = 0; p < e.pixels(); p++) {
          int i = index(e, n, c, p);
          values[i] = value.of(c, i);
        }
      }
    }
    store(values, to, add);
  }

  @Override
  public Runnable normalise(
      Extent e, long x, long scale, long shift, long y, Statistics saved, Statistics running) {
    return call(
        () -> {
          int count = e.samples() * e.pixels();
          for (int c = 0; c < e.channels(); c++) {
            double mean = sum(e, c, i -> at(x, i)) / count;
            double squares = sum(e, c, i -> (at(x, i) - mean) * (at(x, i) - mean));
            memory[(int) saved.mean() + c] = (float) mean;
            memory[(int) saved.variance() + c] = (float) (1 / Math.sqrt(squares / count + EPSILON));
            if (running != null) {
              move(running.mean() + c, mean);
              move(running.variance() + c, squares / (count - 1));
            }
          }
          each(
              e,
              y,
              false,
              (c, i) ->
                  at(scale, c) * (at(x, i) - at(saved.mean(), c)) * at(saved.variance(), c)
                      + at(shift, c));
        },
        x,
        scale,
        shift,
        y,
        saved.mean(),
        saved.variance());
  }

  private void move(long address, double to) {
    memory[(int) address] = (float) (0.9 * memory[(int) address] + 0.1 * to);
  }

  @Override
  public Runnable normaliseBack(
      Extent e,
      long x,
      long scale,
      Statistics saved,
      long dy,
      long dx,
      boolean add,
      long dScale,
      long dShift) {
    return call(
        () -> {
          int count = e.samples() * e.pixels();
          double[] shifts = new double[e.channels()];
          double[] scales = new double[e.channels()];
          ByChannel normalised =
              (c, i) -> (at(x, i) - (double) at(saved.mean(), c)) * at(saved.variance(), c);
          for (int c = 0; c < e.channels(); c++) {
            int channel = c;
            shifts[c] = sum(e, c, i -> at(dy, i));
            scales[c] = sum(e, c, i -> at(dy, i) * normalised.of(channel, i));
          }
          each(
              e,
              dx,
              add,
              (c, i) ->
                  (double) at(scale, c)
                      * at(saved.variance(), c)
                      * (at(dy, i) - (shifts[c] + normalised.of(c, i) * scales[c]) / count));
          store(scales, dScale, false);
          store(shifts, dShift, false);
        },
        x,
        scale,
        saved.mean(),
        saved.variance(),
        dy,
        dx,
        dScale,
        dShift);
  }

  @Override
  public Runnable normaliseBy(
      Extent e, long x, long scale, long shift, Statistics given, long y, boolean add) {
    return call(
        () ->
            each(
                e,
                y,
                add,
                (c, i) ->
                    at(scale, c)
                            * (at(x, i) - at(given.mean(), c))
                            / Math.sqrt(at(given.variance(), c) + EPSILON)
                        + at(shift, c)),
        x,
        scale,
        shift,
        given.mean(),
        given.variance(),
        y);
  }

  @Override
  public Runnable scaleChannels(Extent e, long x, long factor, long y) {
    return call(() -> each(e, y, false, (c, i) -> (double) at(x, i) * at(factor, c)), x, factor, y);
  }

  @Override
  public Runnable multiplyValues(Extent extent, long a, long b, long y) {
    if (b == y) {
      throw new IllegalArgumentException("cuDNN multiplies into its first factor only");
    }
    return call(
        () -> {
          for (int i = 0; i < extent.count(); i++) {
            memory[(int) y + i] = at(a, i) * at(b, i);
          }
        },
        a,
        b,
        y);
  }

  @Override
  public Runnable shiftChannels(Extent e, long shift, long y) {
    return call(() -> each(e, y, true, (c, i) -> at(shift, c)), shift, y);
  }

  @Override
  public Runnable sumChannels(Extent e, long x, long sums) {
    return call(
        () -> {
          for (int c = 0; c < e.channels(); c++) {
            memory[(int) sums + c] = (float) sum(e, c, i -> at(x, i));
          }
        },
        x,
        sums);
  }

  @Override
  public Runnable copy(long count, long from, long to) {
    return call(
        () -> System.arraycopy(memory, (int) from, memory, (int) to, (int) count), from, to);
  }

  @Override
  public Runnable addMultiple(long count, float factor, long x, long to) {
    return call(
        () -> {
          for (int i = 0; i < count; i++) {
            memory[(int) to + i] += factor * at(x, i);
          }
        },
        x,
        to);
  }

  @Override
  public Runnable sumOfSquares(long count, long x, long sum) {
    return call(
        () -> {
          double total = 0;
          for (int i = 0; i < count; i++) {
            total += (double) at(x, i) * at(x, i);
          }
          memory[(int) sum] = (float) total;
        },
        x);
  }

  @Override
  public Runnable together(List<Runnable> calls) {
    calls.forEach(Runnable::run); // as a card does before it captures them
    await();
    return () -> calls.forEach(Runnable::run);
  }

  @Override
  public void await() {
    queue.forEach(Runnable::run);
    queue.clear();
  }

  @Override
  public void close() {
    memory = null;
  }
}
