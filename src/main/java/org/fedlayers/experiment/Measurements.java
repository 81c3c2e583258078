package org.fedlayers.experiment;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.exception.MaxCountExceededException;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Partitions;
import org.fedlayers.data.Randomness;
import org.fedlayers.diagnostics.ActivationNorms;
import org.fedlayers.diagnostics.Curvature;
import org.fedlayers.diagnostics.DivergenceMeter;
import org.fedlayers.diagnostics.FeatureAlignment;
import org.fedlayers.diagnostics.GradientVariance;
import org.fedlayers.diagnostics.ImageSample;
import org.fedlayers.diagnostics.Landscape;
import org.fedlayers.diagnostics.PreciseStatistics;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.Score;
import org.fedlayers.options.Options;
import org.fedlayers.options.Values;
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

  private static final String LAYERS = Schema.LAYERS.name();
  private static final List<String> AT_END = List.of(GRADIENTS, CURVATURE, LANDSCAPE, STATISTICS);

  /** What a {@link org.fedlayers.diagnostics.Hessian} computes, which takes weights as they are. */
  static final List<String> BY_DUAL_NUMBERS = List.of(CKA, ACTIVATIONS, CURVATURE);

  /** What is measured on training images, as they are before any client's shift. */
  static final List<String> ON_TRAINING_IMAGES =
      List.of(ACTIVATIONS, GRADIENTS, CURVATURE, LANDSCAPE, STATISTICS);

  private static final List<String> OF_CLIENTS = List.of(DIVERGENCE, CKA);

  /** Columns that are empty where they are shares of nothing. */
  private static final Set<String> SHARES =
      Set.of("relative", "update", "cosine", "per_weight", "cka");

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
                ImageSample.test(
                    built.data(), cell.configuration().measure().features(), randomness))
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
  static boolean complete(Cell cell, CellTables tables) {
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
  void afterRound(Federation federation, int done, CellTables tables) {
    if (wanted.contains(ACTIVATIONS)) {
      activations(federation, done, tables);
    }
    if (meter != null) {
      String sample = features == null ? "" : features.sample().name();
      add(
          tables,
          Schema.LAYERS,
          done,
          meter.measured().stream()
              .filter(row -> row.round() == done - 1)
              .map(
                  row ->
                      List.of(
                          row.part(),
                          row.index(),
                          row.layer(),
                          row.divergence(),
                          row.cka(),
                          sample)));
    }
  }

  /** What a cell measures at its end, and tables do not hold yet. */
  static List<String> missingAtEnd(Cell cell, CellTables tables) {
    return cell.configuration().measure().what().stream()
        .filter(measure -> AT_END.contains(measure) && !tables.all().containsKey(measure))
        .toList();
  }

  /** A cell that measures {@link #missingAtEnd} alone. */
  static Cell onlyMissingAtEnd(Cell cell, CellTables tables) {
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

  private void activations(Federation federation, int done, CellTables tables) {
    Federation.Scored at = scoredFirst(federation);
    ImageSample sample = sample();
    Map<String, Double> norms =
        ActivationNorms.of(built.network(), at.weights(), at.statistics(), sample);
    List<String> layers = List.copyOf(norms.keySet());
    add(
        tables,
        Schema.ACTIVATIONS,
        done,
        layers.stream()
            .map(
                layer ->
                    List.of(
                        cell.model(),
                        sample.name(),
                        layers.indexOf(layer),
                        layer,
                        norms.get(layer))));
  }

  private ImageSample sample() {
    return ImageSample.training(built.data(), cell.configuration().measure().images(), randomness);
  }

  private Federation.Scored scoredFirst(Federation federation) {
    return federation.average(Average.named(cell.model()));
  }

  /** Measures the model that is scored first. */
  void atEnd(Federation federation, CellTables tables) {
    atEnd(scoredFirst(federation), federation.server().round(), tables);
  }

  /**
   * @param at what the model that is scored first ended with
   * @param round rounds completed
   */
  void atEnd(Federation.Scored at, int round, CellTables tables) {
    String model = cell.model();
    if (wanted.contains(GRADIENTS)) {
      add(tables, Schema.GRADIENTS, round, gradients(at).map(row -> List.of(model, row)));
    }
    ImageSample sample = sample();
    if (wanted.contains(CURVATURE)) {
      add(
          tables,
          Schema.CURVATURE,
          round,
          curvature(at, sample, round).map(row -> List.of(model, sample.name(), row)));
    }
    if (wanted.contains(LANDSCAPE)) {
      add(
          tables,
          Schema.LANDSCAPE,
          round,
          landscape(at, sample).map(row -> List.of(model, sample.name(), row)));
    }
    if (wanted.contains(STATISTICS)) {
      add(
          tables,
          Schema.STATISTICS,
          round,
          statistics(at, sample).map(row -> List.of(model, sample.name(), row)));
    }
  }

  private Stream<GradientVariance> gradients(Federation.Scored at) {
    DataSet data = built.data();
    int[][] deal = built.deal();
    List<ImageSample> clients =
        IntStream.range(0, deal.length)
            .mapToObj(m -> ImageSample.of("client " + m, data.train().select(deal[m]), data))
            .toList();
    return GradientVariance.measure(built.models(), at.weights(), at.statistics(), clients)
        .stream();
  }

  private Stream<Curvature.Measured> curvature(
      Federation.Scored at, ImageSample sample, int round) {
    Curvature curvature =
        Curvature.of(built.network(), at.weights(), at.statistics(), sample)
            .withRandomness(randomness);
    try {
      return Stream.of(
              curvature.extremes(EIGENVALUES),
              List.of(curvature.trace()),
              curvature.layers(),
              curvature.bounds(),
              List.of(curvature.adaptive()))
          .flatMap(List::stream);
    } catch (MaxCountExceededException e) { // The eigenvalues do not converge.
      throw new DivergedException("the curvature (" + e.getMessage() + ")", round);
    }
  }

  private Stream<Landscape.Point> landscape(Federation.Scored at, ImageSample sample) {
    int steps = cell.configuration().measure().steps();
    return Landscape.of(built.models(), at.weights(), at.statistics(), sample)
        .withRandomness(randomness)
        .plane(1, 2 * steps + 1)
        .stream();
  }

  private record ByStatistics(String normalisedBy, double accuracy, double loss) {}

  /** Test scores by the statistics that came of training, and by those of training images. */
  private Stream<ByStatistics> statistics(Federation.Scored at, ImageSample sample) {
    float[] again = PreciseStatistics.of(built.models(), at.weights(), sample);
    return Stream.of(
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
  private void add(CellTables tables, Schema table, int round, Stream<List<Object>> measured) {
    List<Object[]> rows =
        measured.map(row -> row.stream().flatMap(Measurements::columns).toArray()).toList();
    for (Object[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        String column = table.columns().get(table.columns().size() - row.length + i);
        if (row[i] instanceof Double number
            && !Double.isFinite(number)
            && !SHARES.contains(column)) {
          String measure = table == Schema.LAYERS ? DIVERGENCE : table.name();
          throw new DivergedException("the " + measure, round);
        }
      }
    }
    rows.forEach(row -> tables.add(table, cell, round, row));
  }

  private static Stream<Object> columns(Object value) {
    return value instanceof Record
        ? Stream.of(Options.values(value)).flatMap(Measurements::columns)
        : Stream.of(value instanceof Enum<?> ? Values.word(value) : value);
  }

  /** How many images of each class each client has; zeros are left out. */
  void partition(CellTables tables) {
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
