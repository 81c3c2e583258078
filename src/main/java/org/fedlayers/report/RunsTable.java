package org.fedlayers.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.NominalHours;
import org.fedlayers.results.Json;

/**
 * What has been run of every experiment at either scale, on which machines and for how long, and
 * what all would take. Hours of cells are by the clock, one after the other; those of the whole are
 * of one core, because a run keeps about one core busy.
 */
public final class RunsTable {
  private static final List<String> HEADER =
      List.of(
          ("Experiment;Claims;Run;Seeds;Hours of its cells by the clock;On;"
                  + "Whole at laptop scale (core-hours, roughly);Whole at paper scale")
              .split(";"));

  private RunsTable() {}

  /**
   * @param results the folder that holds one folder a scale
   */
  public static TextTable of(Path results) {
    return new TextTable(
        "", HEADER, Catalogue.paths().stream().flatMap(path -> rows(results, path)).toList());
  }

  /** A row for each scale that has been run. */
  private static Stream<List<String>> rows(Path results, String path) {
    Experiment laptop = ExperimentReader.builtIn(path, "laptop");
    Experiment paper = ExperimentReader.builtIn(path, "paper");
    List<String> whole =
        List.of(
            hours(NominalHours.of(laptop.cells(), 1)), hours(NominalHours.of(paper.cells(), 1)));
    List<List<String>> runs =
        Stream.of(laptop, paper)
            .filter(one -> Files.isRegularFile(one.in(results).resolve("provenance.json")))
            .map(one -> run(one.scale(), one.in(results)))
            .toList();
    return (runs.isEmpty() ? List.of(List.of("not run", "", "", "")) : runs)
        .stream()
            .map(
                run -> {
                  List<String> row = new ArrayList<>();
                  Collections.addAll(row, path, String.join(", ", laptop.claims()));
                  row.addAll(run);
                  row.addAll(whole);
                  return row;
                });
  }

  private static List<String> run(String scale, Path folder) {
    JsonNode known = Json.tree(folder.resolve("provenance.json"));
    Path timings = folder.resolve("timings.jsonl");
    Map<String, Integer> seeds = new HashMap<>();
    known
        .path("cells")
        .forEach(
            cell ->
                seeds.merge(cell.path("arm") + "" + cell.path("configuration"), 1, Integer::sum));
    List<Integer> counts = seeds.values().stream().distinct().sorted().toList();
    String range = counts.isEmpty() ? "0" : "" + counts.get(0);
    if (counts.size() > 1) {
      range += " to " + counts.get(counts.size() - 1);
    }
    Set<String> machines = new TreeSet<>();
    for (JsonNode one : known.path("environments")) {
      machines.add(one.path("processor").asText() + ", " + one.path("instructions").asText());
    }
    return List.of(
        "%s, %s cells".formatted(scale, known.path("cells").size()),
        range,
        Files.isRegularFile(timings) ? hours(spent(timings)) : "",
        String.join("; ", machines));
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
