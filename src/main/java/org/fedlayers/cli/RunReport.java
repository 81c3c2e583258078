package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.experiment.Deviation;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.options.UserError;
import org.fedlayers.report.TextTable;
import org.fedlayers.sweep.Sweep;

/** The summary at the end of a run: a line for each experiment, and the verdicts on its claims. */
final class RunReport {
  private static final List<String> HEADER =
      List.of("Folder", "Cells", "Failed", "Diverged", "Accuracy (%)", "Claims");

  private RunReport() {}

  /**
   * @param results the folder of all results
   */
  static String of(Map<Experiment, Sweep.Outcome> outcomes, Path results) {
    if (outcomes.isEmpty()) {
      return "";
    }
    Experiment any = outcomes.keySet().iterator().next();
    List<List<String>> rows = new ArrayList<>();
    outcomes.forEach((experiment, outcome) -> rows.add(row(experiment, outcome)));
    return ("\nResults in %s; accuracy of the worst and the best cell, the mean over the last ten scored"
            + " rounds (of a short run, those in its last third):\n%s\n%s")
        .formatted(
            Home.shown(results.resolve(any.scale())),
            new TextTable("", HEADER, rows).plain(),
            any.scale().equals("quick")
                ? "At quick scale numbers show that everything runs, and decide no claim."
                : verdicts(outcomes.keySet(), results));
  }

  private static List<String> row(Experiment experiment, Sweep.Outcome outcome) {
    DoubleSummaryStatistics ends =
        outcome.accuracies().values().stream()
            .filter(accuracy -> !accuracy.isNaN())
            .collect(Collectors.summarizingDouble(accuracy -> 100 * accuracy));
    int cells = experiment.cells().size();
    int finished = outcome.accuracies().size();
    return List.of(
        experiment.path(),
        finished == cells ? String.valueOf(cells) : finished + " of " + cells,
        count(outcome.failed().size()),
        count(finished - ends.getCount()),
        ends.getCount() == 0
            ? ""
            : String.format(Locale.ROOT, "%.1f to %.1f", ends.getMin(), ends.getMax()),
        String.join(" ", experiment.claims()));
  }

  private static String count(long count) {
    return count == 0 ? "" : String.valueOf(count);
  }

  /** For example {@code reproduced: D1 D2}. */
  private static String verdicts(Set<Experiment> experiments, Path results) {
    Set<String> claims = new LinkedHashSet<>();
    Set<String> deviations = new LinkedHashSet<>();
    for (Experiment experiment : experiments) {
      claims.addAll(experiment.claims());
      deviations.add(Deviation.of(experiment).words());
    }
    deviations.remove("");
    if (!deviations.isEmpty()) {
      return "This deviates from the registered experiment and is no evidence for its claims:\n  "
          + String.join("\n  ", deviations);
    }
    ClaimsTable verdicts;
    try {
      verdicts = ClaimsTable.of(results);
    } catch (UserError damaged) {
      return "Claims cannot be judged: " + damaged.getMessage();
    }
    Map<String, List<String>> byVerdict =
        verdicts.entries().stream()
            .filter(entry -> claims.contains(entry.claim().whole()))
            .collect(
                Collectors.groupingBy(
                    entry -> entry.judgement().verdict().text(),
                    TreeMap::new,
                    Collectors.mapping(entry -> entry.claim().id(), Collectors.toList())));
    return byVerdict.entrySet().stream()
        .map(entry -> "Claims " + entry.getKey() + ": " + String.join(" ", entry.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
