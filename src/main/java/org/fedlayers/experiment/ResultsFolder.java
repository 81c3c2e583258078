package org.fedlayers.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Csv;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Schema;

/**
 * The files of one experiment at one scale under {@code results/}. They hold finished cells only,
 * in the order of the grid, each file replaced as a whole. Cells that the experiment does not know
 * (any more) are dropped, and that is said; other seeds of those it knows are kept.
 */
final class ResultsFolder {
  static final String PROVENANCE = "provenance.json";
  private static final String TIMINGS = "timings.jsonl";
  private static final int FORMAT = 1;

  private final Path folder;

  ResultsFolder(Path out, Experiment experiment) {
    this(out.resolve(experiment.scale()).resolve(experiment.paper()).resolve(experiment.name()));
  }

  ResultsFolder(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Keeps others from writing; null if one of them does. */
  FolderLock lock() throws IOException {
    return FolderLock.take(folder, "results");
  }

  /** What stands in the files now, by cell id. */
  Map<String, FinishedCell> published() {
    Map<String, FinishedCell> published = new LinkedHashMap<>();
    if (!Files.isRegularFile(folder.resolve(PROVENANCE))) {
      return published;
    }
    Provenance provenance = Provenance.read(folder.resolve(PROVENANCE));
    Map<String, Map<String, Object>> timings = timings();
    Map<String, Tables> tables = new HashMap<>();
    Schema.OF_CELLS.forEach(table -> readTable(table, tables));
    for (Provenance.Entry entry : provenance.cells()) {
      Tables rows = tables.get(entry.cell());
      // Without its rounds a cell is not finished, whatever else is left of it.
      if (rows != null && !rows.of(RoundsTable.NAME).isEmpty()) {
        published.put(
            entry.cell(),
            new FinishedCell(
                entry.cell(),
                rows,
                entry.environment(),
                entry.data(),
                timings.getOrDefault(entry.cell(), Map.of())));
      }
    }
    return published;
  }

  /** Files of older versions lack the last columns, and so do their rows until they are written. */
  private void readTable(Schema table, Map<String, Tables> tables) {
    Path file = folder.resolve(table.name() + ".csv");
    if (!Files.isRegularFile(file)) {
      return;
    }
    List<String> lines = lines(file);
    List<String> header = lines.isEmpty() ? List.of() : Csv.fields(lines.get(0));
    int columns = (int) table.columns().stream().takeWhile(header::contains).count();
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      List<String> fields = Csv.fields(line);
      if (fields.size() < columns) {
        throw new UserError(
            "%s:%s: the row has %s columns, expected at least %s; was the file cut short? Take it"
                    .formatted(file, lines.indexOf(line) + 1, fields.size(), columns)
                + " from version control, or delete it and run the experiment again");
      }
      tables
          .computeIfAbsent(fields.get(0), none -> new Tables())
          .add(table.name(), Csv.line(fields.subList(0, columns)));
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UserError(file + ": cannot be read as UTF-8 text: " + e.getMessage(), e);
    }
  }

  private Map<String, Map<String, Object>> timings() {
    Map<String, Map<String, Object>> timings = new HashMap<>();
    Path file = folder.resolve(TIMINGS);
    if (Files.isRegularFile(file)) {
      for (Map<String, Object> timing : Json.lines(file)) {
        timings.put(String.valueOf(timing.remove("cell")), timing);
      }
    }
    return timings;
  }

  /**
   * Replaces every file by one that holds its cells and these, under {@link #lock}.
   *
   * @param say hears of rows that are lost thereby
   */
  void write(Experiment experiment, Map<String, FinishedCell> finished, Consumer<String> say) {
    Map<String, FinishedCell> all = published();
    finished.forEach(
        (id, done) -> {
          FinishedCell before = all.put(id, done);
          if (before != null && !done.holds(before)) {
            say.accept("%s: other rows of cell %s are replaced".formatted(folder, id));
          }
        });
    Map<Cell, FinishedCell> cells = known(experiment, all);
    if (cells.isEmpty()) {
      return;
    }
    if (cells.size() < all.size()) {
      say.accept(
          "%s: rows are dropped of cells that %s does not have: %d"
              .formatted(folder, experiment.path(), all.size() - cells.size()));
    }
    try {
      for (Schema table : Schema.OF_CELLS) {
        writeTable(experiment, table, cells);
      }
      summarise(experiment, cells.keySet());
      List<String> timings = new ArrayList<>();
      cells.forEach((cell, done) -> timings.add(timing(done)));
      AtomicFile.write(folder.resolve(TIMINGS), String.join("\n", timings) + "\n");
      AtomicFile.write(
          folder.resolve(PROVENANCE), Json.pretty(Provenance.of(experiment, cells, FORMAT)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write results in " + folder, e);
    }
  }

  /** Replaces the summary by that of the rows in the files, unless a run does so by itself. */
  void summarise(Experiment experiment) {
    try (FolderLock lock = lock()) {
      if (lock != null) {
        summarise(experiment, known(experiment, published()).keySet());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write results in " + folder, e);
    }
  }

  private void summarise(Experiment experiment, Set<Cell> cells) throws IOException {
    if (!cells.isEmpty()) {
      Rows rounds = Rows.of(ResultsFiles.load(folder.resolve(RoundsTable.NAME + ".csv")));
      write("summary.csv", header(Schema.SUMMARY, experiment), Summary.lines(rounds, cells));
    }
  }

  /** Whether the summary is that of the rounds of these cells; so it is if there is none. */
  boolean isSummarised(Set<Cell> cells) {
    Path file = folder.resolve("summary.csv");
    if (!Files.isRegularFile(file)) {
      return true;
    }
    Rows rounds = Rows.of(ResultsFiles.load(folder.resolve(RoundsTable.NAME + ".csv")));
    List<String> lines = lines(file);
    // The cells of a provenance have no labels, which stand behind the columns of every summary.
    int columns = Schema.SUMMARY.columns().size();
    return lines.stream()
        .skip(1)
        .map(line -> Csv.line(Csv.fields(line).stream().limit(columns).toList()))
        .toList()
        .equals(Summary.lines(rounds, cells));
  }

  private static String timing(FinishedCell done) {
    Map<String, Object> timing = new LinkedHashMap<>();
    timing.put("cell", done.id());
    timing.putAll(done.timing());
    return Json.line(timing);
  }

  /** The experiment's finished cells in the order of tables, other seeds of them included. */
  private static Map<Cell, FinishedCell> known(
      Experiment experiment, Map<String, FinishedCell> finished) {
    Set<Long> seeds = new TreeSet<>(experiment.seeds());
    finished.values().forEach(done -> seeds.add(seed(done)));
    Map<String, Cell> groups = new LinkedHashMap<>();
    experiment.cells().forEach(cell -> groups.putIfAbsent(cell.group(), cell));
    Map<Cell, FinishedCell> known = new LinkedHashMap<>();
    for (Cell group : groups.values()) {
      for (long seed : seeds) {
        Cell cell = group.withSeed(seed);
        FinishedCell done = finished.get(cell.id());
        if (done != null) {
          known.put(cell, done);
        }
      }
    }
    return known;
  }

  private static long seed(FinishedCell done) {
    String row = done.tables().of(RoundsTable.NAME).get(0);
    String seed = Csv.fields(row).get(Schema.ROUNDS.columns().indexOf("seed"));
    if (!seed.matches("\\d{1,18}")) {
      throw new UserError("rounds.csv: '%s' is no seed in the row %s".formatted(seed, row));
    }
    return Long.parseLong(seed);
  }

  private void writeTable(Experiment experiment, Schema table, Map<Cell, FinishedCell> cells)
      throws IOException {
    Map<String, String> deals = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    cells.forEach(
        (cell, done) -> {
          List<String> rows = done.tables().of(table.name());
          boolean again =
              table == Schema.PARTITION
                  && !rows.isEmpty()
                  && deals.putIfAbsent(PartitionTable.deal(cell), cell.id()) != null;
          if (!again) {
            rows.forEach(row -> lines.add(withLabels(table, row, cell)));
          }
        });
    if (!lines.isEmpty()) {
      write(table.name() + ".csv", header(table, experiment), lines);
    }
  }

  /** A row with the values of the grid, behind blanks for columns that an older version lacks. */
  static String withLabels(Schema table, String row, Cell cell) {
    String whole = row + ",".repeat(table.columns().size() - Csv.fields(row).size());
    return cell.labels().isEmpty() ? whole : whole + "," + Csv.line(cell.labels().values());
  }

  private static String header(Schema table, Experiment experiment) {
    List<String> all = new ArrayList<>(table.columns());
    all.addAll(experiment.axes());
    return Csv.line(all);
  }

  private void write(String file, String header, List<String> lines) throws IOException {
    AtomicFile.write(
        folder.resolve(file),
        lines.isEmpty() ? header + "\n" : header + "\n" + String.join("\n", lines) + "\n");
  }
}
