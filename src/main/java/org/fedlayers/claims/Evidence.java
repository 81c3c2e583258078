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
import java.util.stream.DoubleStream;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/** The results files of one scale. */
public final class Evidence {
  static final double POINTS = 100;
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
    return reduced(cells(measure), measure);
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
    String file = "%s/%s/%s.csv".formatted(scale, measure.experiment(), measure.from());
    requireColumn(rows(file), measure.y());
    Map<Map<String, String>, Rows> cells = known.get(key);
    if (cells == null) {
      cells = read(measure, rows(file));
      known.put(key, cells);
    }
    return measure.along().isEmpty() ? cells : along(cells, measure.along());
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
    int deviating = 0;
    for (Plan.Planned cell : planned) {
      if (measure.where().entrySet().stream().allMatch(fixed -> fits(cell.point(), fixed))) {
        Map<String, String> varying = new LinkedHashMap<>(cell.point());
        varying.keySet().removeAll(measure.where().keySet());
        Rows found = rows.where(cell.point());
        Rows own = found.ofCells(cell.id());
        deviating += found.count() - own.count();
        cells.put(varying, own);
      }
    }
    if (cells.values().stream().allMatch(cell -> cell.count() == 0)) {
      throw new NotMeasuredException(
          deviating > 0
              ? "%s at %s scale deviates from the registered experiment: no evidence"
                  .formatted(measure.experiment(), scale)
              : "%s has no %s rows at %s scale"
                  .formatted(measure.experiment(), measure.from(), scale));
    }
    return cells;
  }

  private static boolean fits(Map<String, String> point, Map.Entry<String, String> fixed) {
    return !point.containsKey(fixed.getKey()) || Samples.isAt(point, Map.ofEntries(fixed));
  }

  /** A column of the table as one more axis of the grid. */
  private static Map<Map<String, String>, Rows> along(
      Map<Map<String, String>, Rows> cells, Map<String, String> axes) {
    Map<Map<String, String>, Rows> more = new LinkedHashMap<>();
    axes.forEach(
        (axis, column) ->
            cells.values().stream()
                .flatMap(rows -> rows.texts(column).stream())
                .distinct()
                .sorted(Comparator.comparingDouble(Double::parseDouble))
                .forEach(
                    value ->
                        cells.forEach(
                            (point, own) -> {
                              Map<String, String> longer = new LinkedHashMap<>(point);
                              longer.put(axis, value);
                              more.put(longer, own.where(Map.of(column, value)));
                            })));
    return more;
  }

  private static Samples reduced(Map<Map<String, String>, Rows> cells, Measure measure) {
    double factor = measure.y().equals("accuracy") ? POINTS : 1;
    Map<Map<String, String>, Sample> samples = new LinkedHashMap<>();
    if (measure.target().isEmpty()) {
      cells.forEach(
          (point, rows) -> samples.put(point, measure.of(rows).map(value -> factor * value)));
      return new Samples(samples);
    }
    Map<Map<String, String>, Sample> ends = new LinkedHashMap<>();
    cells.forEach((point, rows) -> ends.put(point, Sample.of(rows, measure.y(), Reduction.END)));
    Samples all = new Samples(ends);
    cells.forEach(
        (point, rows) -> {
          Map<String, String> baseline = new LinkedHashMap<>(point);
          measure.target().forEach((axis, value) -> baseline.put(axis, all.value(axis, value)));
          Map<Long, Double> targets = ends.get(baseline).values();
          samples.put(
              point,
              Sample.of(
                  rows,
                  measure.y(),
                  seed ->
                      targets.containsKey(seed) ? Reduction.roundsTo(targets.get(seed)) : null));
        });
    return new Samples(samples);
  }
}
