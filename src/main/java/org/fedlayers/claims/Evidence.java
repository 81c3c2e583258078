package org.fedlayers.claims;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/** The results files of one scale. */
public final class Evidence {
  private final Path results;
  private final String scale;
  private final Plan plan;
  private final ResultsFiles files = new ResultsFiles();
  private final Map<String, List<Plan.Planned>> plans = new HashMap<>();
  private final Map<List<Object>, Map<Map<String, String>, Rows>> known = new HashMap<>();

  /**
   * @param results the folder that holds one folder a scale
   */
  Evidence(Path results, String scale, Plan plan) {
    this.results = results;
    this.scale = scale;
    this.plan = plan;
  }

  /**
   * The rows of a file.
   *
   * @param file below the folder that holds one folder a scale
   * @throws NotMeasuredException if there is none
   */
  Rows rows(String file) {
    if (!Files.isRegularFile(results.resolve(file))) {
      throw new NotMeasuredException("no " + file);
    }
    return Rows.of(files.table(results.resolve(file)));
  }

  /**
   * A sample for each point of the experiment's grid; empty where nothing was run.
   *
   * @throws NotMeasuredException if there is no such file, column or row at all
   */
  Samples samples(Measure measure) {
    Map<Map<String, String>, Rows> cells = cells(measure);
    if (measure.target().isEmpty()) {
      return samples(cells, measure::of);
    }
    Samples ends =
        samples(cells, rows -> Sample.of(rows, measure.y(), Reduction.END)).at(measure.target());
    Map<Map<String, String>, Sample> rounds = new LinkedHashMap<>();
    cells.forEach(
        (point, rows) -> {
          Map<String, String> others = new LinkedHashMap<>(point);
          others.keySet().removeAll(measure.target().keySet());
          Map<Long, Double> goals = ends.byPoint().get(others).values();
          rounds.put(
              point,
              Sample.of(
                  rows,
                  measure.y(),
                  seed -> goals.containsKey(seed) ? Reduction.roundsTo(goals.get(seed)) : null));
        });
    return new Samples(rounds);
  }

  private static Samples samples(
      Map<Map<String, String>, Rows> cells, Function<Rows, Sample> reduction) {
    Map<Map<String, String>, Sample> samples = new LinkedHashMap<>();
    cells.forEach((point, rows) -> samples.put(point, reduction.apply(rows)));
    return new Samples(samples);
  }

  /** After which rounds something was measured. */
  Set<Double> rounds(Measure measure) {
    Set<Double> rounds = new TreeSet<>();
    cells(measure)
        .values()
        .forEach(rows -> rounds.addAll(DoubleStream.of(rows.numbers("round")).boxed().toList()));
    return rounds;
  }

  private Map<Map<String, String>, Rows> cells(Measure measure) {
    List<Object> key = List.of(measure.experiment(), measure.from(), measure.where());
    Rows all = rows("%s/%s/%s.csv".formatted(scale, measure.experiment(), measure.from()));
    requireColumn(all, measure.y());
    if (!known.containsKey(key)) {
      known.put(key, read(measure, all));
    }
    return along(known.get(key), measure.along());
  }

  private static void requireColumn(Rows rows, String column) {
    if (!rows.has(column)) {
      throw new NotMeasuredException("no column " + column);
    }
  }

  private Map<Map<String, String>, Rows> read(Measure measure, Rows all) {
    List<Plan.Planned> planned =
        plans.computeIfAbsent(measure.experiment(), path -> plan.cells(path, scale));
    Map<String, Object> wanted = new LinkedHashMap<>(measure.where());
    planned.forEach(cell -> wanted.keySet().removeAll(cell.point().keySet()));
    // A row that records a divergence is of no model.
    wanted.computeIfPresent("model", (column, model) -> List.of(model, ""));
    wanted.keySet().forEach(column -> requireColumn(all, column));
    Rows rows = all.where(wanted);
    Map<Map<String, String>, Rows> cells = new LinkedHashMap<>();
    boolean deviates = false;
    for (Plan.Planned cell : planned) {
      if (cell.fits(measure.where())) {
        Map<String, String> varying = new LinkedHashMap<>(cell.point());
        varying.keySet().removeAll(measure.where().keySet());
        Rows found = rows.where(cell.point());
        cells.put(varying, found.ofCells(cell.id()));
        deviates |= found.count() > cells.get(varying).count();
      }
    }
    if (cells.values().stream().allMatch(cell -> cell.count() == 0)) {
      String words =
          deviates
              ? "%s at %s scale deviates from the registered experiment: no evidence"
              : "%s has at %s scale no rows in " + measure.from() + ".csv";
      throw new NotMeasuredException(words.formatted(measure.experiment(), scale));
    }
    return cells;
  }

  /** Columns of the table as more axes of the grid. */
  private static Map<Map<String, String>, Rows> along(
      Map<Map<String, String>, Rows> cells, Map<String, String> axes) {
    Map<Map<String, String>, Rows> all = cells;
    for (Map.Entry<String, String> axis : axes.entrySet()) {
      Set<String> values =
          new TreeSet<>(
              Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
      all.values().forEach(rows -> values.addAll(rows.texts(axis.getValue())));
      Map<Map<String, String>, Rows> more = new LinkedHashMap<>();
      for (String value : values) {
        all.forEach(
            (point, rows) -> {
              Map<String, String> longer = new LinkedHashMap<>(point);
              longer.put(axis.getKey(), value);
              more.put(longer, rows.where(Map.of(axis.getValue(), value)));
            });
      }
      all = more;
    }
    return all;
  }
}
