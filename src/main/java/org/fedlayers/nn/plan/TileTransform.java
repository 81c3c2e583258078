package org.fedlayers.nn.plan;

import static org.fedlayers.nn.plan.Winograd.A;
import static org.fedlayers.nn.plan.Winograd.B;

/**
 * {@link Winograd}'s transforms along one side of a tile: small matrices that map a few rows to a
 * few rows, entry by entry. The loops are written for Java's compiler, which turns a loop over a
 * handful of distinct arrays into vector instructions, and more into slow code.
 */
@FunctionalInterface
interface TileTransform {
  float A2 = A * A;
  float B2 = B * B;

  /**
   * @param from rows of {@code length} values or more, which may be overwritten
   * @param to rows to fill, or to add to where the transform says so; none of {@code from}
   * @param length values of each row that count
   */
  void apply(float[][] from, float[][] to, int length);

  /** B': from 6 pixels of the source to 6 transformed values. */
  static void input(float[][] d, float[][] to, int length) {
    ends(d[0], d[2], d[4], to[0], length);
    pair(d[1], d[2], d[3], d[4], B2, A, to[1], to[2], length);
    pair(d[1], d[2], d[3], d[4], A2, B, to[3], to[4], length);
    ends(d[1], d[3], d[5], to[5], length);
  }

  /** B, adding to what there is: from 6 transformed values to 6 pixels of the source. */
  static void inputTransposed(float[][] v, float[][] to, int length) {
    sumAndDifference(v, length);
    add(A2 * B2, v[0], to[0], length);
    add(-A * B2, v[2], -B * A2, v[4], A2 * B2, v[5], to[1], length);
    add(-B2, v[1], -A2, v[3], -A2 - B2, v[0], to[2], length);
    add(A, v[2], B, v[4], -A2 - B2, v[5], to[3], length);
    add(1, v[1], 1, v[3], 1, v[0], to[4], length);
    add(1, v[5], to[5], length);
  }

  /** A', adding to what there is: from 6 transformed values to 2 or 4 results. */
  static void output(float[][] m, float[][] to, int length) {
    boolean four = to.length == 4;
    sumAndDifference(m, length);
    add(1, m[1], 1, m[3], 1, m[0], to[0], length);
    add(A, m[2], B, m[4], four ? 0 : 1, m[5], to[1], length);
    if (four) {
      add(A2, m[1], B2, m[3], 0, m[0], to[2], length);
      add(A * A2, m[2], B * B2, m[4], 1, m[5], to[3], length);
    }
  }

  /** A: from 2 or 4 results to 6 transformed values. */
  static void outputTransposed(float[][] y, float[][] to, int length) {
    // Of two, the third and the fourth are 0, and so is their factor.
    boolean four = y.length == 4;
    float[] third = four ? y[2] : y[0];
    float[] fourth = four ? y[3] : y[1];
    System.arraycopy(y[0], 0, to[0], 0, length);
    pair(fourth, third, y[1], y[0], four ? -A2 : 0, A, to[1], to[2], length);
    pair(fourth, third, y[1], y[0], four ? -B2 : 0, B, to[3], to[4], length);
    System.arraycopy(y[y.length - 1], 0, to[5], 0, length);
  }

  private static void ends(float[] first, float[] third, float[] fifth, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] = A2 * B2 * first[i] - (A2 + B2) * third[i] + fifth[i];
    }
  }

  /** plus and minus = (x4 - r x2) +- s (x3 - r x1). */
  private static void pair(
      float[] x1,
      float[] x2,
      float[] x3,
      float[] x4,
      float r,
      float s,
      float[] plus,
      float[] minus,
      int length) {
    for (int i = 0; i < length; i++) {
      float even = x4[i] - r * x2[i];
      float odd = s * (x3[i] - r * x1[i]);
      plus[i] = even + odd;
      minus[i] = even - odd;
    }
  }

  /** Replaces the values at a and -a by their sum and difference; so for b and -b. */
  private static void sumAndDifference(float[][] values, int length) {
    sumAndDifference(values[1], values[2], length);
    sumAndDifference(values[3], values[4], length);
  }

  private static void sumAndDifference(float[] plus, float[] minus, int length) {
    for (int i = 0; i < length; i++) {
      float even = plus[i] + minus[i];
      float odd = plus[i] - minus[i];
      plus[i] = even;
      minus[i] = odd;
    }
  }

  private static void add(
      float p, float[] x, float q, float[] y, float r, float[] z, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += p * x[i] + q * y[i] + r * z[i];
    }
  }

  private static void add(float p, float[] x, float[] to, int length) {
    for (int i = 0; i < length; i++) {
      to[i] += p * x[i];
    }
  }
}
