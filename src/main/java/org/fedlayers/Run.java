package org.fedlayers;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Heterogeneity;
import org.fedlayers.data.Partitions;
import org.fedlayers.data.Randomness;
import org.fedlayers.diagnostics.ActivationNorms;
import org.fedlayers.diagnostics.Curvature;
import org.fedlayers.diagnostics.DivergenceMeter;
import org.fedlayers.diagnostics.Hessian;
import org.fedlayers.diagnostics.ImageSample;
import org.fedlayers.diagnostics.Landscape;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.Measurement;
import org.fedlayers.experiment.ScoringSettings;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.RoundReport;
import org.fedlayers.federated.Score;
import org.fedlayers.nn.Network;
import org.fedlayers.options.UserError;
import org.fedlayers.sweep.CellBuilder;
import org.fedlayers.sweep.Checkpoint;
import org.fedlayers.sweep.DataCache;
import tech.tablesaw.api.Table;

/**
 * A training run, as {@link Simulation#run} returns it. It can be measured and continued at any
 * time; a round that is interrupted leaves it as it was before that round. Not thread-safe.
 */
public final class Run {
  private static final DataCache IMAGES = new DataCache(DataHome.resolve(null));
  private static final ThreadEngine ENGINE = ThreadEngine.ofAllCores();
  private static final int CORES = Runtime.getRuntime().availableProcessors();
  private static final int LINES = 5;

  private final Simulation simulation;
  private final CellBuilder.Built built;
  private final Average average;
  private final Federation federation;

  /** Where it is kept, or null. */
  private final RunFolder folder;

  private final int planned;
  private final ScoringSettings scoring;
  private final DivergenceMeter meter;
  private final Table history =
      Measures.table("history", "round# samples## accuracy~ loss~ train_loss~");
  private final Table divergence = Measures.divergence();

  /** A round that is over, and not scored yet. */
  private RoundReport unscored;

  Run(Simulation simulation) {
    simulation.check();
    IMAGES.forgetRefusals();
    this.simulation = simulation;
    this.built = new CellBuilder(IMAGES, Executor.AUTO).build(simulation.cell());
    this.planned = simulation.settings().rounds();
    this.scoring = simulation.settings().scoring();
    this.average = Average.named(scoring.first());
    String owner = Checkpoint.owner(simulation.cell(), built.data().sha256());
    this.folder = simulation.folder() == null ? null : new RunFolder(simulation.folder(), owner);
    ClientMemory memory = folder == null ? ClientMemory.onHeap() : folder.memory();
    this.federation = built.federation(ENGINE, memory, average == Average.ALL);
    if (folder != null && folder.load(federation, List.of(history, divergence))) {
      warnOfChanges();
    }
    boolean wanted = simulation.settings().measure().has(Measurement.DIVERGENCE);
    this.meter =
        wanted
            ? new DivergenceMeter(built.network(), round -> scores(round + 1), null, CORES)
            : null;
    if (wanted) {
      federation.listen(meter);
    }
  }

  private boolean scores(int done) {
    return scoring.scores(done, planned);
  }

  /** Trains to the planned end. */
  public Run finish() {
    return rounds(planned - round());
  }

  /**
   * Trains for so many rounds more, beyond the planned end too, and prints some five lines on the
   * way, with the run's own name if it has one.
   */
  public Run rounds(int more) {
    int last = round() + more;
    if (folder == null) {
      trainTo(last);
    } else {
      folder.alone(() -> trainTo(last));
    }
    return this;
  }

  private void trainTo(int last) {
    try {
      scoreRound(last); // that an interrupt left
      while (round() < last) {
        unscored = federation.round();
        scoreRound(last);
        if (folder != null && folder.isDue()) {
          keep();
        }
      }
    } finally {
      ENGINE.release(built.problem()); // Its models hold native memory.
      keep();
    }
  }

  private void warnOfChanges() {
    if (!simulation.settings().isBuiltIn()) {
      System.out.printf(
          Locale.ROOT,
          "goes on after round %d kept in %s: if you have changed what it is made of, take another"
              + " folder%n",
          round(),
          folder);
    }
  }

  private void scoreRound(int last) {
    if (unscored != null && (scores(round()) || round() == last)) {
      add(unscored, federation.score(average));
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
    unscored = null;
  }

  private void keep() {
    if (folder != null && round() > 0 && unscored == null) {
      folder.save(federation, meter == null ? List.of(history) : List.of(history, divergence()));
    }
  }

  private void add(RoundReport report, Score score) {
    long samples = federation.server().samples();
    double trainLoss = report.loss() - report.penalty();
    Measures.add(history, round(), samples, score.accuracy(), score.meanLoss(), trainLoss);
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
  public Federation.ModelState model() {
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
    return built.split();
  }

  /** How unlike each other the clients are by their labels. */
  public Heterogeneity heterogeneity() {
    return Heterogeneity.of(counts());
  }

  /** A row for each client and class: how many training images of that class it has. */
  public Table labels() {
    int[][] counts = counts();
    Table labels = Measures.table("labels", "client# class images#");
    for (int m = 0; m < counts.length; m++) {
      for (int c = 0; c < counts[m].length; c++) {
        Measures.add(labels, m, name(c), counts[m][c]);
      }
    }
    return labels;
  }

  private String name(int label) {
    return built.data().classNames().get(label);
  }

  /** See {@link Simulation#plotPartition}. */
  BufferedImage plotPartition() {
    return Measures.plotPartition(labels(), heterogeneity(), simulation.settings().data().set());
  }

  private int[][] counts() {
    DataSet data = built.data();
    return Partitions.counts(built.split(), data.train().labels(), data.classes());
  }

  /** What the model takes each test image for. */
  public int[] predictions() {
    return built.problem().predictions(model());
  }

  /** Test images by their class, in rows, and by what the model takes them for, in columns. */
  public Table confusion() {
    return confusion(model()).table(built.data().classNames());
  }

  private Confusion confusion(Federation.ModelState model) {
    DataSet data = built.data();
    return Confusion.of(data.test().labels(), built.problem().predictions(model), data.classes());
  }

  /**
   * A row for each class: its test images, recall (the fraction of them that is recognised) and
   * precision (the fraction of those taken for the class that are of it; NaN if there are none).
   */
  public Table classes() {
    Confusion all = confusion(model());
    Table classes = Measures.table("classes", "class images# recall~ precision~");
    for (int c = 0; c < built.data().classes(); c++) {
      Measures.add(classes, name(c), all.images(c), all.recall(c), all.precision(c));
    }
    return classes;
  }

  /**
   * Accuracy from a client's point of view: on test images in the proportions of its own classes,
   * for the server's model and after the client has trained it for one more round. A client of two
   * classes gains much by forgetting the other eight.
   *
   * @param clients by id; all if none is named
   */
  public Table clients(int... clients) {
    int[][] counts = counts();
    int[] asked = clients.length > 0 ? clients : IntStream.range(0, counts.length).toArray();
    for (int client : asked) {
      if (client < 0 || client >= counts.length) {
        throw new UserError(
            "there is no client %d; they are 0 to %d".formatted(client, counts.length - 1));
      }
    }
    Confusion now = confusion(federation.average(Average.SERVER));
    Table table = Measures.table("clients", "client# images# before~ after~");
    try {
      federation.trained(
          asked,
          (m, trained) -> {
            double after = confusion(trained).accuracy(counts[m]);
            int images = IntStream.of(counts[m]).sum();
            Measures.add(table, m, images, now.accuracy(counts[m]), after);
          });
      return table;
    } finally {
      ENGINE.release(built.problem());
    }
  }

  /**
   * A row for each scored round and layer: the divergence between clients' models. Kernels and
   * normalisers are numbered from 1 at the input; 0 is the mean over kernels. It is measured while
   * clients train, so {@link Simulation#measure} has to ask for it before.
   *
   * @throws UserError if it was not asked for
   */
  public Table divergence() {
    if (meter == null) {
      throw new UserError(
          "divergence is measured while clients train: ask for it before the run, with"
              + " measure(\"divergence\")");
    }
    Measures.addDivergence(divergence, meter.take());
    return divergence.copy().setName("divergence");
  }

  /**
   * How curved the training loss is at the model: its largest Hessian eigenvalues, its trace, and
   * its adaptive sharpness, which no rescaling of layers changes; and the loss itself. The error of
   * an eigenvalue says how far the iteration has converged, that of the trace is its standard
   * error; rounding, about 1e-6 of the largest eigenvalue, comes on top.
   *
   * @param images training images to measure on, drawn evenly from their classes; 200 take seconds
   *     on a small network
   */
  public Table curvature(int images) {
    Curvature at = curved(images);
    Table table = Measures.table("curvature", "measure value~ error~");
    at.top(3).forEach(one -> add(table, "eigenvalue " + (one.index() + 1), one));
    add(table, "trace", at.trace());
    add(table, "adaptive sharpness", at.adaptive());
    Measures.add(table, "loss", at.loss(), 0.0);
    return table;
  }

  private static void add(Table table, String of, Curvature.Measured measured) {
    Measures.add(table, of, measured.value(), measured.error());
  }

  /** The largest eigenvalue of each layer's own block of the Hessian, from input to output. */
  public Table blocks(int images) {
    Table table = Measures.table("blocks", "layer eigenvalue~ error~");
    curved(images).layers().forEach(one -> add(table, one.layer(), one));
    return table;
  }

  /** The mean square of each layer's activations, which MAN penalises, from input to output. */
  public Table activations(int images) {
    Table table = Measures.table("activations", "layer square~");
    ActivationNorms.of(built.network(), model(), sample(images), CORES)
        .forEach((layer, square) -> Measures.add(table, layer, square));
    return table;
  }

  /**
   * The training loss around the model, on a grid of 21 by 21 points along two random directions in
   * which a step of 1 changes every filter by its own norm.
   */
  public Table landscape(int images) {
    Table table = Measures.table("landscape", "alpha~ beta~ loss~");
    new Landscape(built.models(), model(), sample(images), CORES, new Randomness(0))
        .plane(1, 21)
        .forEach(point -> Measures.add(table, point.x(), point.y(), point.loss()));
    return table;
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
    Randomness randomness = built.setting().randomness();
    var hessian = new Hessian(built.network(), model(), sample(images), CORES);
    return Curvature.of(hessian, randomness);
  }

  /** The settings it was started with. */
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
