package org.fedlayers.nn.plan;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Shape;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each kind of layer alone behind a convolution, in channels that fill narrow blocks, wide blocks,
 * several, and none: with them oneDNN picks other kernels, not all of which do what they say.
 */
class LayersTest {
  private static final int[] CHANNELS = {4, 8, 16, 20, 32};

  @BeforeAll
  static void runsHere() {
    assumeTrue(PlanModel.missing() == null, PlanModel::missing);
  }

  static Stream<Network> networks() {
    List<Network> all = new ArrayList<>();
    for (int c : CHANNELS) {
      add(all, c, "convolution", (b, x) -> x);
      add(all, c, "relu", (b, x) -> b.relu("layer", x));
      add(all, c, "tanh", (b, x) -> b.activate("layer", x, Layer.Function.TANH));
      add(all, c, "wider", (b, x) -> b.convolution("layer", x, 24, 3, 1));
      add(all, c, "five", (b, x) -> convolve(b, x, new Layer.Convolution(c, 5, 1, 2, 1, true)));
      add(all, c, "strided", (b, x) -> b.convolution("layer", x, 16, 3, 2));
      add(
          all,
          c,
          "projected",
          (b, x) -> convolve(b, x, new Layer.Convolution(16, 1, 2, 0, 1, true)));
      add(all, c, "dilated", (b, x) -> convolve(b, x, new Layer.Convolution(c, 3, 1, 2, 2, false)));
      add(all, c, "even", (b, x) -> convolve(b, x, new Layer.Convolution(9, 4, 3, 1, 1, true)));
      add(all, c, "pool", (b, x) -> b.maxPool("layer", x, 2, 2, 0));
      add(all, c, "overlapping pool", (b, x) -> b.maxPool("layer", x, 3, 2, 1));
      add(all, c, "relu.pool", (b, x) -> b.maxPool("pool", b.relu("relu", x), 2, 2, 0));
      add(all, c, "relu.pool first", (b, x) -> pooledAndConvolved(b, b.relu("relu", x), true));
      add(all, c, "relu.pool last", (b, x) -> pooledAndConvolved(b, b.relu("relu", x), false));
      add(all, c, "sum", (b, x) -> b.add("sum", x, b.convolution("other", x, c, 3, 1)));
      add(all, c, "sum.relu", (b, x) -> b.relu("relu", b.add("sum", x, b.relu("other", x))));
      add(all, c, "twice", (b, x) -> b.add("sum", x, x));
      add(all, c, "dense", (b, x) -> b.relu("relu", b.dense("layer", x, 11)));
      for (Normaliser normaliser : normalisers(c)) {
        String name = normaliser.toString();
        add(all, c, name, (b, x) -> b.normalise("layer", x, normaliser));
        add(all, c, name + ".relu", (b, x) -> b.relu("relu", b.normalise("layer", x, normaliser)));
      }
    }
    return all.stream();
  }

  private static List<Normaliser> normalisers(int channels) {
    return List.of(
        Normaliser.BATCH,
        Normaliser.HYBRID,
        Normaliser.LAYER,
        Normaliser.INSTANCE,
        Normaliser.group(2),
        Normaliser.group(channels / 4));
  }

  private static void add(
      List<Network> all, int channels, String name, BiFunction<NetworkBuilder, Node, Node> layer) {
    var b = new NetworkBuilder(name + " of " + channels, new Shape(3, 9, 10));
    Node x = layer.apply(b, b.convolution("before", b.input(), channels, 3, 1));
    x = x.shape().height() == 1 ? x : b.globalAverage("average", x);
    all.add(b.logits(b.dense("logits", x, 4)));
  }

  /** Two readers, of which the pool alone passes on nothing where its input is 0. */
  private static Node pooledAndConvolved(NetworkBuilder b, Node x, boolean poolFirst) {
    Node early = poolFirst ? b.maxPool("pool", x, 3, 1, 1) : null;
    Node convolved = b.convolution("other", x, x.shape().channels(), 3, 1);
    return b.add("sum", poolFirst ? early : b.maxPool("pool", x, 3, 1, 1), convolved);
  }

  private static Node convolve(NetworkBuilder b, Node x, Layer.Convolution layer) {
    return b.convolution("layer", x, layer);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithTheOracle(Network network) {
    Example example = Example.of(network, 4, 7);
    try (var model = new PlanModel(network)) {
      for (Pass pass : List.of(Pass.TRAINING.withPenalty(0.3), Pass.FROZEN)) {
        example.on(model, pass).assertClose(example.expected(pass), network);
      }
    }
  }
}
