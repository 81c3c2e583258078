package org.fedlayers.federated;

import java.util.List;
import org.fedlayers.options.Option;
import org.fedlayers.options.Options;

/**
 * The learning rate, constant within a round. A rate that falls by round would vanish over
 * thousands of one-step rounds, so runs that differ in steps per round are scheduled by samples, or
 * by fractions of the run.
 */
public sealed interface RateSchedule {

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

  /**
   * The rate base * decay^(progress / period).
   *
   * @param base at the start, positive
   * @param decay factor per period, in (0, 1]
   * @param unit what progress counts
   * @param period rounds or samples per factor; positive
   */
  record Exponential(
      @Option(value = "learning rate at the start", range = "(0, 1e6]") double base,
      @Option(value = "factor per period", range = "(0, 1]") double decay,
      Unit unit,
      @Option(value = "rounds or samples per factor", range = "[1, 1e18]") long period)
      implements RateSchedule {
    public Exponential {
      Options.check(Exponential.class, base, decay, unit, period);
    }

    @Override
    public double rate(int round, long samples) {
      double progress = unit == Unit.ROUNDS ? round : samples;
      return base * StrictMath.pow(decay, progress / period);
    }
  }

  /**
   * The rate base * decay^n after n drops.
   *
   * @param base at the start, positive
   * @param decay factor per drop, in (0, 1]
   * @param drops first rounds of each lower rate, counted from 0
   */
  record Steps(
      @Option(value = "learning rate at the start", range = "(0, 1e6]") double base,
      @Option(value = "factor per drop", range = "(0, 1]") double decay,
      List<Integer> drops)
      implements RateSchedule {
    public Steps {
      Options.check(Steps.class, base, decay, drops);
      drops = List.copyOf(drops);
    }

    @Override
    public double rate(int round, long samples) {
      return base * StrictMath.pow(decay, drops.stream().filter(drop -> drop <= round).count());
    }
  }

  /**
   * Half a cosine (Loshchilov and Hutter 2017, arXiv 1608.03983): base * (1 + cos(pi round /
   * rounds)) / 2, which would reach 0 with the round after the last.
   *
   * @param base in the first round, positive
   * @param rounds of the whole run, positive
   */
  record Cosine(
      @Option(value = "learning rate at the start", range = "(0, 1e6]") double base,
      @Option(value = "rounds of the run", range = "[1, 2147483647]") int rounds)
      implements RateSchedule {
    public Cosine {
      Options.check(Cosine.class, base, rounds);
    }

    @Override
    public double rate(int round, long samples) {
      // (1 + cos 2x) / 2 without the cancellation near the end.
      double root = StrictMath.cos(Math.PI / 2 * Math.min(round, rounds) / rounds);
      return base * root * root;
    }
  }

  static RateSchedule constant(double rate) {
    return byRound(rate, 1);
  }

  static RateSchedule byRound(double base, double decay) {
    return new Exponential(base, decay, Unit.ROUNDS, 1);
  }

  /** The first round, from 0, that begins with at least this fraction of the rounds behind it. */
  static int roundAt(double fraction, int rounds) {
    return (int) Math.ceil(fraction * rounds);
  }
}
