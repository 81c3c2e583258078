package org.fedlayers.claims;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
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
  private final PlannedCells plan;
  private final ResultsFiles files = new ResultsFiles();
  private final Map<String, List<PlannedCells.Planned>> plans = new HashMap<>();
  private final Map<List<Object>, Map<Map<String, String>, Cell>> known = new HashMap<>();

  /**
   * What was found of a cell.
   *
   * @param rows of the runs that did not diverge; what was measured of others is no evidence
   * @param diverged the others
   * @param toCome seeds without either
   */
  private record Cell(Rows rows, Set<String> diverged, Set<Long> toCome) {

    Sample sample(SortedMap<Long, Double> values) {
      return new Sample(values, diverged, toCome, 0);
    }
  }

  /**
   * @param results the folder that holds one folder a scale
   */
  Evidence(Path results, String scale, PlannedCells plan) {
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
    Map<Map<String, String>, Cell> cells = cells(measure);
    if (measure.target().isEmpty()) {
      return samples(cells, (point, rows) -> measure.of(rows));
    }
    Map<Map<String, String>, Sample> ends =
        samples(cells, (point, rows) -> Sample.of(rows, measure.y(), Reduction.END))
            .at(measure.target())
            .byPoint();
    return samples(
        cells,
        (point, rows) ->
            Sample.roundsTo(
                rows, measure.y(), ends.get(Samples.without(point, measure.target().keySet()))));
  }

  private static Samples samples(
      Map<Map<String, String>, Cell> cells,
      BiFunction<Map<String, String>, Rows, Sample> reduction) {
    Map<Map<String, String>, Sample> samples = new LinkedHashMap<>();
    cells.forEach(
        (point, cell) ->
            samples.put(point, cell.sample(reduction.apply(point, cell.rows).values())));
    return new Samples(samples);
  }

  /** After which rounds something was measured. */
  double[] rounds(Measure measure) {
    return cells(measure).values().stream()
        .flatMapToDouble(cell -> DoubleStream.of(cell.rows.numbers("round")))
        .distinct()
        .sorted()
        .toArray();
  }

  private Map<Map<String, String>, Cell> cells(Measure measure) {
    List<Object> key = List.of(measure.experiment(), measure.claim().from(), measure.where());
    Rows all = rows(file(measure, measure.claim().from()));
    requireColumn(all, measure.y());
    measure.claim().along().values().forEach(column -> requireColumn(all, column));
    Map<Map<String, String>, Cell> cells = known.computeIfAbsent(key, none -> read(measure, all));
    for (Map.Entry<String, String> axis : measure.claim().along().entrySet()) {
      cells = along(cells, axis.getKey(), axis.getValue());
    }
    return cells;
  }

  private static void requireColumn(Rows rows, String column) {
    if (!rows.has(column)) {
      throw new NotMeasuredException("no column " + column);
    }
  }

  private Map<Map<String, String>, Cell> read(Measure measure, Rows all) {
    var planned = plans.computeIfAbsent(measure.experiment(), path -> plan.cells(path, scale));
    Map<String, Object> wanted = new LinkedHashMap<>(measure.where());
    planned.forEach(cell -> wanted.keySet().removeAll(cell.point().keySet()));
    wanted.keySet().forEach(column -> requireColumn(all, column));
    Rows diverged = diverged(measure, all);
    Rows rows = all.where(wanted).without(diverged);
    Map<Map<String, String>, Cell> cells = new LinkedHashMap<>();
    boolean deviates = false;
    for (PlannedCells.Planned cell : planned) {
      if (cell.fits(measure.where())) {
        cell.point().keySet().forEach(axis -> requireColumn(all, axis));
        Rows found = rows.where(cell.point());
        Rows own = found.ofCells(cell.id());
        deviates |= found.count() > own.count();
        Rows lost = diverged.ofCells(cell.id());
        Set<Long> toCome = new HashSet<>(cell.seeds());
        toCome.removeAll(own.bySeed().keySet());
        toCome.removeAll(lost.bySeed().keySet());
        cells.put(cell.point(), new Cell(own, lost.runs(), toCome));
      }
    }
    if (cells.values().stream().allMatch(one -> one.rows.count() == 0 && one.diverged.isEmpty())) {
      String words =
          deviates
              ? "%s at %s scale deviates from the registered experiment: no evidence"
              : "%s has at %s scale no rows in " + measure.claim().from() + ".csv";
      throw new NotMeasuredException(words.formatted(measure.experiment(), scale));
    }
    return Samples.fixed(cells, measure.where().keySet());
  }

  /** The divergences that {@code rounds.csv} records, whichever table is looked at. */
  private Rows diverged(Measure measure, Rows all) {
    String file = file(measure, "rounds");
    return Files.isRegularFile(results.resolve(file))
        ? rows(file).diverged()
        : new Rows(all.table(), new int[0]);
  }

  private String file(Measure measure, String table) {
    return "%s/%s/%s.csv".formatted(scale, measure.experiment(), table);
  }

  /** A column of the table as one more axis of the grid. */
  private static Map<Map<String, String>, Cell> along(
      Map<Map<String, String>, Cell> cells, String axis, String column) {
    Set<String> values =
        new TreeSet<>(
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder()));
    cells.values().forEach(cell -> values.addAll(cell.rows.texts(column)));
    Map<Map<String, String>, Cell> more = new LinkedHashMap<>();
    for (String value : values) {
      cells.forEach(
          (point, cell) -> {
            Map<String, String> longer = new LinkedHashMap<>(point);
            longer.put(axis, value);
            Rows rows = cell.rows.where(Map.of(column, value));
            more.put(longer, new Cell(rows, cell.diverged, cell.toCome));
          });
    }
    return more;
  }
}
