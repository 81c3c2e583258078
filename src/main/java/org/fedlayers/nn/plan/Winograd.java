package org.fedlayers.nn.plan;

import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Shape;

/**
 * Winograd's convolution F(m x m, r x r) with m + r - 1 = 6, after Lavin and Gray, "Fast Algorithms
 * for Convolutional Networks" (2016): an image is split into overlapping tiles d of 6 x 6 pixels,
 * of which each gives, with the kernel g, the m x m results
 *
 * <pre>A' [(G g G') * (B' d B)] A</pre>
 *
 * where * multiplies value by value. Summed over channels, each of the 36 values of a transformed
 * tile is a product of matrices: m^2 r^2 / 36 times fewer multiplications than the definition, 4
 * for kernels of 3x3 and 2.8 for 5x5.
 *
 * <p>A, B and G evaluate polynomials at 0, a, -a, b, -b and infinity. With a = 5/8 and b = 3/2,
 * both exact in binary, errors are smaller than with the textbook's 1 and 2, and about twice those
 * of the definition in single precision.
 *
 * @param kernel r
 */
record Winograd(int kernel) {
  /** Pixels along a side of a tile, and values along a side of its transform. */
  static final int SIDE = 6;

  /** Values of a transformed tile. */
  static final int TILE_VALUES = SIDE * SIDE;

  static final float A = 0.625f;
  static final float B = 1.5f;
  private static final double[] FINITE_POINTS = {0, A, -A, B, -B};

  /** With fewer, the transforms cost as much as they save. */
  private static final int FEWEST_CHANNELS = 32;

  /** m, results along a side of a tile. */
  int outputs() {
    return SIDE + 1 - kernel;
  }

  /** Whether a convolution can be computed this way, and gains by it. */
  static boolean suits(Layer.Convolution layer, Shape source, Shape result) {
    boolean can = layer.stride() == 1 && layer.dilation() == 1;
    can &= layer.kernel() == 3 || layer.kernel() == 5;
    if (!can || Math.min(source.channels(), result.channels()) < FEWEST_CHANNELS) {
      return false;
    }
    Winograd winograd = new Winograd(layer.kernel());
    int tiles = winograd.tiles(result.height()) * winograd.tiles(result.width());
    int direct = result.pixels() * layer.kernel() * layer.kernel();
    return 2 * tiles * TILE_VALUES <= direct;
  }

  /** Tiles that give this many results along one side. */
  int tiles(int results) {
    return (results + outputs() - 1) / outputs();
  }

  /** G (x) G, [36, r * r]: from a kernel, row by row, to its transform. */
  float[] kernelTransform() {
    float[] product = new float[TILE_VALUES * kernel * kernel];
    int next = 0;
    for (int i = 0; i < SIDE; i++) {
      for (int j = 0; j < SIDE; j++) {
        for (int u = 0; u < kernel; u++) {
          for (int v = 0; v < kernel; v++) {
            product[next++] = (float) (g(i, u) * g(j, v));
          }
        }
      }
    }
    return product;
  }

  /** G[point, tap] = point^tap / product of (point - other point). */
  private double g(int point, int tap) {
    if (point == SIDE - 1) {
      return tap == kernel - 1 ? 1 : 0;
    }
    double at = FINITE_POINTS[point];
    double divisor = 1;
    for (double other : FINITE_POINTS) {
      divisor *= other == at ? 1 : at - other;
    }
    return Math.pow(at, tap) / divisor;
  }
}
