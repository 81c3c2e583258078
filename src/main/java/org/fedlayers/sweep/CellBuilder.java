package org.fedlayers.sweep;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.FedAvg;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.ImageProblem;
import org.fedlayers.federated.Setting;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.options.UserError;

/** Turns a cell's settings into a federation that can be trained; see {@link Arm}. */
public final class CellBuilder {
  private final DataCache data;
  private final Executor executor;

  static CellBuilder of(RunOptions options) {
    return new CellBuilder(new DataCache(options.data()), options.executor());
  }

  public CellBuilder(DataCache data, Executor executor) {
    this.data = data;
    this.executor = executor;
  }

  /**
   * A cell ready to run.
   *
   * @param split for each federated client the indices of its training images; central arms have
   *     the same split
   * @param models make computations of the problem's network
   * @param weights theta of the first round
   */
  public record Built(
      DataSet data,
      int[][] split,
      ImageProblem problem,
      Supplier<Model> models,
      Setting setting,
      float[] weights) {
    public Network network() {
      return problem.network();
    }

    /**
     * The federation before its first round.
     *
     * @param ofAll whether the average of all clients is scored, too
     */
    public Federation federation(Engine engine, ClientMemory memory, boolean ofAll) {
      float[] statistics = network().freshStatistics();
      return new Federation(problem, setting, weights, statistics, engine, memory, ofAll);
    }
  }

  public Built build(Cell cell) {
    Configuration settings = cell.configuration();
    Randomness randomness = new Randomness(cell.seed());
    DataSet images = data.of(settings);
    int[][] split = split(cell, randomness);
    Network network = settings.network();
    Supplier<Model> models = executor.models(network);
    int[][] held = holdings(cell, split);
    var augmented = settings.data().augment(split, randomness);
    ImageProblem problem =
        new ImageProblem(images, held, batch(cell), augmented, network, models, randomness);
    boolean federated = cell.arm() == Arm.FEDERATED;
    Setting setting =
        new Setting(
            federated ? settings.method() : new FedAvg(),
            training(cell, Stream.of(split).mapToInt(client -> client.length).sum()),
            federated ? settings.federation() : new FederationSettings(),
            policy(cell),
            settings.rounds(),
            randomness);
    float[] weights = settings.model().initialisation().weights(network, randomness);
    return new Built(images, split, problem, models, setting, weights);
  }

  /**
   * @return the cell's network
   * @throws UserError if the executor lacks a layer of it
   */
  Network requireLayers(Cell cell) {
    Network network = cell.configuration().network();
    executor.requireLayers(network);
    if (executor.onCard() && policy(cell).global()) {
      throw new UserError("no card runs FBN, global statistics in training: take --executor plan");
    }
    return network;
  }

  DataCache cache() {
    return data;
  }

  /**
   * For each federated client the indices of its training images.
   *
   * @throws UserError if the partition is none, or leaves a batch that is too small
   */
  int[][] split(Cell cell, Randomness randomness) {
    Configuration settings = cell.configuration();
    DataSet images = data.of(settings);
    int clients = settings.federation().clients();
    int[] labels = images.train().labels();
    int[][] split = settings.partition().split(labels, images.classes(), clients, randomness);
    if (split == null || Stream.of(split).anyMatch(Objects::isNull)) {
      throw new UserError("the partition gives no images, to some client or at all: null");
    }
    int[] all = Stream.of(split).flatMapToInt(Arrays::stream).sorted().toArray();
    boolean within = all.length == 0 || all[0] >= 0 && all[all.length - 1] < labels.length;
    if (split.length != clients || !within || IntStream.of(all).distinct().count() < all.length) {
      throw new UserError(
          "the partition gives %d clients %d of %d images, some out of range or twice, to %d clients"
              .formatted(split.length, all.length, labels.length, clients));
    }
    SmallestBatch.check(cell, split);
    return split;
  }

  /** What each client of the cell's arm trains on: a central arm has one, with everything. */
  static int[][] holdings(Cell cell, int[][] split) {
    return cell.arm() == Arm.FEDERATED
        ? split
        : new int[][] {Stream.of(split).flatMapToInt(Arrays::stream).sorted().toArray()};
  }

  /** Images in a mini-batch of the cell's arm. */
  static int batch(Cell cell) {
    long batch = cell.configuration().training().batch();
    long times =
        cell.arm() == Arm.CENTRAL_LARGE ? cell.configuration().federation().expectedCohort() : 1;
    return (int) Math.min(Integer.MAX_VALUE, batch * times);
  }

  private static TrainingSettings training(Cell cell, int images) {
    TrainingSettings settings = cell.configuration().training();
    FederationSettings federation = cell.configuration().federation();
    if (cell.arm() == Arm.FEDERATED) {
      return settings;
    }
    if (settings.epochs() != null && federation.meanCohort() == federation.clients()) {
      return settings.alone(settings.epochs(), null);
    }
    // The last batch of an epoch may be smaller: of a client with the mean number of images, too.
    double own = Math.max(1, (double) images / federation.clients());
    int batches = (int) Math.ceil(own / settings.batch());
    double seen = settings.stepsIn(batches) * own / batches * federation.meanCohort();
    double step = images / Math.ceil((double) images / batch(cell));
    return settings.alone(null, Math.max(1, Math.toIntExact(Math.round(seen / step))));
  }

  static StatisticsPolicy policy(Cell cell) {
    Configuration settings = cell.configuration();
    boolean oneClient = cell.arm() != Arm.FEDERATED;
    return settings.statistics().policy(settings.normaliser(), settings.rounds(), oneClient);
  }
}
