package org.fedlayers.nn.cuda;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Networks;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.plan.PlanModel;

/**
 * How far a card is from the plan, for every architecture, normaliser, pass and odd batch; and
 * whether it gives equal bytes again, in a second model and beside others. Its main method needs no
 * test library, for machines that have only a Java and a card.
 */
final class CardAgreement {
  /** All that cards do. */
  static final List<Pass.Statistics> STATISTICS =
      List.of(Pass.Statistics.MOVING, Pass.Statistics.KEEPING, Pass.Statistics.FROZEN);

  /** What single precision may differ by, as a share of the norm. */
  static final double TOLERANCE = 1e-4;

  /**
   * The same for the gradient of a network with kinks: where a ReLU's input, or the largest two of
   * a pool, are within rounding of each other, both sides are right and part. Of n units some n /
   * 10^6 are, and each moves the gradient by some 1 / sqrt(n) of its norm.
   */
  static final double WITH_KINKS = 5e-3;

  /** What products of operands of ten bits may differ by, and the same with kinks. */
  static final double TF32 = 2e-2;

  static final double TF32_WITH_KINKS = 1e-1;

  /** Of the layers of shallower ones. */
  private static final Set<String> DEEPER =
      Set.of("resnet-44", "resnet-56", "resnet-110", "resnet-101", "resnet-152");

  /**
   * Its gradient moves by a hundredth where every weight moves by a unit in its last place (the
   * plan against itself): there rounding tells nothing.
   */
  private static final String ALL_KINKS = "resnet-50";

  private static final int[] SIZES = {50, 7, 2};

  private CardAgreement() {}

  static List<Network> networks() {
    List<Network> networks = new ArrayList<>(List.of(Case.odd()));
    for (Normaliser normaliser :
        List.of(Normaliser.BATCH, Normaliser.group(2), Normaliser.LAYER, Normaliser.INSTANCE)) {
      networks.add(Case.residual(normaliser));
    }
    for (String name : Case.architectures()) {
      Network thin = Networks.CIFAR_10.thin(name, 0.25).named(name);
      if (!DEEPER.contains(name)) {
        networks.add(Case.smooth(thin));
        if (!name.equals(ALL_KINKS)) {
          networks.add(thin);
        }
      }
    }
    return networks;
  }

  /** A few, for tensor cores: one without kinks, and one with padding to whole blocks. */
  static List<Network> few() {
    Network residual = Case.residual(Normaliser.BATCH);
    Network cnn = Networks.CIFAR_10.named("man-cnn");
    return List.of(Case.smooth(residual), residual, Case.smooth(cnn), cnn);
  }

  private static boolean hasKinks(Network network) {
    return network.nodes().stream()
        .map(Node::layer)
        .anyMatch(
            layer ->
                layer instanceof Layer.MaxPool
                    || layer instanceof Layer.Activate one
                        && one.function() == Layer.Function.RELU);
  }

  /**
   * The largest relative distances over all passes and sizes.
   *
   * @param values of the loss, the penalty, statistics and logits
   */
  record Distance(double values, double gradient) {
    Distance or(Distance other) {
      return new Distance(Math.max(values, other.values), Math.max(gradient, other.gradient));
    }

    /** Whether that is rounding. */
    boolean isSmall(Network network, double tolerance, double withKinks) {
      return values < tolerance && gradient < (hasKinks(network) ? withKinks : tolerance);
    }
  }

  static Distance distance(Network network, boolean tensorCores) {
    Distance largest = new Distance(0, 0);
    try (var card = Cuda.model(network, tensorCores);
        var plan = new PlanModel(network)) {
      for (int size : SIZES) {
        Case c = Case.of(network, size);
        for (Pass.Statistics statistics : STATISTICS) {
          for (double zeta : new double[] {0, 0.5}) {
            Pass pass = new Pass(statistics, zeta);
            largest = largest.or(distance(c.on(card, pass), c.on(plan, pass)));
          }
        }
      }
    }
    return largest;
  }

  private static Distance distance(Case.Outcome found, Case.Outcome expected) {
    double[] values = {
      Math.abs(found.value() - expected.value()) / Math.abs(expected.value()),
      Math.abs(found.penalty() - expected.penalty()) / Math.max(1e-3, expected.penalty()),
      distance(found.statistics(), expected.statistics()),
      distance(found.logits(), expected.logits())
    };
    return new Distance(
        DoubleStream.of(values).max().getAsDouble(),
        distance(found.gradient(), expected.gradient()));
  }

  private static double distance(float[] found, float[] expected) {
    return Case.distance(found, Case.doubles(expected));
  }

  /** Whether several models at once, each on a thread, give the gradient that one gave alone. */
  static boolean repeats(Network network, boolean tensorCores, int models) {
    Case c = Case.of(network, SIZES[0]);
    float[] alone = gradient(c, tensorCores);
    return IntStream.range(0, models)
        .parallel()
        .mapToObj(i -> gradient(c, tensorCores))
        .allMatch(other -> Arrays.equals(other, alone));
  }

  private static float[] gradient(Case c, boolean tensorCores) {
    try (var card = Cuda.model(c.network(), tensorCores)) {
      c.on(card, Pass.TRAINING.withPenalty(0.5));
      return c.on(card, Pass.TRAINING.withPenalty(0.5)).gradient();
    }
  }

  public static void main(String[] arguments) {
    String missing = Cuda.missing();
    if (missing != null) {
      System.out.println("no card to hold against the plan: " + missing);
      System.exit(2);
    }
    boolean agrees = agrees(few(), true, TF32, TF32_WITH_KINKS);
    agrees &= agrees(networks(), false, TOLERANCE, WITH_KINKS);
    System.exit(agrees ? 0 : 1);
  }

  /** Prints what came of each network; one that fails does not keep the others from being tried. */
  static boolean agrees(
      List<Network> networks, boolean tensorCores, double tolerance, double withKinks) {
    System.out.println(Cuda.card() + (tensorCores ? ", TF32" : ""));
    boolean agrees = true;
    for (Network network : networks) {
      try {
        Distance distance = distance(network, tensorCores);
        boolean repeats = repeats(network, tensorCores, 4);
        agrees &= distance.isSmall(network, tolerance, withKinks) && repeats;
        System.out.printf(
            Locale.ROOT,
            "%-50s values %.1e gradient %.1e %s%n",
            network,
            distance.values,
            distance.gradient,
            repeats ? "equal bytes again" : "OTHER BYTES");
      } catch (RuntimeException e) {
        agrees = false;
        System.out.printf(Locale.ROOT, "%-50s FAILED%n", network);
        e.printStackTrace(System.out);
      }
    }
    System.out.println(agrees ? "the card agrees with the plan" : "NO AGREEMENT");
    return agrees;
  }
}
