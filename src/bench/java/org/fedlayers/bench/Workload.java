package org.fedlayers.bench;

import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.fedlayers.data.Augmentation;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Randomness;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.FedAvg;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.ImageProblem;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Problem;
import org.fedlayers.federated.Setting;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Shape;

/**
 * A network for ten classes of 32x32 colour images and its mini-batch size. The images are drawn by
 * a program, because the speed does not depend on their content.
 *
 * @param net name of the architecture
 */
record Workload(String net, Network network, int batch) {
  static final double CLIP = 10;
  static final double WEIGHT_DECAY = 1e-3;
  static final double RATE = 0.01;
  private static final DataSet IMAGES = DataSets.load("drawn", null);
  private static final Randomness RANDOMNESS = new Randomness(0);

  /**
   * How local training differs from plain SGD.
   *
   * @param penalty MAN's zeta
   */
  record Variant(Method method, StatisticsPolicy statistics, double penalty) {
    static final Variant PLAIN = new Variant(new FedAvg(), StatisticsPolicy.AVERAGED, 0);
  }

  /** Batches of 50, of 32 for ResNet-18: the sizes at which these nets have been compared. */
  static Workload named(String net) {
    return of(net, Map.of(), net.equals("resnet-18") ? 32 : 50);
  }

  static Workload withGroupNorm(String net, int batch) {
    return of(net, Map.of("normaliser", "gn"), batch);
  }

  private static Workload of(String net, Map<String, ?> options, int batch) {
    Network network = Architectures.build(net, options, new Shape(3, 32, 32), 10);
    return new Workload(net, network, batch);
  }

  /**
   * A problem whose clients have equally many images.
   *
   * @param models makes a worker's model of the network
   */
  Problem problem(int clients, int images, Supplier<? extends Model> models) {
    int[][] partition =
        IntStream.range(0, clients)
            .mapToObj(client -> IntStream.range(client * images, (client + 1) * images).toArray())
            .toArray(int[][]::new);
    return new ImageProblem(
        IMAGES, partition, batch, Augmentation.none(), network, models, RANDOMNESS);
  }

  /** A federation whose clients all take part in each round, starting at the initial weights. */
  Federation federation(
      Problem problem, Variant variant, TrainingSettings training, Engine engine) {
    TrainingSettings whole =
        training
            .with("clip", CLIP)
            .with("weight-decay", WEIGHT_DECAY)
            .with("man", variant.penalty());
    return new Federation(
        problem,
        new Setting(
            variant.method(), whole, new FederationSettings(), variant.statistics(), 1, RANDOMNESS),
        Initialisation.PYTORCH.weights(network, RANDOMNESS),
        network.freshStatistics(),
        engine,
        ClientMemory.onHeap(),
        false);
  }
}
