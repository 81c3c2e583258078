package org.fedlayers.sweep;

import static org.fedlayers.sweep.CellTables.OK;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.commons.lang3.ArrayUtils;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.ScoringSettings;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.RoundReport;
import org.fedlayers.federated.Score;
import org.fedlayers.federated.ServerState;
import org.fedlayers.federated.StoppedException;
import org.fedlayers.results.Schema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One cell, round by round, from its last whole checkpoint to its end. The tables it ends with do
 * not depend on where it was interrupted.
 */
final class CellRun {
  private static final Logger LOG = LoggerFactory.getLogger(CellRun.class);

  private final Cell cell;
  private final int rounds;
  private final ScoringSettings scoring;
  private final CellBuilder.Built built;
  private final Path folder;
  private final RunOptions options;
  private final SweepProgress progress;
  private final Federation federation;
  private final Measurements measurements;
  private Map<String, Object> environment;
  private CellTables tables = new CellTables();
  private double secondsBefore;
  private final long started = System.nanoTime();
  private long saved = started;

  /**
   * @param folder of this cell's state, in which checkpoints of other images or measurements lie
   *     too
   * @param environment what it runs on
   * @param stopping whether to end early, keeping the finished rounds
   */
  CellRun(
      Cell cell,
      CellBuilder.Built built,
      Engine engine,
      Path folder,
      RunOptions options,
      Map<String, Object> environment,
      SweepProgress progress,
      BooleanSupplier stopping) {
    this.cell = cell;
    this.built = built;
    this.rounds = cell.configuration().rounds();
    this.scoring = cell.configuration().scoring();
    this.folder = folder.resolve(owner());
    this.options = options;
    this.environment = environment;
    this.progress = progress;
    boolean ofAll = scoring.averages().contains("all") && cell.arm() == Arm.FEDERATED;
    this.federation = built.federation(engine, Checkpoint.memory(this.folder), ofAll);
    federation.stopWhen(stopping);
    this.measurements = new Measurements(cell, built, options.workers());
    measurements.watch(federation);
  }

  /**
   * Runs to the end.
   *
   * @param kept is called once its rounds are over and kept, so that nothing is lost with what it
   *     still measures
   * @return all rows; a divergence is the last of its rounds
   * @throws StoppedException if it was to stop, once the finished rounds are kept
   */
  FinishedCell run(Runnable kept) {
    restore();
    try {
      while (federation.server().round() < rounds) {
        RoundReport report = federation.round();
        int done = federation.server().round();
        if (scoring.scores(done, rounds)) {
          score(report);
          measurements.afterRound(federation, done, tables);
        }
        progress.advanced(cell, done, rounds);
        long sinceSaved = System.nanoTime() - saved;
        if (sinceSaved >= options.betweenCheckpoints().toNanos() && done < rounds) {
          save();
        }
      }
      if (measurements.haveEnd()) {
        save();
        kept.run();
        measurements.atEnd(federation, tables);
      }
    } catch (StoppedException e) {
      if (federation.server().round() > 0) {
        save();
      }
      throw e;
    } catch (DivergedException e) { // The last row, of no model.
      add("", e.round(), Double.NaN, Double.NaN, Double.NaN, 0, CellTables.DIVERGED, Double.NaN);
      progress.say(cell, e.getMessage());
    }
    if (cell.arm() == Arm.FEDERATED) {
      measurements.partition(tables);
    }
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("set", built.data().name());
    data.put("sha256", built.data().sha256());
    data.put("note", built.data().note());
    Map<String, Object> timing = new LinkedHashMap<>();
    timing.put("seconds", Math.round(seconds() * 1000) / 1000.0);
    timing.put("workers", options.workers());
    return new FinishedCell(cell.id(), tables, environment, data, timing);
  }

  /** Wall time in seconds, that of earlier attempts included as far as they were kept. */
  double seconds() {
    return secondsBefore + (System.nanoTime() - started) / 1e9;
  }

  /** All averages that are scored, as they are now. */
  Map<String, Federation.ModelState> scored() {
    Map<String, Federation.ModelState> scored = new LinkedHashMap<>();
    for (String average : scoring.averages()) {
      String model = cell.model(average);
      scored.put(model, federation.average(Average.named(model)));
    }
    return scored;
  }

  private void score(RoundReport report) {
    int done = federation.server().round();
    Map<String, Score> known = new HashMap<>();
    for (String average : scoring.averages()) {
      Score score =
          known.computeIfAbsent(cell.model(average), name -> federation.score(Average.named(name)));
      double loss = report.loss() - report.penalty();
      int clients = report.cohort().length;
      add(average, done, score.accuracy(), score.meanLoss(), loss, clients, OK, report.penalty());
      progress.scored(cell, done, rounds, score.accuracy());
    }
  }

  private void add(String model, int round, Object... measured) {
    ServerState server = federation.server();
    Object[] before = {server.steps(), server.samples(), model};
    tables.add(Schema.ROUNDS, cell, round, ArrayUtils.addAll(before, measured));
  }

  private void save() {
    try {
      Checkpoint.write(
          federation, tables, seconds(), Environment.decisive(environment), folder, owner());
      saved = System.nanoTime();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a checkpoint in " + folder, e);
    }
  }

  private String owner() {
    return Checkpoint.owner(cell, built.data().sha256());
  }

  private void restore() {
    Path file = folder.resolve(Checkpoint.NAME);
    if (!Files.exists(file)) {
      if (Checkpoint.isIn(folder.getParent())) {
        LOG.warn(
            "{}: what was begun with other images or measurements is in {} until it is finished",
            cell,
            folder.getParent());
      }
      return;
    }
    try {
      Checkpoint checkpoint = Checkpoint.read(file, owner());
      Map<String, String> before = checkpoint.computedOn();
      checkpoint.restore(federation);
      tables = checkpoint.tables();
      secondsBefore = checkpoint.seconds();
      environment = Environment.after(before, environment);
      progress.resumed(cell, checkpoint.state().round(), rounds);
      if (!Environment.decisive(environment).equals(before)) {
        LOG.warn("{}: ran on {} before; its bytes will be those of neither", cell, before);
      }
    } catch (IOException e) {
      Path aside = Checkpoint.setAside(folder);
      LOG.warn(
          "{}: {}; the cell starts again, and what it had is in {} until it is finished",
          cell,
          e.getMessage(),
          aside);
    }
  }
}
