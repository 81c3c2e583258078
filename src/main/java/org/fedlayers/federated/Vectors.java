package org.fedlayers.federated;

/**
 * The few operations on flat vectors. Sums run in double in one fixed order, so the same numbers
 * give the same bits everywhere.
 */
public final class Vectors {
  private Vectors() {}

  /**
   * The Euclidean norm. Eight running sums, always the same eight, keep the processor busy without
   * leaving the order open.
   */
  public static double norm(float[] v) {
    return Math.sqrt(dot(v, v));
  }

  public static double dot(float[] a, float[] b) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
    int i = 0;
    for (; i + 8 <= a.length; i += 8) {
      s0 += (double) a[i] * b[i];
      s1 += (double) a[i + 1] * b[i + 1];
      s2 += (double) a[i + 2] * b[i + 2];
      s3 += (double) a[i + 3] * b[i + 3];
      s4 += (double) a[i + 4] * b[i + 4];
      s5 += (double) a[i + 5] * b[i + 5];
      s6 += (double) a[i + 6] * b[i + 6];
      s7 += (double) a[i + 7] * b[i + 7];
    }
    double tail = 0;
    for (; i < a.length; i++) {
      tail += (double) a[i] * b[i];
    }
    return ((s0 + s1) + (s2 + s3)) + ((s4 + s5) + (s6 + s7)) + tail;
  }

  /** y += a x. */
  public static void axpy(double a, float[] x, float[] y) {
    float factor = (float) a;
    for (int i = 0; i < y.length; i++) {
      y[i] += factor * x[i];
    }
  }

  /** y = a x + b y. */
  public static void blend(double a, float[] x, double b, float[] y) {
    float first = (float) a;
    float second = (float) b;
    for (int i = 0; i < y.length; i++) {
      y[i] = first * x[i] + second * y[i];
    }
  }

  /** Shrinks a vector to a norm; as it is if its norm is no greater, or {@code norm} is 0. */
  static void clip(double norm, float[] v) {
    double own = norm == 0 ? 0 : norm(v);
    if (own > norm) {
      float factor = (float) (norm / own);
      for (int i = 0; i < v.length; i++) {
        v[i] *= factor;
      }
    }
  }

  /** a - b, a new vector. */
  public static float[] minus(float[] a, float[] b) {
    float[] difference = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      difference[i] = a[i] - b[i];
    }
    return difference;
  }

  /** A new vector. */
  static float[] rounded(double[] vector) {
    float[] result = new float[vector.length];
    round(vector, result);
    return result;
  }

  /** to = from, rounded to floats. */
  public static void round(double[] from, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (float) from[i];
    }
  }

  public static boolean isFinite(float[] v) {
    for (float value : v) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
