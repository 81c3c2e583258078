package org.fedlayers.claims;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fedlayers.options.Option;

/**
 * A claim of a paper, or a question of ours, as {@code claims.yaml} states it.
 *
 * @param id for example D1, or D3a for a part
 * @param paper {@code divergence}, {@code fixbn}, {@code man} or {@code together}
 * @param statement in our words
 * @param measure what is measured and in which unit
 * @param published the number that was published; may be empty
 * @param headline whether it is among those that a reader asks for first
 * @param rules how it is decided, by scale; that of no scale if no runs decide
 * @param log when the rule was fixed, and every later change of it
 * @param compared what a figure of it has to show: its first difference, if that is along one axis
 */
public record Claim(
    String id,
    String paper,
    String statement,
    String measure,
    String published,
    boolean headline,
    Map<String, Rule> rules,
    List<Change> log,
    Optional<Compared> compared) {

  /**
   * A rule, or a change of one.
   *
   * @param date when it was fixed
   * @param rule what it says
   * @param data which data had been seen by then
   * @param reading what the rule before it said of the same data; may be empty
   * @param moreSeeds whether seeds were added because those that were there could not decide, which
   *     no interval of a fixed number of seeds allows for
   */
  public record Change(
      String date,
      String rule,
      String data,
      String reading,
      @Option(value = "whether seeds were added after a look", standard = "false")
          boolean moreSeeds) {}

  /**
   * A difference between two values of one axis.
   *
   * @param saved whether it is the fraction of the one that the other saves
   * @param margins at either side of what is too small to matter, in the unit of the files; none
   *     unless this difference is decided
   */
  public record Compared(
      String axis, String one, String other, boolean saved, List<Double> margins) {}

  /** The claim that this is a part of, as experiments name it: D3 of D3a. */
  public String whole() {
    return id.replaceFirst("[a-z]$", "");
  }

  /** Whether it is ours, to tell whether something else explains what a claim's runs show. */
  public boolean isControl() {
    return statement.startsWith("Control: ");
  }

  /** Whether any data had been seen when the claim was first put as a rule. */
  public boolean isAfterData() {
    return !log.get(0).data().equals("none");
  }

  /** Whether it was looked at before seeds were added. */
  public boolean hasMoreSeeds() {
    return log.stream().anyMatch(Change::moreSeeds);
  }

  /** What an older rule said of the same data, if it was another verdict than now. */
  Optional<Verdict> before(Verdict now) {
    return log.stream()
        .filter(change -> !change.reading().isEmpty())
        .reduce((first, second) -> second)
        .flatMap(
            last ->
                Stream.of(Verdict.values())
                    .filter(verdict -> last.reading().startsWith(verdict.text() + ","))
                    .findFirst())
        .filter(verdict -> now != Verdict.NO_VERDICT && verdict != now);
  }

  /** How it is decided; scales differ in the experiment they look at. */
  public Rule rule() {
    return rules.getOrDefault("laptop", rules.get(""));
  }
}
