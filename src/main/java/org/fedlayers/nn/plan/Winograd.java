package org.fedlayers.nn.plan;

import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Shape;

/**
 * Winograd's convolution F(m x m, r x r) with m + r - 1 = 6, after Lavin and Gray, "Fast Algorithms
 * for Convolutional Networks" (2016): an image is cut into overlapping tiles of 6 x 6 pixels; tile
 * d and window g give the m x m results A'[(G g G') * (B' d B)]A, where * multiplies point by
 * point. Summed over channels, each of the 36 points is a product of matrices: m^2 r^2 / 36 times
 * fewer multiplications than the definition, 4 for windows of 3 and 2.8 for windows of 5.
 *
 * <p>Polynomials are taken at the points 0, a, -a, b, -b and infinity. With a = 5/8 and b = 3/2,
 * both exact in binary, errors are smaller than with the textbook's 1 and 2, and about twice those
 * of the definition in single precision.
 *
 * @param outputs m, results along a side of a tile
 * @param window r
 */
record Winograd(int outputs, int window) {
  /** Pixels along a side of a tile, and points along it. */
  static final int SIDE = 6;

  /** Points of a tile. */
  static final int POINTS = SIDE * SIDE;

  static final float A = 0.625f;
  static final float B = 1.5f;

  private static final double[] FINITE_POINTS = {0, A, -A, B, -B};

  /** With fewer, the transforms cost as much as they save. */
  private static final int FEWEST_CHANNELS = 32;

  static Winograd of(Layer.Convolution layer) {
    return new Winograd(SIDE + 1 - layer.kernel(), layer.kernel());
  }

  /** Whether a convolution can be computed this way, and gains by it. */
  static boolean suits(Layer.Convolution layer, Shape source, Shape result) {
    if (layer.stride() != 1 || layer.dilation() != 1) {
      return false;
    }
    if (layer.kernel() != 3 && layer.kernel() != 5) {
      return false;
    }
    if (Math.min(source.channels(), result.channels()) < FEWEST_CHANNELS) {
      return false;
    }
    Winograd winograd = of(layer);
    int tiles = winograd.tiles(result.height()) * winograd.tiles(result.width());
    int direct = result.height() * result.width() * layer.kernel() * layer.kernel();
    return 2 * tiles * POINTS <= direct;
  }

  /** Tiles that give this many results along one side. */
  int tiles(int results) {
    return (results + outputs - 1) / outputs;
  }

  /** G (x) G, [36, r * r]: from a window, row by row, to its points. */
  float[] windowToPoints() {
    float[] product = new float[POINTS * window * window];
    int next = 0;
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        for (int u = 0; u < window; u++) {
          for (int v = 0; v < window; v++) {
            product[next++] = (float) (window(i, u) * window(j, v));
          }
        }
      }
    }
    return product;
  }

  /** G[point, tap] = point^tap / product of (point - other point). */
  private double window(int point, int tap) {
    if (point == SIDE - 1) {
      return tap == window - 1 ? 1 : 0;
    }
    double at = FINITE_POINTS[point];
    double divisor = 1;
    for (double other : FINITE_POINTS) {
      divisor *= other == at ? 1 : at - other;
    }
    return Math.pow(at, tap) / divisor;
  }
}
