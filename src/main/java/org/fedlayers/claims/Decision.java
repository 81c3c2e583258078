package org.fedlayers.claims;

import java.util.List;
import java.util.function.Predicate;
import org.fedlayers.results.Interval;

/**
 * A claim about an effect, and how an interval decides it.
 *
 * @param margin above 0, in the effect's unit: the smallest effect that matters
 * @param unit of the effect and the margin
 * @param claimed the size that was claimed; 0 if none was
 */
public record Decision(Kind kind, double margin, String unit, double claimed) {

  /** The decision of a rule without an effect. */
  static final Decision NONE = new Decision(Kind.SUPERIOR, Double.NaN, "", 0);

  /** The three shapes of a claim. */
  enum Kind {
    /** More than nothing. */
    SUPERIOR(0, 1),
    /** No worse. */
    NOT_INFERIOR(-1, 0),
    /** The same. */
    EQUIVALENT(-1, 1);

    private final List<Integer> small;

    Kind(int from, int to) {
      small = List.of(from, to);
    }
  }

  /**
   * The verdict on a claim about each of several cells. That all of them hold needs no correction
   * for multiple tests; that one does not hold is decided by intervals that hold all at once (the
   * first step of Holm's procedure).
   *
   * @param intervals of each cell
   * @param atOnce the same cells, intervals that hold all at once
   */
  Verdict of(List<Interval> intervals, List<Interval> atOnce) {
    if (intervals.isEmpty() || !intervals.stream().allMatch(Interval::isKnown)) {
      return Verdict.NO_VERDICT;
    }
    if (kind == Kind.SUPERIOR && all(intervals, cell -> cell.high() < 0)) {
      return Verdict.OPPOSITE;
    }
    if (all(intervals, this::holds)) {
      return Verdict.REPRODUCED;
    }
    if (kind == Kind.SUPERIOR && all(intervals, cell -> cell.low() > 0)) {
      boolean weaker =
          intervals.stream().anyMatch(cell -> cell.high() < margin || cell.mean() < claimed);
      return weaker ? Verdict.WEAKER_THAN_CLAIMED : Verdict.INCONCLUSIVE;
    }
    return atOnce.stream().anyMatch(this::fails) ? Verdict.NOT_REPRODUCED : Verdict.INCONCLUSIVE;
  }

  /**
   * The verdict where further cells have no number: nothing is known of every cell, but one that
   * does not hold refutes the claim.
   */
  Verdict ofSome(List<Interval> intervals, List<Interval> atOnce) {
    return switch (of(intervals, atOnce)) {
      case NO_VERDICT -> Verdict.NO_VERDICT;
      case NOT_REPRODUCED -> Verdict.NOT_REPRODUCED;
      // The further cells may lie above 0.
      case OPPOSITE ->
          atOnce.stream().anyMatch(this::fails) ? Verdict.NOT_REPRODUCED : Verdict.INCONCLUSIVE;
      default -> Verdict.INCONCLUSIVE;
    };
  }

  private static boolean all(List<Interval> intervals, Predicate<Interval> condition) {
    return intervals.stream().allMatch(condition);
  }

  private boolean holds(Interval cell) {
    return switch (kind) {
      case SUPERIOR -> cell.low() > 0 && cell.mean() >= Math.max(margin, claimed);
      case NOT_INFERIOR -> cell.low() > -margin;
      case EQUIVALENT -> cell.low() > -margin && cell.high() < margin;
    };
  }

  /** Whether an interval refutes the claim, if it is the only one. */
  boolean fails(Interval cell) {
    return switch (kind) {
      case SUPERIOR -> cell.high() < margin;
      case NOT_INFERIOR -> cell.high() < -margin;
      case EQUIVALENT -> cell.high() < -margin || cell.low() > margin;
    };
  }

  /** The weakness of an effect: the larger, the further from what is claimed. */
  double weakness(Interval interval) {
    return kind == Kind.EQUIVALENT ? Math.abs(interval.mean()) : -interval.mean();
  }

  /** The range of effects that are too small to matter, in margins. */
  public List<Integer> small() {
    return kind.small;
  }

  String words() {
    String d = (margin == Math.rint(margin) ? Math.round(margin) + " " : margin + " ") + unit;
    d = d.strip().replaceFirst("^1 points", "1 point");
    return switch (kind) {
      case SUPERIOR ->
          "reproduced if the interval is above 0 and the effect reaches %s, not if it is below %s"
              .formatted(claimed > margin ? claimed + " " + unit : d, d);
      case NOT_INFERIOR -> "reproduced if the interval is above -" + d + ", not if below that";
      case EQUIVALENT -> "reproduced if the interval is within +-" + d + ", not if outside it";
    };
  }
}
