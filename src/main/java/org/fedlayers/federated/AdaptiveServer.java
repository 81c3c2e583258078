package org.fedlayers.federated;

import java.util.function.DoubleBinaryOperator;

/**
 * What the adaptive server optimisers share (Reddi et al., 2021, arXiv 2003.00295, algorithm 2):
 *
 * <pre>
 * m+ = beta1 m + (1 - beta1) sum_S p_i (theta_i - theta)
 * v+ = second(v, m+),  v = tau^2 at first
 * theta+ = theta + rate m+ / (sqrt(v+) + tau)
 * </pre>
 *
 * <p>There is no correction of the bias of m and v, as in the paper. Slots are zero until written,
 * so the one for v holds v - tau^2.
 */
final class AdaptiveServer {
  private static final String FIRST = "first_moment";
  private static final String SECOND = "second_moment";
  static final Method.Slots SLOTS = Method.Slots.NONE.server(FIRST, SECOND);

  private AdaptiveServer() {}

  /**
   * @param second v+ from v and the square of m+
   */
  static void move(
      ServerView server,
      CohortSum sum,
      double rate,
      double beta1,
      double tau,
      DoubleBinaryOperator second) {
    double[] step = sum.mean(Method.DELTA).clone();
    float[] first = server.slot(FIRST);
    float[] excess = server.slot(SECOND);
    for (int i = 0; i < step.length; i++) {
      double m = beta1 * first[i] + (1 - beta1) * step[i];
      double v = second.applyAsDouble(excess[i] + tau * tau, m * m);
      first[i] = (float) m;
      excess[i] = (float) (v - tau * tau);
      step[i] = m / (Math.sqrt(Math.max(v, 0)) + tau);
    }
    server.move(rate, step);
  }
}
