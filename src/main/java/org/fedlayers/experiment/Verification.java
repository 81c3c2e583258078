package org.fedlayers.experiment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.StoppableEngine;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.federated.Engine;
import org.fedlayers.options.UserError;

/**
 * Runs one cell of a results folder again, from its provenance alone, and compares it with the rows
 * that stand there. Where instruction set, Java, executor and arithmetic agree the bytes must be
 * equal; where they do not, rounding differs and training amplifies it, so the mean accuracy of the
 * last points must be close.
 */
public final class Verification {
  /** How far the mean accuracy of the last points may be off on another machine. */
  public static final double CLOSE = 0.03;

  private final ResultsFolder results;
  private final Provenance provenance;

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
          place
              + ": no "
              + ResultsFolder.PROVENANCE
              + " there; name a results folder that has one");
    }
    this.provenance = Provenance.read(file);
    this.results = new ResultsFolder(file.toAbsolutePath().getParent());
  }

  /** The cell that took least time, for a quick check. */
  public String quickest() {
    Map<String, FinishedCell> published = results.published();
    return provenance.cells().stream()
        .map(Provenance.Entry::cell)
        .filter(published::containsKey)
        .min(Comparator.comparingDouble(cell -> seconds(published.get(cell))))
        .orElseThrow(() -> new UserError(results.folder() + ": no cell with rows to compare"));
  }

  private static double seconds(FinishedCell cell) {
    return cell.timing().get("seconds") instanceof Number seconds
        ? seconds.doubleValue()
        : Double.MAX_VALUE;
  }

  /**
   * Runs a cell and compares it.
   *
   * @param id of the cell
   * @param data where image sets are
   * @throws UserError if there is no such cell, or its image set is not the one it was run on
   */
  public Verdict verify(String id, Path data, int workers, Executor executor, Progress progress) {
    Provenance.Entry entry =
        provenance.cells().stream()
            .filter(candidate -> candidate.cell().equals(id))
            .findFirst()
            .orElseThrow(
                () ->
                    new UserError(
                        "no cell '%s' in %s; there are: %s"
                            .formatted(
                                id,
                                results.folder(),
                                String.join(
                                    ", ",
                                    provenance.cells().stream()
                                        .map(Provenance.Entry::cell)
                                        .toList()))));
    FinishedCell published = results.published().get(id);
    if (published == null) {
      throw new UserError(results.folder() + ": no rows of cell " + id + " to compare with");
    }
    Cell cell = entry.asCell();
    if (!cell.id().equals(id)) {
      return new Verdict(
          id, false, "its configuration hashes to " + cell.id() + ": the provenance was changed");
    }
    Tables again = run(cell, entry, data, workers, executor, progress);
    Verdict verdict = compare(id, published.tables(), again, differences(entry, executor));
    Set<Cell> all = new LinkedHashSet<>();
    provenance.cells().forEach(one -> all.add(one.asCell()));
    return verdict.passed() && !results.isSummarised(all)
        ? new Verdict(
            id, false, "summary.csv is not that of rounds.csv; 'fedlayers figures' mends it")
        : verdict;
  }

  private static Tables run(
      Cell cell,
      Provenance.Entry entry,
      Path data,
      int workers,
      Executor executor,
      Progress progress) {
    CellBuilder.Built built = new CellBuilder(new DataShelf(data), executor).build(cell);
    if (!built.data().sha256().equals(entry.data().get("sha256"))) {
      throw new UserError(
          "the images of %s here are not those of the run: SHA-256 %s, expected %s"
              .formatted(built.data().name(), built.data().sha256(), entry.data().get("sha256")));
    }
    try (Engine engine = new StoppableEngine(new ThreadEngine(workers), progress::stopping)) {
      Path scratch = Files.createTempDirectory("fedlayers-verify");
      try {
        return new CellRun(cell, built, engine, scratch, Duration.ofDays(1000), Map.of(), progress)
            .run();
      } finally {
        engine.release(built.problem());
        Sweep.delete(scratch);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("no room for scratch files", e);
    }
  }

  /** In which decisive facts this machine is not the one of the run. */
  private static List<String> differences(Provenance.Entry entry, Executor executor) {
    Map<String, String> here = Environment.decisive(Environment.here(executor));
    Map<String, String> there = Environment.decisive(entry.environment());
    return here.keySet().stream()
        .filter(fact -> !here.get(fact).equals(there.get(fact)))
        .map(fact -> "%s (%s here, %s there)".formatted(fact, here.get(fact), there.get(fact)))
        .toList();
  }

  static Verdict compare(String id, Tables published, Tables again, List<String> differences) {
    TreeSet<String> tables = new TreeSet<>(published.all().keySet());
    tables.addAll(again.all().keySet());
    tables.remove(PartitionTable.NAME); // of data that have a fingerprint; told once for many cells
    List<String> unlike =
        tables.stream().filter(name -> !equal(published.of(name), again.of(name))).toList();
    if (unlike.isEmpty()) {
      int rows = tables.stream().mapToInt(name -> again.of(name).size()).sum();
      return new Verdict(
          id, true, "equal bytes in %s rows of %s".formatted(rows, String.join(", ", tables)));
    }
    double apart = apart(rows(published.of(RoundsTable.NAME)), rows(again.of(RoundsTable.NAME)));
    String far =
        String.format(Locale.ROOT, "the mean accuracy of the last points is off by %.4f", apart);
    if (differences.isEmpty()) {
      return new Verdict(
          id,
          false,
          "other bytes in %s although instruction set, Java, executor and arithmetic agree; %s"
              .formatted(String.join(", ", unlike), far));
    }
    return new Verdict(
        id,
        apart <= CLOSE,
        far
            + (apart <= CLOSE ? ", close enough" : ", more than " + CLOSE)
            + " where bytes may differ in "
            + String.join(", ", differences));
  }

  /** Whether rows agree, as far as a file of an older version has their columns. */
  private static boolean equal(List<String> before, List<String> now) {
    return before.size() == now.size()
        && IntStream.range(0, now.size())
            .allMatch(i -> (now.get(i) + ",").startsWith(before.get(i) + ","));
  }

  /** The largest difference, over models, of mean accuracies at the end; infinite if unlike. */
  private static double apart(List<RoundsTable.Row> before, List<RoundsTable.Row> now) {
    TreeSet<String> models = new TreeSet<>();
    before.forEach(row -> models.add(row.model()));
    now.forEach(row -> models.add(row.model()));
    double largest = 0;
    for (String model : models) {
      double difference = Math.abs(Summary.accuracy(before, model) - Summary.accuracy(now, model));
      largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return largest;
  }

  private static List<RoundsTable.Row> rows(List<String> lines) {
    return lines.stream().map(RoundsTable.Row::parse).toList();
  }
}
