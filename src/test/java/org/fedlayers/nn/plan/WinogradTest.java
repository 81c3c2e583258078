package org.fedlayers.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.fedlayers.nn.plan.Winograd.TILE_VALUES;

import java.nio.FloatBuffer;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The algorithm without oneDNN: transformed tiles are multiplied by plain loops. */
class WinogradTest {
  private static final int BLOCK = 8;

  /** One convolution of blocks of images, both ways of computing it. */
  private static final class Convolution {
    final Shape source;
    final Shape result;
    final int batch;
    final int kernelSide;
    final int padding;
    final Bands bands;
    final Tiling sourceTiling;
    final Tiling resultTiling;

    Convolution(int batch, Shape source, int channels, int kernelSide, int padding) {
      this.batch = batch;
      this.source = source;
      this.kernelSide = kernelSide;
      this.padding = padding;
      int height = source.height() + 2 * padding - kernelSide + 1;
      int width = source.width() + 2 * padding - kernelSide + 1;
      result = new Shape(channels, height, width);
      var winograd = new Winograd(kernelSide);
      bands = Bands.of(winograd.tiles(height), winograd.tiles(width), batch);
      PixelRows rows = new PixelRows(batch, BLOCK);
      sourceTiling = Tiling.ofSource(winograd, source, rows, bands, padding);
      resultTiling = Tiling.ofResult(winograd, result, rows, bands);
    }

    int tileValuesOf(Shape shape) {
      return TILE_VALUES * shape.channels() * bands.tiles() * batch;
    }

    float[] byTiles(float[] pixels, float[] kernel) {
      float[] transformed = new float[TILE_VALUES * result.channels() * source.channels()];
      float[] transform = new Winograd(kernelSide).kernelTransform();
      int taps = kernelSide * kernelSide;
      for (int p = 0; p < TILE_VALUES; p++) {
        for (int w = 0; w < transformed.length / TILE_VALUES; w++) {
          for (int t = 0; t < taps; t++) {
            transformed[p * (transformed.length / TILE_VALUES) + w] +=
                transform[p * taps + t] * kernel[w * taps + t];
          }
        }
      }
      FloatBuffer in = FloatBuffer.allocate(tileValuesOf(source));
      FloatBuffer out = FloatBuffer.allocate(tileValuesOf(result));
      FloatBuffer merged = FloatBuffer.allocate(batch * result.size());
      for (int band = 0; band < bands.count(); band++) {
        sourceTiling.split(band, FloatBuffer.wrap(pixels), in, Tiling.PixelAction.NONE);
        multiply(in, transformed, out);
        resultTiling.merge(band, out, merged, Tiling.PixelAction.NONE);
      }
      return merged.array();
    }

    private void multiply(FloatBuffer in, float[] transformed, FloatBuffer out) {
      int rows = bands.tiles() * batch;
      for (int p = 0; p < TILE_VALUES; p++) {
        for (int o = 0; o < result.channels(); o++) {
          for (int row = 0; row < rows; row++) {
            float sum = 0;
            for (int i = 0; i < source.channels(); i++) {
              sum +=
                  in.get(place(p, i, row, source, rows))
                      * transformed[(p * result.channels() + o) * source.channels() + i];
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
        for (int u = 0; u < kernelSide; u++) {
          for (int v = 0; v < kernelSide; v++) {
            int row = y + u - padding;
            int column = x + v - padding;
            if (row >= 0 && row < source.height() && column >= 0 && column < source.width()) {
              double weight =
                  kernel[((o * source.channels() + i) * kernelSide + u) * kernelSide + v];
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
  void isTheConvolution(int kernelSide, int padding, int height, int width, int batch) {
    var convolution = new Convolution(batch, new Shape(16, height, width), 24, kernelSide, padding);
    float[] pixels = random(1, batch * convolution.source.size());
    float[] kernel = random(2, 24 * 16 * kernelSide * kernelSide);
    double[] expected = convolution.byDefinition(pixels, kernel, sum -> sum);
    float[] actual = convolution.byTiles(pixels, kernel);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i]).isCloseTo(expected[i], within(5e-4));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void errorsAreAboutTwiceThoseOfTheDefinition(int kernelSide) {
    int batch = 4;
    var convolution = new Convolution(batch, new Shape(64, 16, 16), 8, kernelSide, kernelSide / 2);
    float[] pixels = random(3, batch * convolution.source.size());
    float[] kernel = random(4, 8 * 64 * kernelSide * kernelSide);
    double[] exact = convolution.byDefinition(pixels, kernel, sum -> sum);
    double[] single = convolution.byDefinition(pixels, kernel, sum -> (float) sum);
    float[] tiled = convolution.byTiles(pixels, kernel);
    double error = 0;
    double expected = 0;
    for (int i = 0; i < exact.length; i++) {
      error += Math.pow(tiled[i] - exact[i], 2);
      expected += Math.pow(single[i] - exact[i], 2);
    }
    assertThat(Math.sqrt(error)).isLessThan(2.5 * Math.sqrt(expected));
  }

  /** The backward pass is the transpose of the forward one: split(x) . v = x . merge(v). */
  @ParameterizedTest
  @ValueSource(ints = {3, 5})
  void mergingIsTheTransposeOfSplitting(int kernelSide) {
    int batch = 70;
    var convolution = new Convolution(batch, new Shape(8, 11, 9), 8, kernelSide, 1);
    checkTranspose(convolution, convolution.sourceTiling, convolution.source);
    checkTranspose(convolution, convolution.resultTiling, convolution.result);
  }

  private static void checkTranspose(Convolution convolution, Tiling tiling, Shape shape) {
    float[] x = random(5, convolution.batch * shape.size());
    FloatBuffer merged = FloatBuffer.allocate(x.length);
    double there = 0;
    for (int band = 0; band < convolution.bands.count(); band++) {
      float[] v = random(6 + band, convolution.tileValuesOf(shape));
      FloatBuffer tiles = FloatBuffer.allocate(v.length);
      tiling.split(band, FloatBuffer.wrap(x), tiles, Tiling.PixelAction.NONE);
      for (int i = 0; i < v.length; i++) {
        there += (double) tiles.get(i) * v[i];
      }
      tiling.merge(band, FloatBuffer.wrap(v), merged, Tiling.PixelAction.NONE);
    }
    double andBack = 0;
    for (int i = 0; i < x.length; i++) {
      andBack += (double) merged.get(i) * x[i];
    }
    assertThat(andBack).isCloseTo(there, within(1e-5 * Math.sqrt(x.length) * 100));
  }

  @Test
  void everyPixelIsSeenOnce() {
    var convolution = new Convolution(3, new Shape(16, 9, 10), 8, 3, 1);
    int[] seen = new int[1];
    FloatBuffer tiles = FloatBuffer.allocate(convolution.tileValuesOf(convolution.result));
    FloatBuffer pixels = FloatBuffer.allocate(3 * convolution.result.size());
    for (int band = 0; band < convolution.bands.count(); band++) {
      convolution.resultTiling.split(
          band, pixels, tiles, (block, row, length) -> seen[0] += length);
    }
    assertThat(seen[0]).isEqualTo(pixels.capacity());
  }

  @Test
  void suitsKernelsOfThreeAndFiveWhereThereIsEnoughToGain() {
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
