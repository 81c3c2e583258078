package org.fedlayers.report;

import static java.util.stream.Collectors.joining;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fedlayers.claims.Claim;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.claims.Rule;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;

/** Claims one by one: what is claimed, published and found, the figures, and the rule's changes. */
final class ClaimSections {
  private final Path results;
  private final Map<String, Experiment> experiments = new HashMap<>();

  ClaimSections(Path results) {
    this.results = results;
  }

  /** A section that can be linked to by the claim's id, on a page one folder below the results. */
  String of(ClaimsTable.Entry entry) {
    Claim claim = entry.claim();
    Rule rule = claim.rules().getOrDefault(entry.scale(), claim.rule());
    String scale = entry.scale().isEmpty() ? "laptop" : entry.scale();
    String path = rule.experiment();
    String command = "`environment/fedlayers run %s --scale %s`".formatted(path, scale);
    List<List<String>> rows =
        Stream.of(
                List.of("published", claim.published()),
                List.of("effect [95 %]", entry.judgement().effect()),
                List.of("evidence", entry.judgement().evidence()),
                List.of("in detail", String.join("<br>", entry.judgement().notes())),
                List.of("mind", String.join("; ", entry.caveats())),
                List.of("what is measured", claim.measure()),
                List.of("how it is decided", rule.words()),
                List.of("how to run it", path.isEmpty() ? "" : command))
            .filter(row -> !row.get(1).isEmpty())
            .toList();
    List<String> verdict = List.of("here", "**" + ClaimsPage.verdict(entry) + "**");
    return "## %s\n\n%s\n\n%s\n%s<details><summary>The rule, and its changes</summary>\n\n%s\n</details>\n"
        .formatted(
            claim.id(),
            claim.statement(),
            new TextTable("", verdict, rows).markdown(),
            path.isEmpty() ? "" : figures(scale, path, claim),
            claim.log().stream().map(ClaimSections::line).collect(joining()));
  }

  /** The drawn figures that bear on the claim; each links to the folder of its results. */
  private String figures(String scale, String path, Claim claim) {
    Experiment experiment =
        experiments.computeIfAbsent(
            scale + "/" + path, none -> ExperimentReader.builtIn(path, scale));
    Path folder = experiment.in(results);
    return experiment.figures().stream()
        .filter(
            figure -> !Collections.disjoint(figure.claims(), List.of(claim.id(), claim.whole())))
        .filter(figure -> Files.isRegularFile(folder.resolve(figure.name() + ".png")))
        .map(
            figure ->
                "[![%s](../%s/%s/%s.png)](../%s/%s)\n\n"
                    .formatted(figure.heading(), scale, path, figure.name(), scale, path))
        .collect(joining());
  }

  private static String line(Claim.Change change) {
    String reading = change.reading().isEmpty() ? "" : " By the rule before: %s.";
    return "- %s (data seen: %s): %s.%s\n"
        .formatted(
            change.date(), change.data(), change.rule(), reading.formatted(change.reading()));
  }
}
