package org.fedlayers.federated;

/**
 * The learning rate, constant within a round: base * decay^(progress / period). A rate that falls
 * by round would vanish over thousands of one-step rounds, so runs that differ in steps per round
 * are scheduled by samples.
 *
 * @param base at the start, positive
 * @param decay factor per period, in (0, 1]
 * @param unit what progress counts
 * @param period rounds or samples per factor; positive
 */
public record RateSchedule(double base, double decay, Unit unit, long period) {

  public enum Unit {
    ROUNDS,
    SAMPLES
  }

  public RateSchedule {
    Require.positive("the learning rate", base);
    Require.share("the learning rate's decay", decay);
    Require.positive("the learning rate's period", period);
  }

  public static RateSchedule constant(double rate) {
    return new RateSchedule(rate, 1, Unit.ROUNDS, 1);
  }

  public static RateSchedule byRound(double base, double decay) {
    return new RateSchedule(base, decay, Unit.ROUNDS, 1);
  }

  /**
   * @param round from 0
   * @param samples processed by all clients before this round
   */
  public double rate(int round, long samples) {
    double progress = unit == Unit.ROUNDS ? round : samples;
    return base * StrictMath.pow(decay, progress / period);
  }
}
