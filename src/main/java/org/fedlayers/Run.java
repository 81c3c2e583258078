package org.fedlayers;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Heterogeneity;
import org.fedlayers.data.Partitions;
import org.fedlayers.diagnostics.ActivationNorms;
import org.fedlayers.diagnostics.Curvature;
import org.fedlayers.diagnostics.DivergenceMeter;
import org.fedlayers.diagnostics.ImageSample;
import org.fedlayers.diagnostics.Landscape;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.CellBuilder;
import org.fedlayers.experiment.Checkpoint;
import org.fedlayers.experiment.DataShelf;
import org.fedlayers.experiment.Schedule;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.RoundReport;
import org.fedlayers.federated.Score;
import org.fedlayers.nn.Network;
import org.fedlayers.options.UserError;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.io.csv.CsvReadOptions;

/**
 * A federation in training, which {@link Simulation#run} gives back. It can be asked and can go on
 * at any time; a round that is interrupted leaves it as it was before. Not thread-safe.
 */
public final class Run {
  private static final DataShelf IMAGES = new DataShelf(DataHome.resolve(null));
  private static final ThreadEngine ENGINE = ThreadEngine.ofAllCores();
  private static final String HISTORY = "history.csv";
  private static final ColumnType[] TYPES = {
    ColumnType.INTEGER, ColumnType.LONG, ColumnType.DOUBLE, ColumnType.DOUBLE, ColumnType.DOUBLE
  };
  private static final int LINES = 5;

  private final Simulation simulation;
  private final CellBuilder.Built built;
  private final Schedule schedule;
  private final Average average;
  private final Federation federation;
  private final DivergenceMeter meter;
  private Table history =
      Table.create(
          IntColumn.create("round"),
          LongColumn.create("samples"),
          DoubleColumn.create("accuracy"),
          DoubleColumn.create("loss"),
          DoubleColumn.create("train_loss"));

  Run(Simulation simulation) {
    this.simulation = simulation;
    this.built = new CellBuilder(IMAGES, Executor.AUTO).build(simulation.cell());
    this.schedule = new Schedule(simulation.settings());
    Path folder = simulation.folder();
    this.average = Average.named(simulation.settings().scoring().averages().get(0));
    this.federation =
        new Federation(
            built.problem(),
            built.setting(),
            built.weights(),
            built.network().freshStatistics(),
            ENGINE,
            folder == null ? ClientMemory.onHeap() : Checkpoint.memory(folder),
            average == Average.ALL);
    if (folder != null) {
      Checkpoint.load(federation, folder, owner());
      read(folder.resolve(HISTORY));
    }
    this.meter = new DivergenceMeter(built.network(), round -> schedule.scores(round + 1));
    federation.listen(meter);
  }

  /** Trains to the planned end. */
  public Run finish() {
    return rounds(schedule.rounds() - round());
  }

  /**
   * Trains for so many rounds more, beyond the planned end too, and prints some five lines on the
   * way, with the run's own name if it has one.
   */
  public Run rounds(int more) {
    int last = round() + more;
    try {
      while (round() < last) {
        RoundReport report = federation.round();
        if (schedule.scores(round()) || round() == last) {
          add(report, federation.score(average));
          if ((long) round() * LINES / last > (round() - 1L) * LINES / last) {
            System.out.printf(
                Locale.ROOT,
                "%sround %d of %d: accuracy %.1f %%%n",
                simulation.name() == null ? "" : simulation.name() + ", ",
                round(),
                last,
                100 * accuracy());
          }
        }
      }
      return this;
    } finally {
      ENGINE.release(built.problem()); // Its models hold native memory.
      keep();
    }
  }

  private String owner() {
    return Checkpoint.owner(simulation.cell(), built.data().sha256());
  }

  /** Keeps it where the simulation says; the history first, which may be ahead of the rest. */
  private void keep() {
    if (simulation.folder() != null && round() > 0) {
      StringWriter rows = new StringWriter();
      history().write().csv(rows);
      try {
        Path folder = AtomicFile.folder(simulation.folder());
        AtomicFile.write(folder.resolve(HISTORY), rows.toString());
        Checkpoint.save(federation, folder, owner());
      } catch (IOException e) {
        throw new UncheckedIOException("cannot keep a run in " + simulation.folder(), e);
      }
    }
  }

  private void read(Path file) {
    if (round() == 0) {
      return;
    }
    Table kept = Table.read().csv(CsvReadOptions.builder(file.toFile()).columnTypes(TYPES));
    history = kept.where(kept.intColumn("round").isLessThanOrEqualTo(round()));
  }

  private void add(RoundReport report, Score score) {
    Row row = history.appendRow();
    row.setInt("round", round());
    row.setLong("samples", federation.server().samples());
    row.setDouble("accuracy", score.accuracy());
    row.setDouble("loss", score.meanLoss());
    row.setDouble("train_loss", report.loss() - report.penalty());
  }

  private double accuracy() {
    return history.doubleColumn("accuracy").get(history.rowCount() - 1);
  }

  /** Rounds completed. */
  public int round() {
    return federation.server().round();
  }

  /** A row for each scored round: images processed, accuracy and loss on the test images. */
  public Table history() {
    return history.copy().setName("history");
  }

  /** Accuracy on the test images, round by round; {@link Runs} draws several together. */
  public BufferedImage plot() {
    return Runs.of(this).plot();
  }

  /** How the average that is scored does on the test images. */
  public Score score() {
    try {
      return federation.score(average);
    } finally {
      ENGINE.release(built.problem());
    }
  }

  /** The average that is scored, as flat vectors in the canonical order of {@link #network}. */
  public Federation.Scored model() {
    return federation.average(average);
  }

  /** The federation underneath: the server's state, the clients' memory, listeners. */
  public Federation federation() {
    return federation;
  }

  public Network network() {
    return built.network();
  }

  public DataSet images() {
    return built.data();
  }

  /** How images were split: for each client the indices of its training images. */
  public int[][] partition() {
    return built.deal();
  }

  /** How unlike each other the clients are by their labels. */
  public Heterogeneity heterogeneity() {
    return Heterogeneity.of(counts());
  }

  /** A row for each client and class: how many training images of that class it has. */
  public Table labels() {
    return Measures.labels(counts(), built.data().classNames());
  }

  /** See {@link Simulation#plotPartition}. */
  BufferedImage plotPartition() {
    return Measures.plotPartition(labels(), heterogeneity(), simulation.settings().data().set());
  }

  private int[][] counts() {
    DataSet data = built.data();
    return Partitions.counts(built.deal(), data.train().labels(), data.classes());
  }

  /** What the model takes each test image for. */
  public int[] predictions() {
    return built.problem().predictions(model());
  }

  /** Test images by their class, in rows, and by what the model takes them for, in columns. */
  public Table confusion() {
    int[][] counts = confusion(model());
    List<String> names = built.data().classNames();
    Table table = Table.create("confusion", StringColumn.create("class", names));
    for (int column = 0; column < names.size(); column++) {
      table.addColumns(IntColumn.create(names.get(column), column(counts, column).toArray()));
    }
    return table;
  }

  private int[][] confusion(Federation.Scored model) {
    int classes = built.data().classes();
    int[][] counts = new int[classes][classes];
    int[] labels = built.data().test().labels();
    int[] predicted = built.problem().predictions(model);
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]][predicted[i]]++;
    }
    return counts;
  }

  /**
   * A row for each class: its test images, recall (the fraction of them that is recognised) and
   * precision (the fraction of those taken for the class that are of it; NaN if there are none).
   */
  public Table classes() {
    int[][] counts = confusion(model());
    double[] precision =
        IntStream.range(0, counts.length)
            .mapToDouble(c -> (double) counts[c][c] / column(counts, c).sum())
            .toArray();
    return Table.create(
        "classes",
        StringColumn.create("class", built.data().classNames()),
        IntColumn.create("images", Arrays.stream(counts).mapToInt(Run::sum).toArray()),
        DoubleColumn.create("recall", recall(counts)),
        DoubleColumn.create("precision", precision));
  }

  private static IntStream column(int[][] counts, int column) {
    return Arrays.stream(counts).mapToInt(row -> row[column]);
  }

  private static int sum(int[] values) {
    return Arrays.stream(values).sum();
  }

  private static double[] recall(int[][] counts) {
    return IntStream.range(0, counts.length)
        .mapToDouble(c -> (double) counts[c][c] / sum(counts[c]))
        .toArray();
  }

  /**
   * Accuracy from a client's point of view: on test images in the proportions of its own classes,
   * for the model as it is and after the client has trained it for one more round. A client of two
   * classes gains much by forgetting the other eight.
   *
   * @param clients by id; all if none is named
   */
  public Table clients(int... clients) {
    int[] asked = clients.length > 0 ? clients : IntStream.range(0, built.deal().length).toArray();
    int[][] counts = counts();
    double[] now = recall(confusion(model()));
    DoubleColumn after = DoubleColumn.create("after");
    try {
      federation.trained(
          asked, (client, model) -> after.append(mean(recall(confusion(model)), counts[client])));
    } finally {
      ENGINE.release(built.problem());
    }
    return Table.create(
        "clients",
        IntColumn.create("client", asked),
        IntColumn.create("images", Arrays.stream(asked).map(m -> sum(counts[m])).toArray()),
        DoubleColumn.create(
            "before", Arrays.stream(asked).mapToDouble(m -> mean(now, counts[m])).toArray()),
        after);
  }

  private static double mean(double[] recall, int[] weights) {
    return IntStream.range(0, recall.length)
            .filter(c -> weights[c] > 0)
            .mapToDouble(c -> recall[c] * weights[c])
            .sum()
        / sum(weights);
  }

  /**
   * A row for each scored round and layer: how far clients' models were apart. Kernels and
   * normalisers are numbered from 1 at the input; 0 is the mean over kernels.
   */
  public Table divergence() {
    return Measures.divergence(meter.measured());
  }

  /**
   * How curved the training loss is at the model: its largest Hessian eigenvalues, its trace, and
   * its adaptive sharpness, which no rescaling of layers changes; and the loss itself.
   *
   * @param images training images to measure on, drawn evenly from their classes; 200 take seconds
   *     on a small network
   */
  public Table curvature(int images) {
    return Measures.curvature(curved(images));
  }

  /** The largest eigenvalue of each layer's own block of the Hessian, from input to output. */
  public Table blocks(int images) {
    return Measures.blocks(curved(images));
  }

  /** The mean square of each layer's activations, which MAN penalises, from input to output. */
  public Table activations(int images) {
    Federation.Scored at = model();
    return Measures.activations(
        ActivationNorms.of(built.network(), at.weights(), at.statistics(), sample(images)));
  }

  /**
   * The training loss around the model, on a grid of 21 by 21 points along two random directions in
   * which a step of 1 changes every filter by its own norm.
   */
  public Table landscape(int images) {
    Federation.Scored at = model();
    return Measures.landscape(
        Landscape.of(built.models(), at.weights(), at.statistics(), sample(images)).plane(1, 21));
  }

  private ImageSample sample(int images) {
    if (simulation.settings().data().featureShift() > 0) {
      throw new UserError(
          "training images are measured as they are before data.feature-shift, which no client"
              + " sees: leave it out to measure");
    }
    return ImageSample.training(built.data(), images, built.setting().randomness());
  }

  private Curvature curved(int images) {
    Federation.Scored at = model();
    return Curvature.of(built.network(), at.weights(), at.statistics(), sample(images))
        .withRandomness(built.setting().randomness());
  }

  /** What it was told. */
  public Simulation simulation() {
    return simulation;
  }

  @Override
  public String toString() {
    return history.isEmpty()
        ? "not scored yet"
        : "accuracy %.1f %% after round %d"
            .formatted(100 * accuracy(), (int) history.intColumn("round").max());
  }
}
