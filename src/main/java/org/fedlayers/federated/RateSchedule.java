package org.fedlayers.federated;

import java.util.List;
import org.fedlayers.options.Option;
import org.fedlayers.options.Options;

/**
 * The learning rate, constant within a round: base * decay^(progress / period), or base * decay^n
 * after n drops. A rate that falls by round would vanish over thousands of one-step rounds, so runs
 * that differ in steps per round are scheduled by samples, or drop at equal shares of the run.
 *
 * @param base at the start, positive
 * @param decay factor per period or drop, in (0, 1]
 * @param unit what progress counts
 * @param period rounds or samples per factor; positive
 * @param drops first rounds of each lower rate, counted from 0; if there are any, unit and period
 *     do not matter
 */
public record RateSchedule(
    @Option(value = "learning rate at the start", range = "(0, 1e6]") double base,
    @Option(value = "factor per period or drop", range = "(0, 1]") double decay,
    Unit unit,
    @Option(value = "rounds or samples per factor", range = "[1, 1e18]") long period,
    List<Integer> drops) {

  public enum Unit {
    ROUNDS,
    SAMPLES
  }

  public RateSchedule {
    Options.check(RateSchedule.class, base, decay, unit, period, drops);
    drops = List.copyOf(drops);
  }

  public static RateSchedule constant(double rate) {
    return new RateSchedule(rate, 1, Unit.ROUNDS, 1, List.of());
  }

  public static RateSchedule byRound(double base, double decay) {
    return new RateSchedule(base, decay, Unit.ROUNDS, 1, List.of());
  }

  /** The first round, from 0, that begins with at least this fraction of the rounds behind it. */
  static int roundAt(double fraction, int rounds) {
    return (int) Math.ceil(fraction * rounds);
  }

  /**
   * @param round from 0
   * @param samples processed by all clients before this round
   */
  public double rate(int round, long samples) {
    if (!drops.isEmpty()) {
      long behind = drops.stream().filter(drop -> drop <= round).count();
      return base * StrictMath.pow(decay, behind);
    }
    double progress = unit == Unit.ROUNDS ? round : samples;
    return base * StrictMath.pow(decay, progress / period);
  }
}
