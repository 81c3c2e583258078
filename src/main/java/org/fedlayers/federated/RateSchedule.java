package org.fedlayers.federated;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import org.fedlayers.options.UserError;

/**
 * The learning rate, constant within a round. A rate that falls by round would vanish over
 * thousands of one-step rounds, so runs that differ in steps per round are scheduled by samples, or
 * by fractions of the run. In all of them the base is above 0 and at most 1e6, a decay in (0, 1].
 */
@FunctionalInterface
public interface RateSchedule {

  /**
   * @param round from 0
   * @param samples processed by all clients before this round
   */
  double rate(int round, long samples);

  /** What counts as progress. */
  enum Unit {
    ROUNDS,
    SAMPLES
  }

  static RateSchedule constant(double rate) {
    return byRound(rate, 1);
  }

  static RateSchedule byRound(double base, double decay) {
    return exponential(base, decay, Unit.ROUNDS, 1);
  }

  /** base * decay^(progress / period), with a positive period. */
  static RateSchedule exponential(double base, double decay, Unit unit, long period) {
    require(base, decay);
    return (round, samples) -> {
      double progress = unit == Unit.ROUNDS ? round : samples;
      return base * StrictMath.pow(decay, progress / period);
    };
  }

  /** base * decay^n after n drops, each at the start of a round, from 0. */
  static RateSchedule steps(double base, double decay, List<Integer> drops) {
    require(base, decay);
    return (round, samples) ->
        base * StrictMath.pow(decay, drops.stream().filter(drop -> drop <= round).count());
  }

  /**
   * base * (1 + cos(pi round / rounds)) / 2, which is 0 with the round after the last (Loshchilov
   * and Hutter 2017, arXiv 1608.03983).
   */
  static RateSchedule cosine(double base, int rounds) {
    require(base, 1);
    return (round, samples) -> {
      // (1 + cos 2x) / 2 without the cancellation near the end.
      double root = StrictMath.cos(Math.PI / 2 * Math.min(round, rounds) / rounds);
      return base * root * root;
    };
  }

  private static void require(double base, double decay) {
    if (!(base > 0 && base <= 1e6 && decay > 0 && decay <= 1)) {
      throw new UserError("a rate of " + base + " that decays by " + decay + " is none");
    }
  }

  /** The first round, from 0, that begins with at least this fraction of the rounds behind it. */
  static int roundAt(double fraction, int rounds) {
    // As written: 0.55 x 100 is a little more than 55 in binary.
    BigDecimal exact = BigDecimal.valueOf(fraction).multiply(BigDecimal.valueOf(rounds));
    return exact.setScale(0, RoundingMode.CEILING).intValueExact();
  }
}
