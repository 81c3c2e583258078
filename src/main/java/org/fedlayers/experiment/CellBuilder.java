package org.fedlayers.experiment;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.federated.FedAvg;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.ImageProblem;
import org.fedlayers.federated.Setting;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.options.UserError;

/** Makes of a cell's settings what the room {@code federated} runs; see {@link Arm}. */
public final class CellBuilder {
  private final DataShelf data;
  private final Executor executor;

  public CellBuilder(DataShelf data, Executor executor) {
    this.data = data;
    this.executor = executor;
  }

  /**
   * A cell ready to run.
   *
   * @param deal for each federated client the indices of its training images, whatever the arm
   * @param models make computations of the problem's network
   * @param weights theta of the first round
   */
  public record Built(
      DataSet data,
      int[][] deal,
      ImageProblem problem,
      Supplier<Model> models,
      Setting setting,
      float[] weights) {
    public Network network() {
      return problem.network();
    }
  }

  public Built build(Cell cell) {
    Configuration settings = cell.configuration();
    Randomness randomness = new Randomness(cell.seed());
    DataSet images = data.of(settings);
    int[][] deal = deal(settings, images, randomness);
    Network network = settings.network();
    Supplier<Model> models = executor.models(network);
    ImageProblem problem =
        new ImageProblem(
            images,
            holdings(cell, deal),
            batch(cell),
            settings.data().augment(deal, randomness),
            network,
            models,
            randomness);
    boolean federated = cell.arm() == Arm.FEDERATED;
    Setting setting =
        new Setting(
            federated ? settings.method() : new FedAvg(),
            training(cell, images.train().size()),
            federated ? settings.federation() : new FederationSettings(),
            policy(cell),
            settings.rounds(),
            randomness);
    float[] weights = settings.model().initialisation().weights(network, randomness);
    return new Built(images, deal, problem, models, setting, weights);
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

  DataShelf shelf() {
    return data;
  }

  static int[][] deal(Configuration settings, DataSet images, Randomness randomness) {
    return settings
        .partition()
        .split(
            images.train().labels(), images.classes(), settings.federation().clients(), randomness);
  }

  /** What each client of the cell's arm trains on: a central arm has one, with everything. */
  static int[][] holdings(Cell cell, int[][] deal) {
    return cell.arm() == Arm.FEDERATED
        ? deal
        : new int[][] {Stream.of(deal).flatMapToInt(Arrays::stream).sorted().toArray()};
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
    Integer epochs = settings.epochs();
    Integer steps = settings.steps();
    if (cell.arm() == Arm.FEDERATED) {
      return settings;
    }
    boolean everyone = federation.expectedCohort() == federation.clients();
    if (epochs == null || !everyone) {
      // Of a client with the mean number of images.
      int own = Math.max(1, Math.round((float) images / federation.clients()));
      int perEpoch = (own - 1) / settings.batch() + 1;
      steps = steps != null ? steps : Math.multiplyExact(epochs, perEpoch);
      int times = cell.arm() == Arm.CENTRAL_SMALL ? federation.expectedCohort() : 1;
      return settings.alone(null, Math.multiplyExact(steps, times));
    }
    return settings.alone(epochs, null);
  }

  static StatisticsPolicy policy(Cell cell) {
    Configuration settings = cell.configuration();
    return settings
        .statistics()
        .policy(settings.normaliser(), settings.rounds(), cell.arm() != Arm.FEDERATED);
  }
}
