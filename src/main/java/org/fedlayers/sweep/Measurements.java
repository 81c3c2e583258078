package org.fedlayers.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Partitions;
import org.fedlayers.data.Randomness;
import org.fedlayers.diagnostics.ActivationNorms;
import org.fedlayers.diagnostics.Curvature;
import org.fedlayers.diagnostics.DivergenceMeter;
import org.fedlayers.diagnostics.FeatureAlignment;
import org.fedlayers.diagnostics.GradientVariance;
import org.fedlayers.diagnostics.Hessian;
import org.fedlayers.diagnostics.ImageSample;
import org.fedlayers.diagnostics.Landscape;
import org.fedlayers.diagnostics.PreciseStatistics;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.MeasureSettings;
import org.fedlayers.experiment.Measurement;
import org.fedlayers.experiment.ScoringSettings;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.Score;
import org.fedlayers.options.Options;
import org.fedlayers.options.Values;
import org.fedlayers.results.Schema;

/**
 * What a cell measures besides accuracy: {@code layers} (divergence and CKA) and {@code
 * activations} after every scored round; {@code gradients}, {@code curvature}, {@code landscape}
 * and {@code statistics} once, at the end. A measure that is not finite throughout is a divergence
 * ({@link DivergedException}) and leaves no rows. Only fractions whose denominator is 0, and points
 * of a landscape where the loss is beyond all numbers, are left empty.
 */
final class Measurements {
  /** Columns of fractions, which are empty where the denominator is 0. */
  private static final Set<String> FRACTIONS =
      Set.of("relative", "update", "cosine", "per_weight", "cka");

  private static final int EIGENVALUES = 5;

  /**
   * Held while a model is measured on several threads, each with memory of its own for a pass: as
   * cells end side by side, all their threads at once could be more than the heap holds.
   */
  private static final Object TURN = new Object();

  private final Cell cell;
  private final CellBuilder.Built built;
  private final int workers;
  private final MeasureSettings measure;
  private final ImageSample features;
  private final DivergenceMeter meter;
  private final Randomness randomness;

  /**
   * @param workers threads to compute on
   */
  Measurements(Cell cell, CellBuilder.Built built, int workers) {
    this.cell = cell;
    this.built = built;
    this.workers = workers;
    this.measure = cell.configuration().measure();
    this.randomness = new Randomness(cell.seed());
    ScoringSettings scoring = cell.configuration().scoring();
    int rounds = cell.configuration().rounds();
    this.features =
        measure.has(Measurement.CKA)
            ? ImageSample.test(built.data(), measure.features(), randomness)
            : null;
    this.meter =
        tables(cell).contains(Schema.LAYERS)
            ? new DivergenceMeter(
                built.network(), round -> scoring.scores(round + 1, rounds), features, workers)
            : null;
  }

  /**
   * @throws UserError if there are not test images enough to measure what a cell is to
   */
  static void check(Cell cell, int testImages) {
    MeasureSettings measure = cell.configuration().measure();
    if (measure.has(Measurement.CKA)) {
      FeatureAlignment.check(Math.min(measure.features(), testImages));
    }
  }

  /** The tables that a cell will fill. */
  static List<Schema> tables(Cell cell) {
    return cell.configuration().measure().what().stream()
        .map(Measurement::table)
        // A central arm's only client cannot diverge.
        .filter(table -> table != Schema.LAYERS || cell.arm() == Arm.FEDERATED)
        .distinct()
        .toList();
  }

  /** Whether tables hold all that a cell measures; those of older versions may lack columns. */
  static boolean complete(Cell cell, CellTables tables) {
    boolean aligned = cell.configuration().measure().has(Measurement.CKA);
    return tables(cell).stream().allMatch(tables::has)
        && !(aligned && tables.rows(Schema.LAYERS).texts("sample").contains(""));
  }

  /** Whether tables are those that a cell fills, and no others. */
  static boolean fit(Cell cell, CellTables tables) {
    List<Schema> filled = tables(cell);
    return Schema.OF_CELLS.stream()
        .filter(table -> table != Schema.ROUNDS && table != Schema.PARTITION)
        .allMatch(table -> filled.contains(table) == tables.has(table));
  }

  /** What a cell measures at its end, and tables do not hold yet. */
  static List<Measurement> missingAtEnd(Cell cell, CellTables tables) {
    return cell.configuration().measure().what().stream()
        .filter(measure -> measure.isAtEnd() && !tables.has(measure.table()))
        .toList();
  }

  void watch(Federation federation) {
    if (meter != null) {
      federation.listen(meter);
    }
  }

  /**
   * @param done rounds completed
   */
  void afterRound(Federation federation, int done, CellTables tables) {
    if (measure.has(Measurement.ACTIVATIONS)) {
      Federation.ModelState at = federation.average(Average.named(cell.model()));
      ImageSample sample = sample();
      Map<String, Double> norms = ActivationNorms.of(built.network(), at, sample, workers);
      List<List<?>> rows = new ArrayList<>();
      norms.forEach(
          (layer, norm) ->
              rows.add(List.of(cell.model(), sample.name(), rows.size(), layer, norm)));
      add(tables, Schema.ACTIVATIONS, done, rows);
    }
    if (meter != null) {
      String sample = features == null ? "" : features.name();
      List<List<?>> rows = new ArrayList<>();
      for (DivergenceMeter.Measured row : meter.take()) {
        rows.add(
            List.of(row.part(), row.index(), row.layer(), row.divergence(), row.cka(), sample));
      }
      add(tables, Schema.LAYERS, done, rows);
    }
  }

  private ImageSample sample() {
    return ImageSample.training(built.data(), measure.images(), randomness);
  }

  /** Whether there is something to measure at the end. */
  boolean haveEnd() {
    return measure.what().stream().anyMatch(Measurement::isAtEnd);
  }

  /** Measures the model that is scored first. */
  void atEnd(Federation federation, CellTables tables) {
    Federation.ModelState at = federation.average(Average.named(cell.model()));
    atEnd(measure.what(), at, federation.server().round(), tables);
  }

  /**
   * @param wanted measures, of which those at the end are taken
   * @param at what the model that is scored first ended with
   * @param round rounds completed
   */
  void atEnd(List<Measurement> wanted, Federation.ModelState at, int round, CellTables tables) {
    ImageSample sample = sample();
    for (Measurement what : Measurement.values()) {
      if (what.isAtEnd() && wanted.contains(what)) {
        List<?> measured =
            switch (what) {
              case GRADIENTS -> gradients(at);
              case CURVATURE -> curvature(at, sample);
              case LANDSCAPE -> landscape(at, sample);
              default -> statistics(at, sample);
            };
        Schema table = what.table();
        boolean sampled = table.columns().contains("sample");
        List<Object> before =
            sampled ? List.of(cell.model(), sample.name()) : List.of(cell.model());
        add(tables, table, round, measured.stream().map(row -> List.of(before, row)).toList());
      }
    }
  }

  private List<GradientVariance> gradients(Federation.ModelState at) {
    DataSet data = built.data();
    int[][] split = built.split();
    return GradientVariance.measure(
        built.models(),
        at,
        split.length,
        k -> ImageSample.of("client " + k, data.train().select(split[k]), data));
  }

  private List<Curvature.Measured> curvature(Federation.ModelState at, ImageSample sample) {
    synchronized (TURN) {
      var hessian = new Hessian(built.network(), at, sample, workers);
      Curvature curvature = Curvature.of(hessian, randomness);
      List<Curvature.Measured> all = new ArrayList<>(curvature.extremes(EIGENVALUES));
      all.add(curvature.trace());
      all.addAll(curvature.layers());
      all.addAll(curvature.bounds());
      all.add(curvature.adaptive());
      return all;
    }
  }

  private List<Landscape.Point> landscape(Federation.ModelState at, ImageSample sample) {
    synchronized (TURN) {
      return new Landscape(built.models(), at, sample, workers, randomness)
          .plane(1, 2 * measure.steps() + 1);
    }
  }

  private record ByStatistics(String normalisedBy, double accuracy, double loss) {}

  /** Test scores by the statistics that came of training, and by those of training images. */
  private List<ByStatistics> statistics(Federation.ModelState at, ImageSample sample) {
    float[] again = PreciseStatistics.of(built.models(), at.weights(), sample);
    return List.of(
        by("averaged", at.weights(), at.statistics()), by("re-estimated", at.weights(), again));
  }

  private ByStatistics by(String name, float[] weights, float[] statistics) {
    Score score = Score.of(built.problem(), weights, statistics);
    return new ByStatistics(name, score.accuracy(), score.meanLoss());
  }

  /**
   * Adds rows in which each component of a record has a column of its own, all of them or none.
   *
   * @throws DivergedException if a number is not finite
   */
  private void add(CellTables tables, Schema table, int round, List<? extends List<?>> measured) {
    List<Object[]> rows = measured.stream().map(row -> columns(row).toArray()).toList();
    for (Object[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        String column = table.columns().get(table.columns().size() - row.length + i);
        boolean finite = !(row[i] instanceof Double number) || Double.isFinite(number);
        if (!finite && table != Schema.LANDSCAPE && !FRACTIONS.contains(column)) {
          String what = table == Schema.LAYERS ? "divergence" : table.name();
          throw new DivergedException("the " + what, round);
        }
      }
    }
    rows.forEach(row -> tables.add(table, cell, round, row));
  }

  private static Stream<Object> columns(Object value) {
    if (value instanceof List<?> several) {
      return several.stream().flatMap(Measurements::columns);
    }
    return value instanceof Record
        ? Stream.of(Options.values(value)).flatMap(Measurements::columns)
        : Stream.of(value instanceof Enum<?> ? Values.word(value) : value);
  }

  /** How many images of each class each client has; zeros are left out. */
  void partition(CellTables tables) {
    DataSet data = built.data();
    int[][] counts = Partitions.counts(built.split(), data.train().labels(), data.classes());
    for (int client = 0; client < counts.length; client++) {
      for (int c = 0; c < counts[client].length; c++) {
        if (counts[client][c] > 0) {
          tables.add(Schema.PARTITION, cell.id(), cell.seed(), client, c, counts[client][c]);
        }
      }
    }
  }
}
