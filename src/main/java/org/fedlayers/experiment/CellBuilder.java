package org.fedlayers.experiment;

import java.util.Arrays;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.data.Augmentation;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Partitions;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.federated.FedAvg;
import org.fedlayers.federated.ImageProblem;
import org.fedlayers.federated.LocalTraining;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.fedlayers.federated.Participation;
import org.fedlayers.federated.RateSchedule;
import org.fedlayers.federated.Setting;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.nn.ArchitectureOption;
import org.fedlayers.nn.ArchitectureOptions;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Shape;
import org.fedlayers.options.UserError;

/** Makes of a cell's settings what the room {@code federated} runs; see {@link Arm}. */
final class CellBuilder {
  private final DataShelf data;
  private final Executor executor;

  CellBuilder(DataShelf data, Executor executor) {
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
  record Built(
      DataSet data,
      int[][] deal,
      ImageProblem problem,
      Supplier<Model> models,
      Setting setting,
      float[] weights) {
    Network network() {
      return problem.network();
    }
  }

  Built build(Cell cell) {
    Configuration settings = cell.configuration();
    Randomness randomness = new Randomness(cell.seed());
    DataSet images = data.of(settings);
    int[][] deal = deal(settings, images, randomness);
    Network network = network(settings);
    Supplier<Model> models = executor.models(network);
    ImageProblem problem =
        new ImageProblem(
            images,
            holdings(cell, deal),
            batch(cell),
            augmentation(settings),
            network,
            models,
            randomness);
    Setting setting =
        new Setting(
            cell.arm() == Arm.FEDERATED ? method(settings) : new FedAvg(),
            training(cell, images.train().size()),
            cell.arm() == Arm.FEDERATED ? participation(settings) : new Participation.Full(),
            policy(cell),
            randomness);
    Initialisation initialisation = Initialisation.named(settings.get(Keys.INITIALISATION));
    return new Built(
        images, deal, problem, models, setting, initialisation.weights(network, randomness));
  }

  /**
   * @return the cell's network
   * @throws UserError if the executor lacks a layer of it
   */
  Network requireLayers(Cell cell) {
    Network network = network(cell.configuration());
    executor.requireLayers(network);
    return network;
  }

  DataShelf shelf() {
    return data;
  }

  static Network network(Configuration settings) {
    String set = settings.get(Keys.DATA);
    int side = set.startsWith("tiny-imagenet") ? 64 : 32;
    int classes =
        switch (set) {
          case "cifar-100" -> 100;
          case "tiny-imagenet-200" -> 200;
          default -> 10;
        };
    ArchitectureOptions options = ArchitectureOptions.of(new Shape(3, side, side), classes);
    for (ArchitectureOption<?> option : ArchitectureOption.ALL) {
      Object value = settings.get(Keys.named("model." + option.name()));
      if (value != null && !value.equals(Keys.UNSET)) {
        options = options.with(option.name(), String.valueOf(value));
      }
    }
    return Architectures.named(settings.get(Keys.MODEL)).build(options);
  }

  static int[][] deal(Configuration settings, DataSet images, Randomness randomness) {
    return Partitions.parse(settings.get(Keys.PARTITION), settings.options("partition"))
        .deal(images.train().labels(), images.classes(), settings.get(Keys.CLIENTS), randomness);
  }

  /** What each client of the cell's arm trains on: a central arm has one, with everything. */
  static int[][] holdings(Cell cell, int[][] deal) {
    return cell.arm() == Arm.FEDERATED
        ? deal
        : new int[][] {Stream.of(deal).flatMapToInt(Arrays::stream).sorted().toArray()};
  }

  /** Images in a mini-batch of the cell's arm. */
  static int batch(Cell cell) {
    Configuration settings = cell.configuration();
    long batch = settings.get(Keys.BATCH);
    return (int)
        Math.min(
            Integer.MAX_VALUE, cell.arm() == Arm.CENTRAL_LARGE ? batch * cohort(settings) : batch);
  }

  private static Augmentation augmentation(Configuration settings) {
    Augmentation augmentation =
        switch (settings.get(Keys.AUGMENTATION)) {
          case "cifar" -> Augmentation.cifar();
          case "always-crop" -> Augmentation.alwaysCrop();
          case "resized-crop" -> Augmentation.resizedCrop();
          default -> Augmentation.none();
        };
    return settings.get(Keys.BORDER).equals("black")
        ? augmentation.withBorder(Augmentation.Border.BLACK)
        : augmentation;
  }

  static Method method(Configuration settings) {
    return Methods.parse(settings.get(Keys.METHOD), settings.options("method"));
  }

  /** The method of a cell, if it goes with the cell's training. */
  static Method checkedMethod(Configuration settings) {
    Method method = method(settings);
    if (settings.has(Keys.EPOCHS) || settings.has(Keys.STEPS)) {
      LocalTraining training =
          settings.has(Keys.STEPS)
              ? LocalTraining.steps(settings.get(Keys.STEPS), settings.get(Keys.RATE))
              : LocalTraining.epochs(settings.get(Keys.EPOCHS), settings.get(Keys.RATE));
      method
          .conflict(training.withMomentum(settings.get(Keys.MOMENTUM), buffers(settings)))
          .ifPresent(
              reason -> {
                throw new UserError(reason);
              });
    }
    return method;
  }

  private static Participation participation(Configuration settings) {
    Integer cohort = settings.get(Keys.COHORT);
    if (cohort != null) {
      return new Participation.Fixed(cohort);
    }
    double probability = settings.get(Keys.PARTICIPATION);
    return probability == 1 ? new Participation.Full() : new Participation.Bernoulli(probability);
  }

  /** Clients of a round, on average: K of {@link Arm}. */
  static int cohort(Configuration settings) {
    Integer cohort = settings.get(Keys.COHORT);
    int clients = settings.get(Keys.CLIENTS);
    return cohort != null
        ? cohort
        : (int) Math.max(1, Math.round(clients * settings.get(Keys.PARTICIPATION)));
  }

  private static LocalTraining training(Cell cell, int images) {
    Configuration settings = cell.configuration();
    Integer epochs = settings.get(Keys.EPOCHS);
    Integer steps = settings.get(Keys.STEPS);
    boolean everyone = cohort(settings) == settings.get(Keys.CLIENTS);
    boolean central = cell.arm() != Arm.FEDERATED;
    if (central && !(epochs != null && everyone)) {
      steps = steps != null ? steps : Math.multiplyExact(epochs, stepsPerEpoch(settings, images));
      steps = cell.arm() == Arm.CENTRAL_SMALL ? Math.multiplyExact(steps, cohort(settings)) : steps;
    }
    LocalTraining training =
        steps != null
            ? LocalTraining.steps(steps, settings.get(Keys.RATE))
            : LocalTraining.epochs(epochs, settings.get(Keys.RATE));
    return training
        .withRate(rate(settings))
        .withMomentum(
            settings.get(Keys.MOMENTUM), central ? LocalTraining.Momentum.LOCAL : buffers(settings))
        .withClip(settings.get(Keys.CLIP))
        .withWeightDecay(settings.get(Keys.WEIGHT_DECAY))
        .withActivationPenalty(settings.get(Keys.MAN));
  }

  /** Of a client with the mean number of images. */
  private static int stepsPerEpoch(Configuration settings, int images) {
    int own = Math.max(1, Math.round((float) images / settings.get(Keys.CLIENTS)));
    return (own - 1) / settings.get(Keys.BATCH) + 1;
  }

  private static RateSchedule rate(Configuration settings) {
    return new RateSchedule(
        settings.get(Keys.RATE),
        settings.get(Keys.DECAY),
        settings.get(Keys.DECAY_BY).equals("samples")
            ? RateSchedule.Unit.SAMPLES
            : RateSchedule.Unit.ROUNDS,
        settings.get(Keys.DECAY_EVERY),
        settings.get(Keys.DECAY_AT).stream()
            .map(share -> Schedule.roundAt(share, settings))
            .toList());
  }

  private static LocalTraining.Momentum buffers(Configuration settings) {
    return switch (settings.get(Keys.BUFFERS)) {
      case "local" -> LocalTraining.Momentum.LOCAL;
      case "global" -> LocalTraining.Momentum.GLOBAL;
      default -> LocalTraining.Momentum.RESET;
    };
  }

  /** Whether the cell's normaliser takes this option. */
  static boolean uses(Configuration settings, Key<?> option) {
    boolean fixed = settings.get(Keys.NORMALISER).equals("fixbn");
    return option == Keys.AVERAGING ? network(settings).statisticsCount() > 0 : fixed;
  }

  static StatisticsPolicy policy(Cell cell) {
    Configuration settings = cell.configuration();
    String normaliser = settings.get(Keys.NORMALISER);
    // A single client has nothing to keep to itself.
    StatisticsPolicy named =
        cell.arm() != Arm.FEDERATED
            ? StatisticsPolicy.AVERAGED
            : switch (normaliser) {
              case "fedbn" -> StatisticsPolicy.PERSONAL;
              case "hbn" -> StatisticsPolicy.HYBRID;
              default -> StatisticsPolicy.AVERAGED;
            };
    return new StatisticsPolicy(
        switch (settings.get(Keys.AVERAGING)) {
          case "mean" -> StatisticsPolicy.Averaging.MEAN;
          case "total-variance" -> StatisticsPolicy.Averaging.TOTAL_VARIANCE;
          default -> named.averaging();
        },
        named.personal(),
        normaliser.equals("fixbn") ? switchRound(settings) : Integer.MAX_VALUE,
        settings.get(Keys.FREEZE_AFFINE));
  }

  /** FixBN's T*: the first round with frozen statistics. */
  private static int switchRound(Configuration settings) {
    Integer round = settings.get(Keys.SWITCH_ROUND);
    return round != null ? round : Schedule.roundAt(settings.get(Keys.SWITCH), settings);
  }

  /** Samples that the cell will process in training. */
  static long samples(Built built, Cell cell) {
    LocalTraining training = built.setting().training();
    ImageProblem problem = built.problem();
    double share =
        cell.arm() == Arm.FEDERATED ? (double) cohort(cell.configuration()) / problem.clients() : 1;
    int size = batch(cell);
    long perRound =
        IntStream.range(0, problem.clients())
            .mapToLong(
                client ->
                    training.epochs() > 0
                        ? (long) training.epochs() * problem.samples(client)
                        : (long) training.steps() * Math.min(size, problem.samples(client)))
            .sum();
    return Math.multiplyExact(
        Math.round(share * perRound), (long) Schedule.rounds(cell.configuration()));
  }
}
