package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.math3.exception.MaxCountExceededException;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Partitions;
import org.fedlayers.data.Randomness;
import org.fedlayers.diagnostics.ActivationNorms;
import org.fedlayers.diagnostics.Curvature;
import org.fedlayers.diagnostics.Divergence;
import org.fedlayers.diagnostics.DivergenceMeter;
import org.fedlayers.diagnostics.FeatureAlignment;
import org.fedlayers.diagnostics.GradientVariance;
import org.fedlayers.diagnostics.Landscape;
import org.fedlayers.diagnostics.PreciseStatistics;
import org.fedlayers.diagnostics.Sample;
import org.fedlayers.diagnostics.Spread;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.Score;
import org.fedlayers.results.Schema;

/**
 * What a cell measures besides accuracy, each in a table of its own: {@code layers} after every
 * scored round; {@code gradients}, {@code curvature}, {@code landscape} and {@code statistics}
 * once, at the end. A measure that is not finite throughout is a divergence ({@link
 * DivergedException}) and leaves no rows; shares of nothing alone are empty.
 */
final class Measurements {
  static final String DIVERGENCE = "divergence";
  static final String CKA = "cka";
  static final String ACTIVATIONS = "activations";
  static final String GRADIENTS = "gradients";
  static final String CURVATURE = "curvature";
  static final String LANDSCAPE = "landscape";
  static final String STATISTICS = "statistics";
  static final List<String> NAMES =
      List.of(DIVERGENCE, CKA, ACTIVATIONS, GRADIENTS, CURVATURE, LANDSCAPE, STATISTICS);

  private static final String LAYERS = Schema.LAYERS.name();
  private static final List<String> AT_END = List.of(GRADIENTS, CURVATURE, LANDSCAPE, STATISTICS);

  /** What a {@link org.fedlayers.diagnostics.Hessian} computes, which takes weights as they are. */
  static final List<String> BY_DUAL_NUMBERS = List.of(CKA, ACTIVATIONS, CURVATURE);

  /** What is measured on training images, as they are before any client's shift. */
  static final List<String> ON_TRAINING_IMAGES =
      List.of(ACTIVATIONS, GRADIENTS, CURVATURE, LANDSCAPE, STATISTICS);

  private static final List<String> OF_CLIENTS = List.of(DIVERGENCE, CKA);
  private static final int EIGENVALUES = 5;

  private final Cell cell;
  private final CellBuilder.Built built;
  private final List<String> wanted;
  private final FeatureAlignment features;
  private final DivergenceMeter meter;
  private final Randomness randomness;

  Measurements(Cell cell, CellBuilder.Built built, Schedule schedule) {
    this.cell = cell;
    this.built = built;
    this.wanted = cell.configuration().measure().what();
    this.randomness = new Randomness(cell.seed());
    this.features =
        wanted.contains(CKA)
            ? new FeatureAlignment(
                built.network(),
                Sample.test(built.data(), cell.configuration().measure().features(), randomness))
            : null;
    this.meter =
        tables(cell).contains(LAYERS)
            ? new DivergenceMeter(built.network(), round -> schedule.scores(round + 1), features)
            : null;
  }

  /** The tables that a cell will fill. */
  static List<String> tables(Cell cell) {
    return cell.configuration().measure().what().stream()
        .map(measure -> OF_CLIENTS.contains(measure) ? LAYERS : measure)
        // A central arm's only client cannot diverge.
        .filter(table -> !table.equals(LAYERS) || cell.arm() == Arm.FEDERATED)
        .distinct()
        .toList();
  }

  /** Whether tables hold all that a cell measures; those of older versions may lack columns. */
  static boolean complete(Cell cell, Tables tables) {
    boolean aligned = cell.configuration().measure().what().contains(CKA);
    return tables.all().keySet().containsAll(tables(cell))
        && !(aligned && tables.rows(Schema.LAYERS).texts("sample").contains(""));
  }

  void watch(Federation federation) {
    if (meter != null) {
      federation.listen(meter);
    }
  }

  /**
   * @param done rounds completed
   */
  void afterRound(Federation federation, int done, Tables tables) {
    if (wanted.contains(ACTIVATIONS)) {
      activations(federation, done, tables);
    }
    if (meter == null) {
      return;
    }
    List<DivergenceMeter.Measured> rows =
        meter.measured().stream().filter(row -> row.round() == done - 1).toList();
    requireFinite(DIVERGENCE, done, rows, row -> DoubleStream.of(row.divergence().absolute()));
    for (DivergenceMeter.Measured row : rows) {
      Divergence d = row.divergence();
      add(
          tables,
          Schema.LAYERS,
          done,
          row.part().name().toLowerCase(Locale.ROOT),
          row.index(),
          row.layer(),
          d.absolute(),
          d.relative(),
          d.update(),
          d.cosine(),
          d.perWeight(),
          row.cka(),
          features == null ? "" : features.sample().name());
    }
  }

  /** What a cell measures at its end, and tables do not hold yet. */
  static List<String> missingAtEnd(Cell cell, Tables tables) {
    return cell.configuration().measure().what().stream()
        .filter(measure -> AT_END.contains(measure) && !tables.all().containsKey(measure))
        .toList();
  }

  /** A cell that measures {@link #missingAtEnd} alone. */
  static Cell onlyMissingAtEnd(Cell cell, Tables tables) {
    return new Cell(
        cell.configuration().with("measure.what", missingAtEnd(cell, tables)),
        cell.arm(),
        cell.seed(),
        cell.labels());
  }

  /** Whether there is something to measure at the end. */
  boolean haveEnd() {
    return wanted.stream().anyMatch(AT_END::contains);
  }

  private void activations(Federation federation, int done, Tables tables) {
    Federation.Scored at = scoredFirst(federation);
    Sample sample =
        Sample.training(built.data(), cell.configuration().measure().images(), randomness);
    Map<String, Double> norms =
        ActivationNorms.of(built.network(), at.weights(), at.statistics(), sample);
    requireFinite(ACTIVATIONS, done, List.copyOf(norms.values()), DoubleStream::of);
    int index = 0;
    for (Map.Entry<String, Double> norm : norms.entrySet()) {
      add(
          tables,
          Schema.ACTIVATIONS,
          done,
          model(cell),
          sample.name(),
          index++,
          norm.getKey(),
          norm.getValue());
    }
  }

  /** The name of the model that is scored first. */
  static String model(Cell cell) {
    return cell.arm() == Arm.FEDERATED
        ? cell.configuration().scoring().averages().get(0)
        : "server";
  }

  private Federation.Scored scoredFirst(Federation federation) {
    return federation.average(Average.named(model(cell)));
  }

  /** Measures the model that is scored first. */
  void atEnd(Federation federation, Tables tables) {
    atEnd(scoredFirst(federation), federation.server().round(), tables);
  }

  /**
   * @param at what the model that is scored first ended with
   * @param round rounds completed
   */
  void atEnd(Federation.Scored at, int round, Tables tables) {
    String model = model(cell);
    if (wanted.contains(GRADIENTS)) {
      gradients(at, round, model, tables);
    }
    int images = cell.configuration().measure().images();
    Sample sample = Sample.training(built.data(), images, randomness);
    if (wanted.contains(CURVATURE)) {
      curvature(at, sample, round, model, tables);
    }
    if (wanted.contains(LANDSCAPE)) {
      landscape(at, sample, round, model, tables);
    }
    if (wanted.contains(STATISTICS)) {
      statistics(at, sample, round, model, tables);
    }
  }

  private void gradients(Federation.Scored at, int round, String model, Tables tables) {
    List<Sample> clients =
        IntStream.range(0, built.deal().length)
            .mapToObj(
                client ->
                    Sample.of(
                        "client " + client,
                        built.data().train().select(built.deal()[client]),
                        built.data()))
            .toList();
    List<GradientVariance> rows =
        GradientVariance.measure(built.models(), at.weights(), at.statistics(), clients);
    requireFinite(GRADIENTS, round, rows, row -> DoubleStream.of(row.spread().variance()));
    for (GradientVariance row : rows) {
      Spread spread = row.spread();
      add(
          tables,
          Schema.GRADIENTS,
          round,
          model,
          row.index(),
          row.layer(),
          spread.variance(),
          spread.relative(),
          spread.perEntry());
    }
  }

  private void curvature(
      Federation.Scored at, Sample sample, int round, String model, Tables tables) {
    Curvature curvature =
        Curvature.of(built.network(), at.weights(), at.statistics(), sample)
            .withRandomness(randomness);
    List<Curvature.Measured> rows = new ArrayList<>();
    try {
      rows.addAll(curvature.extremes(EIGENVALUES));
      rows.add(curvature.trace());
      rows.addAll(curvature.layers());
      rows.addAll(curvature.bounds());
      rows.add(curvature.adaptive());
    } catch (MaxCountExceededException e) { // The eigenvalues do not converge.
      throw new DivergedException("the curvature (" + e.getMessage() + ")", round);
    }
    requireFinite(
        CURVATURE, round, rows, row -> DoubleStream.of(row.value(), row.error(), row.loss()));
    for (Curvature.Measured row : rows) {
      add(
          tables,
          Schema.CURVATURE,
          round,
          model,
          sample.name(),
          row.measure(),
          row.index(),
          row.layer(),
          row.value(),
          row.error(),
          row.products(),
          row.loss());
    }
  }

  private void landscape(
      Federation.Scored at, Sample sample, int round, String model, Tables tables) {
    Landscape landscape =
        Landscape.of(built.models(), at.weights(), at.statistics(), sample)
            .withRandomness(randomness);
    int steps = cell.configuration().measure().steps();
    List<Landscape.Point> rows = landscape.plane(1, 2 * steps + 1);
    requireFinite(LANDSCAPE, round, rows, row -> DoubleStream.of(row.loss()));
    for (Landscape.Point row : rows) {
      add(
          tables,
          Schema.LANDSCAPE,
          round,
          model,
          sample.name(),
          row.x(),
          row.y(),
          row.loss(),
          row.accuracy());
    }
  }

  /** Test scores by the statistics that came of training, and by those of training images. */
  private void statistics(
      Federation.Scored at, Sample sample, int round, String model, Tables tables) {
    Map<String, float[]> by = new LinkedHashMap<>();
    by.put("averaged", at.statistics());
    by.put("re-estimated", PreciseStatistics.of(built.models(), at.weights(), sample));
    for (Map.Entry<String, float[]> one : by.entrySet()) {
      Score score = Score.of(built.problem(), at.weights(), one.getValue());
      requireFinite(STATISTICS, round, List.of(score.loss()), DoubleStream::of);
      add(
          tables,
          Schema.STATISTICS,
          round,
          model,
          sample.name(),
          one.getKey(),
          score.accuracy(),
          score.meanLoss());
    }
  }

  private static <R> void requireFinite(
      String measure, int round, List<R> rows, Function<R, DoubleStream> numbers) {
    if (!rows.stream().flatMapToDouble(numbers).allMatch(Double::isFinite)) {
      throw new DivergedException("the " + measure, round);
    }
  }

  private void add(Tables tables, Schema table, int round, Object... own) {
    List<Object> values =
        new ArrayList<>(List.of(cell.id(), cell.arm().text(), cell.seed(), round));
    values.addAll(List.of(own));
    tables.add(table, values.toArray());
  }

  /** How many images of each class each client has; zeros are left out. */
  void partition(Tables tables) {
    DataSet data = built.data();
    int[][] counts = Partitions.counts(built.deal(), data.train().labels(), data.classes());
    for (int client = 0; client < counts.length; client++) {
      for (int c = 0; c < counts[client].length; c++) {
        if (counts[client][c] > 0) {
          tables.add(Schema.PARTITION, cell.id(), cell.seed(), client, c, counts[client][c]);
        }
      }
    }
  }
}
