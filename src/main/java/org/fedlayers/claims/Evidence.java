package org.fedlayers.claims;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.fedlayers.data.UserError;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/** The results files of one scale. */
public final class Evidence {
  private final Path folder;
  private final String scale;
  private final Plan plan;
  private final Map<Path, List<Row>> read = new HashMap<>();

  /**
   * @param results the folder that holds one folder a scale
   */
  Evidence(Path results, String scale, Plan plan) {
    this.folder = results.resolve(scale);
    this.scale = scale;
    this.plan = plan;
  }

  /**
   * The rows of a file beside the scales' folders.
   *
   * @throws MissingEvidenceException if there is none
   */
  List<Row> beside(String file) {
    return read(folder.getParent().resolve(file));
  }

  String scale() {
    return scale;
  }

  /**
   * A sample for each point of the experiment's grid; empty where nothing was run.
   *
   * @throws MissingEvidenceException if there is no such file, column or row at all
   */
  Cells cells(Runs runs) {
    Map<Map<String, String>, Sample> cells = new LinkedHashMap<>();
    rows(runs).forEach((point, bySeed) -> cells.put(point, sample(bySeed, runs)));
    return new Cells(cells);
  }

  /** The rows of each point of the grid, by seed. */
  Map<Map<String, String>, SortedMap<Long, List<Row>>> rows(Runs runs) {
    Path file = folder.resolve(runs.experiment()).resolve(runs.table() + ".csv");
    List<Row> rows =
        read(file).stream()
            .filter(row -> row.diverged() || matches(row, runs.where()))
            .filter(row -> !row.diverged() || matches(row, armOf(runs)))
            .toList();
    if (rows.isEmpty()) {
      throw new MissingEvidenceException(
          "%s has no %s rows at %s scale".formatted(runs.experiment(), runs.table(), scale));
    }
    Map<Map<String, String>, SortedMap<Long, List<Row>>> points = new LinkedHashMap<>();
    for (Map<String, String> point : plan.points(runs.experiment(), scale)) {
      SortedMap<Long, List<Row>> bySeed =
          rows.stream()
              .filter(row -> matches(row, point))
              .collect(Collectors.groupingBy(Row::seed, TreeMap::new, Collectors.toList()));
      bySeed.values().forEach(run -> requireOneCell(file, run));
      points.put(point, bySeed);
    }
    return points;
  }

  private static Map<String, String> armOf(Runs runs) {
    return Map.of("arm", runs.where().get("arm"));
  }

  private static boolean matches(Row row, Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .allMatch(entry -> row.text(entry.getKey()).equalsIgnoreCase(entry.getValue()));
  }

  private static void requireOneCell(Path file, List<Row> run) {
    Set<String> ids = new LinkedHashSet<>();
    run.forEach(row -> ids.add(row.text("cell")));
    if (ids.size() > 1) {
      throw new UserError(file + ": rows of different configurations cannot be told apart: " + ids);
    }
  }

  private static Sample sample(SortedMap<Long, List<Row>> bySeed, Runs runs) {
    SortedMap<Long, Double> values = new TreeMap<>();
    int diverged = 0;
    for (Map.Entry<Long, List<Row>> run : bySeed.entrySet()) {
      if (run.getValue().stream().anyMatch(Row::diverged)) {
        diverged++;
      } else {
        double value = runs.reduction().applyAsDouble(run.getValue());
        if (!Double.isNaN(value)) {
          values.put(run.getKey(), value);
        }
      }
    }
    return new Sample(values, diverged);
  }

  private List<Row> read(Path file) {
    return read.computeIfAbsent(file, this::load);
  }

  private List<Row> load(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new MissingEvidenceException("no " + folder.getParent().relativize(file));
    }
    try {
      Table table =
          Table.read()
              .usingOptions(
                  CsvReadOptions.builder(file.toFile())
                      .columnTypes(column -> ColumnType.STRING)
                      .build());
      return table.stream().map(row -> row(table, row.getRowNumber())).toList();
    } catch (RuntimeException damaged) {
      throw new UserError(file + ": no CSV that can be read: " + damaged.getMessage(), damaged);
    }
  }

  private static Row row(Table table, int number) {
    Map<String, String> cells = new HashMap<>();
    table.columns().forEach(column -> cells.put(column.name(), column.getString(number)));
    return new Row(cells);
  }
}
