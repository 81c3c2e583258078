package org.fedlayers.federated;

/** How a client steps along a direction whose norm is clipped. */
@FunctionalInterface
interface LocalOptimiser {
  /**
   * @param weights moved in place
   */
  void step(float[] weights, float[] direction);

  /**
   * SGD: add decay, momentum, step.
   *
   * @param velocity the momentum buffer, moved in place; null for plain SGD
   */
  static LocalOptimiser sgd(double rate, double decay, double momentum, float[] velocity) {
    float eta = (float) rate;
    float lambda = (float) decay;
    float m = (float) momentum;
    return (weights, direction) -> {
      if (velocity == null) {
        for (int i = 0; i < weights.length; i++) {
          weights[i] -= eta * (direction[i] + lambda * weights[i]);
        }
      } else {
        for (int i = 0; i < weights.length; i++) {
          velocity[i] = m * velocity[i] + (direction[i] + lambda * weights[i]);
          weights[i] -= eta * velocity[i];
        }
      }
    };
  }

  /**
   * AdamW (Loshchilov and Hutter, ICLR 2019, arXiv 1711.05101) along directions g, as PyTorch has
   * it:
   *
   * <pre>
   * m = b1 m + (1 - b1) g,   v = b2 v + (1 - b2) g^2
   * w -= rate (decay w + m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps))
   * </pre>
   *
   * with b1 = 0.9, b2 = 0.999, eps = 1e-8.
   *
   * @param decay of the weights, decoupled: it does not enter the moments
   * @param coupled weight decay that is a part of g, as a method's regulariser is
   * @param moments m, then v; moved in place
   * @param before steps taken since the moments were zero
   */
  static LocalOptimiser adamW(
      double rate, double decay, double coupled, float[] moments, long before) {
    double b1 = 0.9;
    double b2 = 0.999;
    float alpha = (float) coupled;
    long[] t = {before};
    return (weights, direction) -> {
      t[0]++;
      double first = 1 - StrictMath.pow(b1, t[0]);
      double second = 1 - StrictMath.pow(b2, t[0]);
      for (int i = 0; i < weights.length; i++) {
        int j = weights.length + i;
        double g = direction[i] + alpha * weights[i];
        moments[i] = (float) (b1 * moments[i] + (1 - b1) * g);
        moments[j] = (float) (b2 * moments[j] + (1 - b2) * g * g);
        double step = moments[i] / first / (Math.sqrt(moments[j] / second) + 1e-8);
        weights[i] = (float) (weights[i] - rate * (decay * weights[i] + step));
      }
    };
  }
}
