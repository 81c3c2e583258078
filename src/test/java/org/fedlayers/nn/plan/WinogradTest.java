package org.fedlayers.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.fedlayers.nn.plan.Winograd.POINTS;
import static org.fedlayers.nn.plan.Winograd.SIDE;

import java.nio.FloatBuffer;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The algorithm without oneDNN: points are multiplied by plain loops. */
class WinogradTest {
  private static final int BLOCK = 8;

  /** One convolution of blocks of images, both ways of computing it. */
  private static final class Convolution {
    final Shape source;
    final Shape result;
    final int batch;
    final int window;
    final int padding;
    final Bands bands;
    final Tiling sourceTiling;
    final Tiling resultTiling;

    Convolution(int batch, Shape source, int channels, int window, int padding) {
      this.batch = batch;
      this.source = source;
      this.window = window;
      this.padding = padding;
      int height = source.height() + 2 * padding - window + 1;
      int width = source.width() + 2 * padding - window + 1;
      result = new Shape(channels, height, width);
      var winograd = new Winograd(SIDE + 1 - window, window);
      int pitch = winograd.outputs();
      bands = Bands.of(winograd.tiles(height), winograd.tiles(width), batch);
      PixelRows rows = new PixelRows(batch, BLOCK);
      sourceTiling =
          new Tiling(source, source.channels() / BLOCK, batch, rows, bands, padding, SIDE, pitch);
      resultTiling = new Tiling(result, channels / BLOCK, batch, rows, bands, 0, pitch, pitch);
    }

    int pointsOf(Shape shape) {
      return POINTS * shape.channels() * bands.tiles() * batch;
    }

    float[] byPoints(float[] pixels, float[] kernel) {
      float[] windows = new float[POINTS * result.channels() * source.channels()];
      float[] transform = new Winograd(SIDE + 1 - window, window).windowToPoints();
      int taps = window * window;
      for (int p = 0; p < POINTS; p++) {
        for (int w = 0; w < windows.length / POINTS; w++) {
          for (int t = 0; t < taps; t++) {
            windows[p * (windows.length / POINTS) + w] +=
                transform[p * taps + t] * kernel[w * taps + t];
          }
        }
      }
      FloatBuffer in = FloatBuffer.allocate(pointsOf(source));
      FloatBuffer out = FloatBuffer.allocate(pointsOf(result));
      FloatBuffer joined = FloatBuffer.allocate(batch * result.size());
      for (int band = 0; band < bands.count(); band++) {
        sourceTiling.cut(
            band,
            FloatBuffer.wrap(pixels),
            LineTransform::pixelsToPoints,
            in,
            Tiling.PixelAction.NONE);
        multiply(in, windows, out);
        resultTiling.join(
            band, out, LineTransform::pointsToResults, joined, Tiling.PixelAction.NONE);
      }
      return joined.array();
    }

    private void multiply(FloatBuffer in, float[] windows, FloatBuffer out) {
      int rows = bands.tiles() * batch;
      for (int p = 0; p < POINTS; p++) {
        for (int o = 0; o < result.channels(); o++) {
          for (int row = 0; row < rows; row++) {
            float sum = 0;
            for (int i = 0; i < source.channels(); i++) {
              sum +=
                  in.get(place(p, i, row, source, rows))
                      * windows[(p * result.channels() + o) * source.channels() + i];
            }
            out.put(place(p, o, row, result, rows), sum);
          }
        }
      }
    }

    private int place(int first, int channel, int row, Shape shape, int rows) {
      int blocks = shape.channels() / BLOCK;
      return ((first * blocks + channel / BLOCK) * rows + row) * BLOCK + channel % BLOCK;
    }

    /** Where [block, y, x, image, channel] holds a value. */
    private int pixel(Shape shape, int image, int channel, int y, int x) {
      int row = ((channel / BLOCK * shape.height() + y) * shape.width() + x) * batch + image;
      return row * BLOCK + channel % BLOCK;
    }

    /**
     * @param rounding of every sum and product
     */
    double[] byDefinition(float[] pixels, float[] kernel, DoubleUnaryOperator rounding) {
      double[] sums = new double[batch * result.size()];
      for (int n = 0; n < batch; n++) {
        for (int o = 0; o < result.channels(); o++) {
          for (int y = 0; y < result.height(); y++) {
            for (int x = 0; x < result.width(); x++) {
              sums[pixel(result, n, o, y, x)] = sum(pixels, kernel, rounding, n, o, y, x);
            }
          }
        }
      }
      return sums;
    }

    private double sum(
        float[] pixels, float[] kernel, DoubleUnaryOperator rounding, int n, int o, int y, int x) {
      double sum = 0;
      for (int i = 0; i < source.channels(); i++) {
        for (int u = 0; u < window; u++) {
          for (int v = 0; v < window; v++) {
            int row = y + u - padding;
            int column = x + v - padding;
            if (row >= 0 && row < source.height() && column >= 0 && column < source.width()) {
              double weight = kernel[((o * source.channels() + i) * window + u) * window + v];
              double product = weight * pixels[pixel(source, n, i, row, column)];
              sum = rounding.applyAsDouble(sum + rounding.applyAsDouble(product));
            }
          }
        }
      }
      return sum;
    }
  }

  private static float[] random(long seed, int count) {
    var random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "5, 0, 14, 14, 3",
    "5, 2, 9, 7, 2",
    "5, 2, 5, 5, 70",
    "5, 4, 6, 11, 1",
    "3, 1, 16, 16, 2",
    "3, 1, 9, 10, 3",
    "3, 0, 7, 6, 65",
    "3, 2, 8, 5, 130",
  })
  void isTheConvolution(int window, int padding, int height, int width, int batch) {
    var convolution = new Convolution(batch, new Shape(16, height, width), 24, window, padding);
    float[] pixels = random(1, batch * convolution.source.size());
    float[] kernel = random(2, 24 * 16 * window * window);
    double[] expected = convolution.byDefinition(pixels, kernel, sum -> sum);
    float[] actual = convolution.byPoints(pixels, kernel);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(5e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void errorsAreAboutTwiceThoseOfTheDefinition(int window) {
    int batch = 4;
    var convolution = new Convolution(batch, new Shape(64, 16, 16), 8, window, window / 2);
    float[] pixels = random(3, batch * convolution.source.size());
    float[] kernel = random(4, 8 * 64 * window * window);
    double[] exact = convolution.byDefinition(pixels, kernel, sum -> sum);
    double[] single = convolution.byDefinition(pixels, kernel, sum -> (float) sum);
    float[] points = convolution.byPoints(pixels, kernel);
    double error = 0;
    double expected = 0;
    for (int i = 0; i < exact.length; i++) {
      error += Math.pow(points[i] - exact[i], 2);
      expected += Math.pow(single[i] - exact[i], 2);
    }
    assertThat(Math.sqrt(error)).isLessThan(2.5 * Math.sqrt(expected));
  }

  /** The way back is the transpose: a.cut(x) . v = x . a.join(v). */
  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void joiningIsTheTransposeOfCutting(int window) {
    int batch = 70;
    var convolution = new Convolution(batch, new Shape(8, 11, 9), 8, window, 1);
    checkTranspose(
        convolution,
        convolution.sourceTiling,
        convolution.source,
        LineTransform::pixelsToPoints,
        LineTransform::pointsToPixels);
    checkTranspose(
        convolution,
        convolution.resultTiling,
        convolution.result,
        LineTransform::resultsToPoints,
        LineTransform::pointsToResults);
  }

  private static void checkTranspose(
      Convolution convolution, Tiling tiling, Shape shape, LineTransform to, LineTransform back) {
    float[] x = random(5, convolution.batch * shape.size());
    FloatBuffer joined = FloatBuffer.allocate(x.length);
    double there = 0;
    for (int band = 0; band < convolution.bands.count(); band++) {
      float[] v = random(6 + band, convolution.pointsOf(shape));
      FloatBuffer cut = FloatBuffer.allocate(v.length);
      tiling.cut(band, FloatBuffer.wrap(x), to, cut, Tiling.PixelAction.NONE);
      for (int i = 0; i < v.length; i++) {
        there += (double) cut.get(i) * v[i];
      }
      tiling.join(band, FloatBuffer.wrap(v), back, joined, Tiling.PixelAction.NONE);
    }
    double andBack = 0;
    for (int i = 0; i < x.length; i++) {
      andBack += (double) joined.get(i) * x[i];
    }
    assertThat(andBack).isCloseTo(there, within(1e-5 * Math.sqrt(x.length) * 100));
  }

  @Test
  void everyPixelIsSeenOnce() {
    var convolution = new Convolution(3, new Shape(16, 9, 10), 8, 3, 1);
    int[] seen = new int[1];
    FloatBuffer points = FloatBuffer.allocate(convolution.pointsOf(convolution.result));
    FloatBuffer pixels = FloatBuffer.allocate(3 * convolution.result.size());
    for (int band = 0; band < convolution.bands.count(); band++) {
      convolution.resultTiling.cut(
          band,
          pixels,
          LineTransform::resultsToPoints,
          points,
          (block, row, length) -> seen[0] += length);
    }
    assertThat(seen[0]).isEqualTo(pixels.capacity());
  }

  @Test
  void suitsWindowsOfThreeAndFiveWhereThereIsEnoughToGain() {
    Shape image = new Shape(32, 8, 8);
    assertThat(suits(new Layer.Convolution(32, 3, 1, 1, 1, true), image)).isTrue();
    assertThat(suits(new Layer.Convolution(32, 5, 1, 2, 1, true), image)).isTrue();
    assertThat(suits(new Layer.Convolution(32, 1, 1, 0, 1, true), image)).isFalse();
    assertThat(suits(new Layer.Convolution(32, 3, 2, 1, 1, true), image)).isFalse();
    assertThat(suits(new Layer.Convolution(32, 3, 1, 2, 2, true), image)).isFalse();
    assertThat(suits(new Layer.Convolution(16, 3, 1, 1, 1, true), image)).isFalse();
    assertThat(suits(new Layer.Convolution(32, 3, 1, 1, 1, true), new Shape(32, 2, 2))).isFalse();
  }

  private static boolean suits(Layer.Convolution layer, Shape source) {
    int height = source.height() + 2 * layer.padding() - layer.dilation() * (layer.kernel() - 1);
    return Winograd.suits(
        layer, source, new Shape(layer.channels(), height / layer.stride(), height));
  }

  @ParameterizedTest
  @CsvSource({"5, 5, 50, 5, 1", "2, 2, 32, 1, 2", "1, 1, 32, 1, 1", "6, 1, 50, 2, 3"})
  void bandsAreEqual(int down, int across, int batch, int count, int lines) {
    assertThat(Bands.of(down, across, batch)).isEqualTo(new Bands(count, lines, across));
  }
}
