package org.fedlayers.claims;

import org.fedlayers.results.Interval;

/**
 * The result of a rule.
 *
 * @param interval of the effect; that of the weakest cell where several decide
 * @param margin above 0, in the effect's unit: what is small enough not to matter; NaN without an
 *     effect
 * @param unit of both; empty without an effect
 * @param evidence where it was found
 * @param notes what a reader of the verdict must know besides; may be empty
 */
public record Judgement(
    Verdict verdict, Interval interval, double margin, String unit, String evidence, String notes) {
  private static final double PERCENT = 100;

  static Judgement without(Verdict verdict, String evidence) {
    return new Judgement(verdict, Interval.NONE, Double.NaN, "", evidence, "");
  }

  /** Evidence and notes. */
  public String words() {
    return notes.isEmpty() ? evidence : evidence + "; " + notes;
  }

  /** The effect with its interval and unit, fractions in percent; empty if there is none. */
  public String effect() {
    boolean fraction = unit.startsWith("of ");
    String text = interval.map(value -> fraction ? PERCENT * value : value).toString();
    return text.isEmpty() ? "" : text + " " + (fraction ? "% " : "") + unit;
  }
}
