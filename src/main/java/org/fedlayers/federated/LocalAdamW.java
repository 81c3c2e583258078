package org.fedlayers.federated;

/**
 * AdamW (Loshchilov and Hutter, ICLR 2019, arXiv 1711.05101) along directions g, as PyTorch has it:
 *
 * <pre>
 * m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
 * w -= rate (decay w + m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps))
 * </pre>
 *
 * with b1 = 0.9, b2 = 0.999, eps = 1e-8.
 */
final class LocalAdamW implements LocalOptimiser {
  private static final double B1 = 0.9;
  private static final double B2 = 0.999;
  private static final double EPS = 1e-8;

  private final double rate;
  private final double decay;
  private final float coupled;
  private final float[] moments;
  private long t;

  /**
   * @param decay of the weights, past the moments
   * @param coupled the same as a part of the direction, as a method's regulariser is
   * @param moments m, then v; moved in place
   * @param t steps before
   */
  LocalAdamW(double rate, double decay, double coupled, float[] moments, long t) {
    this.rate = rate;
    this.decay = decay;
    this.coupled = (float) coupled;
    this.moments = moments;
    this.t = t;
  }

  @Override
  public void step(float[] weights, float[] direction) {
    t++;
    double first = 1 - StrictMath.pow(B1, t);
    double second = 1 - StrictMath.pow(B2, t);
    for (int i = 0; i < weights.length; i++) {
      int j = weights.length + i;
      double g = direction[i] + coupled * weights[i];
      moments[i] = (float) (B1 * moments[i] + (1 - B1) * g);
      moments[j] = (float) (B2 * moments[j] + (1 - B2) * g * g);
      double step = moments[i] / first / (Math.sqrt(moments[j] / second) + EPS);
      weights[i] = (float) (weights[i] - rate * (decay * weights[i] + step));
    }
  }
}
