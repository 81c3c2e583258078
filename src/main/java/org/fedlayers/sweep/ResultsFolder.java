package org.fedlayers.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Deviation;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.results.Csv;
import org.fedlayers.results.Json;
import org.fedlayers.results.Schema;

/**
 * The files of one experiment at one scale under {@code results/}. They hold finished cells only,
 * in the order of the grid, each file replaced as a whole. Cells that the experiment does not know
 * (any more) are dropped, with a message; other seeds of the cells it knows are kept.
 */
final class ResultsFolder {
  static final String PROVENANCE = "provenance.json";
  private static final String TIMINGS = "timings.jsonl";

  private final Path folder;
  private final Experiment experiment;
  private final Deviation deviation;

  /** A folder to write into. */
  ResultsFolder(Path out, Experiment experiment) {
    this.folder = experiment.in(out);
    this.experiment = experiment;
    this.deviation = Deviation.of(experiment);
  }

  /** A folder that is only read, of any experiment. */
  ResultsFolder(Path folder) {
    this.folder = folder;
    this.experiment = null;
    this.deviation = null;
  }

  Path folder() {
    return folder;
  }

  /** The finished cells in the files, by id. */
  Map<String, FinishedCell> published() {
    return published(provenance(), tables());
  }

  private Provenance provenance() {
    Path file = folder.resolve(PROVENANCE);
    return Files.isRegularFile(file) ? Provenance.read(file) : Provenance.NONE;
  }

  private Map<String, CellTables> tables() {
    Map<String, CellTables> tables = new HashMap<>();
    Schema.OF_CELLS.forEach(table -> read(table, tables));
    return tables;
  }

  private Map<String, FinishedCell> published(
      Provenance provenance, Map<String, CellTables> tables) {
    Map<String, FinishedCell> published = new LinkedHashMap<>();
    Map<String, Map<String, Object>> timings = timings();
    for (Provenance.Entry entry : provenance.cells()) {
      String cell = entry.cell();
      CellTables rows = tables.get(cell);
      // Without its rounds a cell is not finished, whatever else is left of it.
      if (rows != null && !rows.of(Schema.ROUNDS).isEmpty()) {
        var environment = provenance.environments().get(entry.environment());
        var data = provenance.data().get(entry.data());
        Map<String, Object> timing = timings.getOrDefault(cell, Map.of());
        published.put(cell, new FinishedCell(cell, rows, environment, data, timing));
      }
    }
    return published;
  }

  private void read(Schema table, Map<String, CellTables> tables) {
    Path file = file(table);
    if (Files.isRegularFile(file)) {
      for (List<Object> row : table.read(file)) {
        String cell = String.valueOf(row.get(0));
        tables.computeIfAbsent(cell, none -> new CellTables()).add(table, row);
      }
    }
  }

  private Path file(Schema table) {
    return folder.resolve(table.name() + ".csv");
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
   * Replaces every file by one that holds its cells and these; the folder is taken before.
   *
   * @param say is told which rows are lost
   */
  void write(Map<String, FinishedCell> finished, Consumer<String> say) {
    Provenance before = provenance();
    Map<String, CellTables> tables = tables();
    Map<String, FinishedCell> all = published(before, tables);
    finished.forEach(
        (id, done) -> {
          FinishedCell replaced = all.put(id, done);
          if (replaced != null && !done.holds(replaced)) {
            say.accept("%s: other rows of cell %s are replaced".formatted(folder, id));
          }
        });
    Map<Cell, FinishedCell> cells = known(all);
    if (cells.isEmpty()) {
      return;
    }
    if (cells.size() < all.size()) {
      say.accept(
          "%s: rows are dropped of cells that %s does not have: %d"
              .formatted(folder, experiment.path(), all.size() - cells.size()));
    }
    tables.keySet().removeAll(all.keySet());
    if (!tables.isEmpty()) {
      say.accept(
          "%s: rows are dropped of cells without rounds or provenance: %d"
              .formatted(folder, tables.size()));
    }
    try {
      for (Schema table : Schema.OF_CELLS) {
        List<Summary.Row> rows = rows(table, cells);
        if (rows.isEmpty()) {
          Files.deleteIfExists(folder.resolve(table.name() + ".csv")); // of cells that are replaced
        } else {
          write(table, rows);
        }
      }
      write(Schema.SUMMARY, summary(cells));
      List<String> timings = new ArrayList<>();
      cells.forEach((cell, done) -> timings.add(timing(done)));
      AtomicFile.write(folder.resolve(TIMINGS), String.join("\n", timings) + "\n");
      Provenance after = Provenance.of(experiment, deviation, cells, before.configurations());
      AtomicFile.write(folder.resolve(PROVENANCE), Json.pretty(after));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write results in " + folder, e);
    }
  }

  /**
   * Replaces the summary by that of the rows in the files, unless a run does so by itself, or there
   * are rows of cells that the experiment does not have: they would be lost.
   */
  void summarise() {
    try (WorkFolder own = WorkFolder.takeIfFree(folder, "results")) {
      Map<String, FinishedCell> all = own == null ? Map.of() : published();
      Map<Cell, FinishedCell> cells = known(all);
      if (!cells.isEmpty() && cells.size() == all.size()) {
        write(Schema.SUMMARY, summary(cells));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write results in " + folder, e);
    }
  }

  private static List<Summary.Row> summary(Map<Cell, FinishedCell> cells) {
    List<List<Object>> rounds = new ArrayList<>();
    cells.values().forEach(done -> rounds.addAll(done.tables().of(Schema.ROUNDS)));
    return Summary.rows(Schema.ROUNDS.table(rounds), cells.keySet());
  }

  /** Whether the summary is that of the rounds of these cells; so it is if there is none. */
  boolean isSummarised(Map<Cell, FinishedCell> cells) {
    Path file = file(Schema.SUMMARY);
    return !Files.isRegularFile(file)
        || Schema.SUMMARY
            .read(file)
            .equals(summary(cells).stream().map(Summary.Row::values).toList());
  }

  private static String timing(FinishedCell done) {
    Map<String, Object> timing = new LinkedHashMap<>();
    timing.put("cell", done.id());
    timing.putAll(done.timing());
    return Json.line(timing);
  }

  /** The experiment's finished cells in the order of tables, other seeds of them included. */
  private Map<Cell, FinishedCell> known(Map<String, FinishedCell> finished) {
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

  /** The cells that the experiment does not have, with no seed. */
  Set<String> unknown(Map<String, FinishedCell> finished) {
    Set<String> unknown = new TreeSet<>(finished.keySet());
    known(finished).values().forEach(done -> unknown.remove(done.id()));
    return unknown;
  }

  private static long seed(FinishedCell done) {
    return done.tables().rows(Schema.ROUNDS).bySeed().firstKey();
  }

  /**
   * Rows of a table in the order of cells. A partition that several cells share is written once.
   */
  private static List<Summary.Row> rows(Schema table, Map<Cell, FinishedCell> cells) {
    Set<String> partitions = new HashSet<>();
    List<Summary.Row> rows = new ArrayList<>();
    cells.forEach(
        (cell, done) -> {
          List<List<Object>> own = done.tables().of(table);
          if (table != Schema.PARTITION || !own.isEmpty() && partitions.add(partition(cell))) {
            own.forEach(row -> rows.add(new Summary.Row(cell, row)));
          }
        });
    return rows;
  }

  /** Equal for cells whose clients hold the same images. */
  private static String partition(Cell cell) {
    Map<String, Object> settings = new TreeMap<>(cell.configuration().chosen());
    settings
        .keySet()
        .removeIf(key -> !key.matches("(data|partition)\\..*|federation\\.(clients|samples)"));
    settings.put("seed", cell.seed());
    return Json.line(settings);
  }

  /**
   * Writes a table: its own columns, then the values of the grid, then the deviation if there is
   * one.
   */
  private void write(Schema table, List<Summary.Row> rows) throws IOException {
    boolean deviates = !deviation.byGroup().isEmpty();
    List<String> header = new ArrayList<>(table.columns());
    header.addAll(experiment.axes());
    if (deviates) {
      header.add(Deviation.COLUMN);
    }
    StringBuilder text = new StringBuilder(Csv.line(header)).append('\n');
    for (Summary.Row row : rows) {
      List<String> fields = table.texts(row.values());
      fields.addAll(row.cell().labels().values());
      if (deviates) {
        fields.add(deviation.of(row.cell()));
      }
      text.append(Csv.line(fields)).append('\n');
    }
    AtomicFile.write(file(table), text.toString());
  }
}
