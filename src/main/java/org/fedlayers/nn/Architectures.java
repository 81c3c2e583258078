package org.fedlayers.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.options.Options;
import org.fedlayers.options.Registry;
import org.fedlayers.options.UserError;

/**
 * Every architecture by name. Two families take any depth: {@code resnet-DEPTH} for DEPTH = 6n+2
 * and {@code mlp-DEPTH}, where the depth counts the layers with kernels on the longest path, logits
 * included. ResNets of 10, 18, 34, 50, 101 and 152 layers are the ImageNet ones even where the
 * number is of the form 6n+2.
 */
public final class Architectures {
  private static final String RESNET = "resnet-";
  private static final String MLP = "mlp-";
  private static final String FAMILY = "(" + RESNET + "|" + MLP + ")";
  private static final int DEEPEST_MLP = 256;
  private static final int MLP_UNITS = 128;
  private static final int DEEPEST_RESNET = 1202;

  private static final Options<ArchitectureSettings> SETTINGS =
      new Options<>(ArchitectureSettings.class);

  private static final List<String> CNN_OPTIONS = List.of("normaliser", "width");

  /** Every architecture but the families of any depth, those of this library first. */
  private static final Registry<Architecture> ALL =
      new Registry<Architecture>("architecture", name -> name.matches(FAMILY + "\\d+"))
          .with(
              builtIn(
                  "mcmahan-cnn",
                  "McMahan et al. 2017, arXiv 1602.05629",
                  "2 x [conv5x5 32/64, pool], fc 512",
                  CNN_OPTIONS,
                  Normaliser.NONE,
                  ChainNetwork.pooled(5, 2, List.of(32, 64), List.of(512), false)))
          .with(
              builtIn(
                  "fedavg-cnn",
                  "PFLlib, arXiv 2312.04992",
                  "the net of PFLlib and FL-bench: 2 x [conv5x5 32/64 unpadded, pool], fc 512",
                  CNN_OPTIONS,
                  Normaliser.NONE,
                  ChainNetwork.pooled(5, 0, List.of(32, 64), List.of(512), false)))
          .with(
              builtIn(
                  "man-cnn",
                  "MAN, arXiv 2512.08314",
                  "CIFAR net: 2 x [conv5x5 64 unpadded, pool], fc 384 and 192",
                  CNN_OPTIONS,
                  Normaliser.NONE,
                  ChainNetwork.pooled(5, 0, List.of(64, 64), List.of(384, 192), false)))
          // The published code keeps the convolutions' bias under its normaliser.
          .with(
              builtIn(
                  "man-tiny-cnn",
                  "MAN, arXiv 2512.08314",
                  "Tiny-ImageNet net: 3 x [conv3x3 64, gn-4, pool], fc 512 and 384",
                  CNN_OPTIONS,
                  Normaliser.group(4),
                  ChainNetwork.pooled(3, 1, List.of(64, 64, 64), List.of(512, 384), true)))
          .with(
              builtIn(
                  "fixbn-cnn",
                  "HBN's baseline for FixBN, arXiv 2505.21877",
                  "3 x [conv3x3 16/32/64, bn, pool], fc 128",
                  CNN_OPTIONS,
                  Normaliser.BATCH,
                  ChainNetwork.pooled(3, 1, List.of(16, 32, 64), List.of(128), false)))
          .with(
              builtIn(
                  "cnn-8",
                  "after arXiv 2306.02701, which leaves channels open",
                  "7 convolutions of 32, 64 and 128 channels, global average, logits",
                  List.of("normaliser", "width", "kernel", "dilation"),
                  Normaliser.NONE,
                  new ChainNetwork(
                      0,
                      0,
                      List.of(List.of(32, 32), List.of(64, 64), List.of(128, 128, 128)),
                      true,
                      List.of(),
                      false)))
          .with(twin("divergence-cnn", List.of(32, 64, 128, 256)))
          .with(twin("divergence-cnn-mean", List.of(120, 120, 120, 120)))
          .with(twin("divergence-cnn-anti", List.of(256, 128, 64, 32)))
          .with(
              builtIn(
                  "logistic",
                  "",
                  "softmax regression",
                  List.of(),
                  Normaliser.NONE,
                  ChainNetwork.perceptron(List.of())));

  private Architectures() {}

  /** One of this library's. */
  private static Registry.Entry<Architecture> builtIn(
      String name,
      String paper,
      String description,
      List<String> takes,
      Normaliser own,
      Draft.Recipe recipe) {
    List<String> options = new ArrayList<>(takes);
    if (takes.contains("normaliser")) { // those with convolutions
      options.add("weight-standardisation");
    }
    return new Registry.Entry<>(
        name,
        paper,
        description,
        SETTINGS.only(options),
        settings ->
            (input, classes) ->
                recipe.write(new Draft(name, (ArchitectureSettings) settings, input, classes, own)),
        true);
  }

  /**
   * Makes an architecture of one's own available by name, see {@link Registry#register}.
   *
   * @throws UserError if the name is that of one of this library's, or no name
   */
  public static <A extends Record & Architecture> void register(
      String name, String paper, Class<A> type) {
    ALL.register(name, paper, type.getSimpleName(), type);
  }

  /** The name of a record of one's own, registered by its class's name if it has none. */
  public static String nameOf(Architecture architecture) {
    return ALL.nameOf(architecture);
  }

  /** The architectures worth listing: all fixed ones, and the usual depths of the families. */
  public static List<Registry.Entry<Architecture>> all() {
    Map<Boolean, List<Registry.Entry<Architecture>>> fixed =
        ALL.all().stream().collect(Collectors.partitioningBy(Registry.Entry::builtIn));
    return Stream.of(
            fixed.get(true).stream(),
            IntStream.of(2, 4, 8, 16).mapToObj(Architectures::mlp),
            IntStream.of(8, 14, 20, 32, 44, 56, 110, 10, 18, 34, 50, 101, 152)
                .mapToObj(Architectures::resnet),
            fixed.get(false).stream())
        .flatMap(some -> some)
        .toList();
  }

  /**
   * The architecture of a name.
   *
   * @throws UserError if there is none, with the names nearest to it
   */
  public static Registry.Entry<Architecture> named(String name) {
    if (name.matches(FAMILY + "\\d{1,6}")) {
      int depth = Integer.parseInt(name.substring(name.indexOf('-') + 1));
      return name.startsWith(RESNET) ? resnet(depth) : mlp(depth);
    }
    if (ALL.names().contains(name)) {
      return ALL.named(name);
    }
    throw new UserError(
        ("no architecture is called '%s'; there are: %s, mlp-DEPTH and resnet-DEPTH, for example"
                + " mlp-4 and resnet-20")
            .formatted(name, String.join(", ", ALL.names())));
  }

  /**
   * Builds a network.
   *
   * @param options values by option, as a configuration spells them; the others keep their default
   * @param input shape of one image
   * @param classes number of logits, at least 2
   * @throws UserError if there is no such architecture, an option is not one of its (and not at its
   *     default) or does not take the value, or if the options do not go together: groups that do
   *     not divide the channels, images too small, too many weights
   */
  public static Network build(String name, Map<String, ?> options, Shape input, int classes) {
    if (classes < 2) {
      throw new UserError("a classifier needs at least 2 classes, not " + classes);
    }
    Registry.Entry<Architecture> architecture = named(name);
    Map<String, Object> own = new LinkedHashMap<>(options);
    own.entrySet()
        .removeIf(
            option ->
                !architecture.options().has(option.getKey())
                    && SETTINGS.isDefault(option.getKey(), option.getValue()));
    Record settings = architecture.options().make("architecture " + name, own);
    try {
      Network network = architecture.thing().apply(settings).build(input, classes);
      requireFit(network, input, classes);
      requireIndexable(network);
      return network;
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "architecture " + name + " on images of " + input + ": " + e.getMessage(), e);
    }
  }

  /** Images and labels are read in the shape that the network declares. */
  private static void requireFit(Network network, Shape input, int classes) {
    if (network == null) {
      throw new IllegalArgumentException("its build() gives no network");
    }
    if (!network.input().equals(input) || network.classes() != classes) {
      throw new IllegalArgumentException(
          "it is a network for %s and %d classes, not for %s and %d"
              .formatted(network.input(), network.classes(), input, classes));
    }
  }

  /** Flat vectors are Java arrays, whose indices are ints. */
  private static void requireIndexable(Network network) {
    long count =
        network.weights().stream()
            .map(tensor -> IntStream.of(tensor.dimensions()).asLongStream())
            .mapToLong(sides -> sides.reduce(1, (product, side) -> product * side))
            .sum();
    if (count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(count + " weights are more than a vector can hold");
    }
  }

  private static Registry.Entry<Architecture> resnet(int depth) {
    return switch (depth) {
      case 10 -> resnet(depth, 64, List.of(1, 1, 1, 1), false);
      case 18 -> resnet(depth, 64, List.of(2, 2, 2, 2), false);
      case 34 -> resnet(depth, 64, List.of(3, 4, 6, 3), false);
      case 50 -> resnet(depth, 64, List.of(3, 4, 6, 3), true);
      case 101 -> resnet(depth, 64, List.of(3, 4, 23, 3), true);
      case 152 -> resnet(depth, 64, List.of(3, 8, 36, 3), true);
      default -> {
        if (depth % 6 != 2 || depth < 8 || depth > DEEPEST_RESNET) {
          throw new UserError(noSuchResnet(depth));
        }
        int blocks = (depth - 2) / 6;
        yield resnet(depth, 16, List.of(blocks, blocks, blocks), false);
      }
    };
  }

  private static Registry.Entry<Architecture> resnet(
      int depth, int channels, List<Integer> blocks, boolean bottleneck) {
    return builtIn(
        RESNET + depth,
        "He et al. 2016, arXiv 1512.03385",
        "%s blocks %s from %d channels, bn, CIFAR stem, projection shortcuts"
            .formatted(bottleneck ? "bottleneck" : "basic", blocks, channels),
        List.of("normaliser", "width", "skips", "stem", "late-kernel", "strides", "dilation"),
        Normaliser.BATCH,
        new ResidualNetwork(channels, blocks, bottleneck));
  }

  private static Registry.Entry<Architecture> twin(String name, List<Integer> channels) {
    return builtIn(
        name,
        "the first author's code of arXiv 2306.02701",
        "conv7x7 and 3 stages of 4 x conv3x3 of %s channels, bn, a skip in each stage"
            .formatted(channels),
        List.of("normaliser", "width", "skips"),
        Normaliser.BATCH,
        new TwinNetwork(channels));
  }

  private static String noSuchResnet(int depth) {
    int below = 6 * Math.floorDiv(depth - 2, 6) + 2;
    List<String> nearest =
        IntStream.of(below, below + 6)
            .map(candidate -> Math.max(8, Math.min(DEEPEST_RESNET, candidate)))
            .distinct()
            .mapToObj(candidate -> RESNET + candidate)
            .toList();
    return ("no architecture is called 'resnet-%s'; nearest: %s (any depth 6n+2 from 8 to %s), and"
            + " there are resnet-10, -18, -34, -50, -101 and -152")
        .formatted(depth, String.join(" and ", nearest), DEEPEST_RESNET);
  }

  private static Registry.Entry<Architecture> mlp(int depth) {
    if (depth < 2 || depth > DEEPEST_MLP) {
      throw new UserError(
          "no architecture is called 'mlp-" + depth + "'; depths go from 2 to " + DEEPEST_MLP);
    }
    return builtIn(
        MLP + depth,
        "theory experiment on arXiv 2306.02701",
        (depth - 1) + " fully connected layers of " + MLP_UNITS + " units, logits",
        List.of("width", "activation"),
        Normaliser.NONE,
        ChainNetwork.perceptron(Collections.nCopies(depth - 1, MLP_UNITS)));
  }
}
