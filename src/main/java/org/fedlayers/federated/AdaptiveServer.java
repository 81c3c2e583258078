package org.fedlayers.federated;

/**
 * What the adaptive server optimisers share (Reddi et al., 2021, arXiv 2003.00295, algorithm 2):
 *
 * <pre>
 * delta = sum_S p_i (theta_i - theta)
 * m+ = beta1 m + (1 - beta1) delta
 * v+ = second(v, delta^2),  v = tau^2 at first
 * theta+ = theta + rate m+ / (sqrt(v+) + tau)
 * </pre>
 *
 * <p>There is no correction of the bias of m and v, as in the paper (its first edition squared m+).
 * Slots are zero until written, so the one for v holds v - tau^2.
 */
interface AdaptiveServer extends Method {
  String FIRST = "first_moment";
  String SECOND = "second_moment";

  double rate();

  double beta1();

  double tau();

  /** v+ from v and the square of delta. */
  double second(double v, double square);

  @Override
  default Slots slots() {
    return Slots.NONE.server(FIRST, SECOND);
  }

  @Override
  default void aggregate(ServerView server, CohortSum sum) {
    double[] step = sum.mean(DELTA).clone();
    float[] first = server.slot(FIRST);
    float[] excess = server.slot(SECOND);
    double least = tau() * tau();
    for (int i = 0; i < step.length; i++) {
      double m = beta1() * first[i] + (1 - beta1()) * step[i];
      double v = second(excess[i] + least, step[i] * step[i]);
      first[i] = (float) m;
      excess[i] = (float) (v - least);
      step[i] = m / (Math.sqrt(Math.max(v, 0)) + tau());
    }
    server.move(rate(), step);
  }
}
