package org.fedlayers.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.Cell;
import org.fedlayers.federated.Engine;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Schema;

/**
 * Runs one cell of a results folder again, from its provenance alone, and compares it with the rows
 * that stand there. Where instruction set, Java, executor and arithmetic agree the bytes must be
 * equal; where they do not, rounding differs and training amplifies it, so the mean accuracy of the
 * last points must be close.
 */
public final class Verification {
  /** How far the mean accuracy of the last points may be off on another machine. */
  public static final double CLOSE = 0.03;

  private static final Duration NEVER = Duration.ofDays(1000);

  private final ResultsFolder results;
  private final Map<String, Provenance.Entry> entries = new LinkedHashMap<>();
  private final Map<String, FinishedCell> published;

  /**
   * What came out.
   *
   * @param cell the one that was run
   * @param passed whether it is what it should be
   * @param finding in words
   */
  public record Verdict(String cell, boolean passed, String finding) {}

  /**
   * @param place a results folder or its provenance.json
   * @throws UserError if there is none
   */
  public Verification(Path place) {
    Path file = Files.isDirectory(place) ? place.resolve(ResultsFolder.PROVENANCE) : place;
    if (!Files.isRegularFile(file)) {
      throw new UserError(
          "%s: no %s there; name a results folder that has one"
              .formatted(place, ResultsFolder.PROVENANCE));
    }
    Provenance.read(file).cells().forEach(entry -> entries.put(entry.cell(), entry));
    results = new ResultsFolder(file.toAbsolutePath().getParent());
    published = results.published();
  }

  /** The cell that took least time, of those whose method is at hand, for a quick check. */
  public String quickest() {
    return published.values().stream()
        .filter(done -> entries.get(done.id()).known().isPresent())
        .min(Comparator.comparingDouble(FinishedCell::seconds))
        .orElseThrow(
            () ->
                new UserError(
                    results.folder() + ": no cell that can be run here has rows to compare"))
        .id();
  }

  /**
   * Runs a cell and compares it.
   *
   * @param id of the cell
   * @param data where image sets are
   * @throws UserError if there is no such cell, or its image set is not the one it was run on
   */
  public Verdict verify(
      String id, Path data, int workers, Executor executor, SweepProgress progress) {
    if (!entries.containsKey(id)) {
      throw new UserError(
          "no cell '%s' in %s; there are: %s"
              .formatted(id, results.folder(), String.join(", ", entries.keySet())));
    }
    FinishedCell before = published.get(id);
    if (before == null) {
      throw new UserError(results.folder() + ": no rows of cell " + id + " to compare with");
    }
    Cell cell = entries.get(id).asCell();
    if (!cell.id().equals(id)) {
      return new Verdict(
          id, false, "its configuration hashes to " + cell.id() + ": the provenance was changed");
    }
    RunOptions options =
        RunOptions.into(results.folder()).on(data, workers, executor).checkpointing(NEVER);
    CellBuilder.Built built = CellBuilder.of(options).build(cell);
    if (!before.isOf(built.data().sha256())) {
      throw new UserError(
          "the images of %s here are not those of the run: SHA-256 %s, expected %s"
              .formatted(built.data().name(), built.data().sha256(), before.data().get("sha256")));
    }
    CellTables again = run(cell, built, options, progress);
    List<String> differences = differences(before.environment(), executor);
    Verdict verdict = compare(id, before.tables(), again, differences);
    return verdict.passed() && !isSummarised()
        ? new Verdict(
            id, false, "summary.csv is not that of rounds.csv; 'fedlayers figures' mends it")
        : verdict;
  }

  /** Whether the summary is that of the rounds, if every cell can be read here. */
  private boolean isSummarised() {
    Map<Cell, FinishedCell> all = new LinkedHashMap<>();
    published.forEach((id, done) -> entries.get(id).known().ifPresent(cell -> all.put(cell, done)));
    return all.size() < published.size() || results.isSummarised(all);
  }

  private static CellTables run(
      Cell cell, CellBuilder.Built built, RunOptions options, SweepProgress progress) {
    try (Engine engine = new ThreadEngine(options.workers())) {
      Path scratch = Files.createTempDirectory("fedlayers-verify");
      try {
        return new CellRun(
                cell, built, engine, scratch, options, Map.of(), progress, progress::stopping)
            .run(() -> {})
            .tables();
      } finally {
        engine.release(built.problem());
        CellStore.delete(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write temporary files", e);
    }
  }

  /** In which decisive facts this machine is not the one of the run. */
  private static List<String> differences(Map<String, Object> environment, Executor executor) {
    Map<String, String> here = Environment.decisive(Environment.here(executor));
    Map<String, String> there = Environment.decisive(environment);
    return here.keySet().stream()
        .filter(fact -> !here.get(fact).equals(there.get(fact)))
        .map(fact -> "%s (%s here, %s there)".formatted(fact, here.get(fact), there.get(fact)))
        .toList();
  }

  static Verdict compare(
      String id, CellTables published, CellTables again, List<String> differences) {
    // Without partitions: they follow from the images, and several cells share one.
    List<Schema> tables =
        Schema.OF_CELLS.stream()
            .filter(table -> table != Schema.PARTITION)
            .filter(table -> !published.of(table).isEmpty() || !again.of(table).isEmpty())
            .toList();
    List<Schema> unlike =
        tables.stream()
            .filter(table -> !difference(table, published.of(table), again.of(table)).isEmpty())
            .toList();
    if (unlike.isEmpty()) {
      int rows = tables.stream().mapToInt(table -> again.of(table).size()).sum();
      return new Verdict(id, true, "equal bytes in %s rows of %s".formatted(rows, names(tables)));
    }
    double distance = distance(published, again);
    String far =
        String.format(Locale.ROOT, "the mean accuracy of the last points is off by %.4f", distance);
    if (differences.isEmpty()) {
      Schema first = unlike.get(0);
      return new Verdict(
          id,
          false,
          "other bytes in %s although instruction set, Java, executor and arithmetic agree (first %s); %s"
              .formatted(
                  names(unlike), difference(first, published.of(first), again.of(first)), far));
    }
    String close = distance <= CLOSE ? "close enough" : "more than " + CLOSE;
    String where = String.join(", ", differences);
    return new Verdict(
        id, distance <= CLOSE, far + ", " + close + " where bytes may differ in " + where);
  }

  private static String names(List<Schema> tables) {
    return tables.stream().map(Schema::name).sorted().collect(Collectors.joining(", "));
  }

  /**
   * The first difference in words; empty if rows agree. The last columns are no difference where an
   * older version had none.
   */
  private static String difference(
      Schema table, List<List<Object>> before, List<List<Object>> now) {
    int known = before.stream().mapToInt(Verification::known).max().orElse(0);
    for (int row = 0; row < Math.min(before.size(), now.size()); row++) {
      List<String> there = table.texts(before.get(row).subList(0, known));
      List<String> here = table.texts(now.get(row).subList(0, known));
      for (int c = 0; c < known; c++) {
        if (!there.get(c).equals(here.get(c))) {
          return "%s in the cell's row %s of %s.csv: %s here, %s there"
              .formatted(table.columns().get(c), row + 1, table.name(), here.get(c), there.get(c));
        }
      }
    }
    return before.size() == now.size()
        ? ""
        : "%s rows in %s.csv here, %s there".formatted(now.size(), table.name(), before.size());
  }

  private static int known(List<Object> row) {
    int known = row.size();
    while (row.get(known - 1) == null) {
      known--;
    }
    return known;
  }

  /** The largest difference, over models, of mean accuracies at the end; infinite if unlike. */
  private static double distance(CellTables before, CellTables now) {
    Set<String> models = new TreeSet<>(before.rows(Schema.ROUNDS).texts("model"));
    models.addAll(now.rows(Schema.ROUNDS).texts("model"));
    double largest = 0;
    for (String model : models) {
      double difference = Math.abs(before.accuracy(model) - now.accuracy(model));
      largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return largest;
  }
}
