package org.fedlayers.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.fedlayers.claims.Ledger;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Json;
import org.fedlayers.experiment.NominalHours;
import org.fedlayers.experiment.Source;

/**
 * What has been run of every experiment, on what and for how long, and what the rest would take.
 * Hours are those of one core: a cell in flight keeps about one busy.
 */
public final class RunsTable {
  private static final List<String> HEADER =
      List.of(
          ("Experiment;Claims;Run;Seeds;Core-hours spent;On;"
                  + "Whole at laptop scale (core-hours, roughly);Whole at paper scale")
              .split(";"));

  private RunsTable() {}

  /**
   * @param results the folder that holds one folder a scale
   */
  public static TextTable of(Path results) {
    List<List<String>> rows = new ArrayList<>();
    for (Source source : Catalogue.find("all")) {
      Experiment laptop = ExperimentReader.read(source, "laptop", List.of(), List.of());
      Experiment paper = ExperimentReader.read(source, "paper", List.of(), List.of());
      List<String> row = new ArrayList<>();
      Collections.addAll(row, laptop.path(), String.join(", ", laptop.claims()));
      row.addAll(run(results, laptop.path()));
      Collections.addAll(row, hours(NominalHours.of(laptop, 1)), hours(NominalHours.of(paper, 1)));
      rows.add(row);
    }
    return new TextTable("", HEADER, rows);
  }

  /** Of the better scale that has results. */
  private static List<String> run(Path results, String path) {
    for (String scale : Ledger.SCALES) {
      Path folder = results.resolve(scale).resolve(path);
      Path provenance = folder.resolve("provenance.json");
      if (Files.isRegularFile(provenance)) {
        return run(scale, Json.tree(provenance), folder.resolve("timings.jsonl"));
      }
    }
    return List.of("not run", "", "", "");
  }

  private static List<String> run(String scale, JsonNode known, Path timings) {
    Set<Long> seeds = new TreeSet<>();
    known.path("cells").forEach(cell -> seeds.add(cell.path("seed").asLong()));
    Set<String> processors = new TreeSet<>();
    known
        .path("environments")
        .forEach(
            one ->
                processors.add(
                    one.path("processor").asText() + ", " + one.path("instructions").asText()));
    return List.of(
        "%s, %s cells".formatted(scale, known.path("cells").size()),
        String.valueOf(seeds.size()),
        Files.isRegularFile(timings) ? hours(spent(timings)) : "",
        String.join("; ", processors));
  }

  private static double spent(Path timings) {
    return Json.lines(timings).stream()
            .mapToDouble(
                cell -> cell.get("seconds") instanceof Number time ? time.doubleValue() : 0)
            .sum()
        / 3600;
  }

  private static String hours(double hours) {
    String format = hours < 0.01 ? "<0.01" : hours < 0.95 ? "%.2f" : hours < 95 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, hours);
  }
}
