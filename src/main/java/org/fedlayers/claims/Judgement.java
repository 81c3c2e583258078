package org.fedlayers.claims;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.stream.Stream;
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
    Verdict verdict,
    Interval interval,
    double margin,
    String unit,
    String evidence,
    List<String> notes) {
  private static final double PERCENT = 100;

  static Judgement without(Verdict verdict, String evidence) {
    return new Judgement(verdict, Interval.NONE, Double.NaN, "", evidence, List.of());
  }

  /** Whether there is an effect with an interval, of all seeds. */
  public boolean decides() {
    return interval.isKnown() && verdict != Verdict.NO_VERDICT;
  }

  /** Evidence and notes. */
  public String words() {
    return Stream.concat(Stream.of(evidence), notes.stream()).collect(joining("; "));
  }

  /** The effect with its interval and unit, fractions in percent; empty if there is none. */
  public String effect() {
    String text = number(interval, unit);
    return text.isEmpty() ? "" : text + " " + (isFraction(unit) ? "% " : "") + unit;
  }

  /** An effect in this unit without it, fractions in percent. */
  static String number(Interval effect, String unit) {
    return effect.map(value -> isFraction(unit) ? PERCENT * value : value).toString();
  }

  private static boolean isFraction(String unit) {
    return unit.startsWith("of ");
  }
}
