package org.fedlayers.experiment;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Partitions;
import org.fedlayers.federated.Methods;
import org.fedlayers.nn.ArchitectureOption;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.Normalisers;

/** Every setting that an experiment file knows. A key added here is known everywhere. */
public final class Keys {
  private static final Map<String, Key<?>> ALL = new TreeMap<>();

  /** The value of an option that was not chosen. */
  static final String UNSET = "default";

  static final Key<String> DATA =
      add(Key.choice("data.set", "drawn", DataSets.names(), "the image set"));
  static final Key<Integer> TRAIN =
      add(Key.whole("data.train", null, 1, "training images used; all if left out"));
  static final Key<Integer> TEST =
      add(Key.whole("data.test", null, 1, "test images used; all if left out"));
  static final Key<String> AUGMENTATION =
      add(
          Key.choice(
              "data.augmentation",
              "none",
              List.of("none", "cifar", "always-crop", "resized-crop"),
              "flip with probability 1/2, and for cifar a pad-4 crop as often; for always-crop"
                  + " always; for resized-crop always a box of 33 to 100 % of the area, scaled"));
  static final Key<String> BORDER =
      add(
          Key.choice(
              "data.border",
              "mean",
              List.of("mean", "black"),
              "colour beyond the edge of a cropped image: the set's mean, or raw pixels of zero"));
  static final Key<Double> HOLD_OUT =
      add(
          Key.number(
              "data.hold-out",
              0.0,
              "a share from 0 to below 1",
              v -> v >= 0 && v < 1,
              "share of the training images that takes the place of the test set"));

  static final Key<String> MODEL =
      add(Key.word("model.name", "resnet-8", Architectures::named, "the architecture"));
  static final Key<String> NORMALISER =
      add(
          Key.word(
              "model.normaliser",
              UNSET,
              name -> {
                if (!name.equals(UNSET)) {
                  Normalisers.parse(name);
                }
              },
              "in place of the architecture's own"));
  static final Key<String> INITIALISATION =
      add(
          Key.word(
              "model.initialisation", "pytorch", Initialisation::named, "how weights are drawn"));

  static final Key<String> AVERAGING =
      add(
          Key.choice(
              "statistics.averaging",
              UNSET,
              List.of(UNSET, "mean", "total-variance"),
              "how the server folds running variances; default is the normaliser's own way"));
  static final Key<Double> SWITCH =
      add(
          Key.number(
              "statistics.switch",
              0.5,
              "a share of the rounds from 0 to 1",
              v -> v >= 0 && v <= 1,
              "fixbn: statistics are frozen from this share of the rounds on"));
  static final Key<Integer> SWITCH_ROUND =
      add(
          Key.whole(
              "statistics.switch-round",
              null,
              0,
              "fixbn: statistics are frozen once this many rounds are over"));
  static final Key<Boolean> FREEZE_AFFINE =
      add(Key.flag("statistics.freeze-affine", false, "fixbn: scale and shift are frozen too"));

  static final Key<Integer> CLIENTS =
      add(Key.whole("federation.clients", 10, 1, "number of clients"));
  static final Key<Integer> SAMPLES =
      add(
          Key.whole(
              "federation.samples", null, 1, "training images a client, in place of data.train"));
  static final Key<Double> PARTICIPATION =
      add(
          Key.number(
              "federation.participation",
              1.0,
              "a probability above 0, at most 1",
              v -> v > 0 && v <= 1,
              "probability that a client takes part in a round"));
  static final Key<Integer> COHORT =
      add(
          Key.whole(
              "federation.cohort",
              null,
              1,
              "clients a round, drawn without replacement, in place of federation.participation"));

  static final Key<String> PARTITION =
      add(
          Key.choice(
              "partition.name", "iid", Partitions.ALL.names(), "how images are dealt to clients"));

  static final Key<String> METHOD =
      add(Key.word("method.name", "fedavg", Methods.ALL::named, "the federated method"));

  static final Key<Integer> EPOCHS =
      add(Key.whole("training.epochs", null, 1, "passes over a client's images a round"));
  static final Key<Integer> STEPS =
      add(Key.whole("training.steps", null, 1, "mini-batches a round, in place of epochs"));
  static final Key<Integer> BATCH = add(Key.whole("training.batch", 50, 1, "images a mini-batch"));
  static final Key<Double> RATE =
      add(positive("training.rate", 0.1, "learning rate of the first round"));
  static final Key<Double> DECAY =
      add(
          Key.number(
              "training.decay",
              1.0,
              "a factor above 0, at most 1",
              v -> v > 0 && v <= 1,
              "factor of the rate per training.decay-every, or at each of training.decay-at"));
  static final Key<String> DECAY_BY =
      add(
          Key.choice(
              "training.decay-by",
              "rounds",
              List.of("rounds", "samples"),
              "what training.decay-every counts; samples makes runs of unlike rounds comparable"));
  static final Key<Integer> DECAY_EVERY =
      add(Key.whole("training.decay-every", 1, 1, "rounds or samples per factor of decay"));
  static final Key<List<Double>> DECAY_AT =
      add(
          Key.shares(
              "training.decay-at",
              "shares of the rounds from which on the rate is lower by training.decay, in place of"
                  + " training.decay-every"));
  static final Key<Double> MOMENTUM =
      add(
          Key.number(
              "training.momentum",
              0.0,
              "a factor from 0 to below 1",
              v -> v >= 0 && v < 1,
              "of local SGD"));
  static final Key<String> BUFFERS =
      add(
          Key.choice(
              "training.buffers",
              "reset",
              List.of("reset", "local", "global"),
              "momentum between rounds: from zero, kept by the client, averaged by the server"));
  static final Key<Double> CLIP =
      add(notNegative("training.clip", "greatest global norm of a direction; 0 for none"));
  static final Key<Double> WEIGHT_DECAY =
      add(notNegative("training.weight-decay", "on every weight, after clipping"));
  static final Key<Double> MAN =
      add(notNegative("training.man", "MAN's zeta, the penalty on layerwise activations"));

  static final Key<Integer> ROUNDS = add(Key.whole("rounds", null, 1, "communication rounds"));
  static final Key<Integer> TOTAL_STEPS =
      add(
          Key.whole(
              "total-steps",
              null,
              1,
              "steps of a client over all rounds, in place of rounds; a multiple of"
                  + " training.steps"));

  static final Key<Integer> EVERY =
      add(
          Key.whole(
              "scoring.every",
              1,
              1,
              "rounds between scored ones; the last 10 rounds are always scored"));
  static final Key<Integer> POINTS =
      add(
          Key.whole(
              "scoring.points",
              null,
              10,
              "scored points on an equal-sample grid, in place of scoring.every"));
  static final Key<List<String>> AVERAGES =
      add(
          Key.words(
              "scoring.averages",
              List.of("cohort"),
              List.of("cohort", "all", "server"),
              "which models are scored"));

  static final Key<List<String>> MEASURES =
      add(
          Key.words(
              "measure.what",
              List.of(),
              Measurements.NAMES,
              "divergence: by layer, after scored rounds; cka: with it, of clients' features on"
                  + " measure.features; activations: of the first scored average, after scored"
                  + " rounds; gradients: their variance over clients, curvature, landscape and"
                  + " statistics (test accuracy with those of training images too): of the first"
                  + " scored average, at the end"));
  static final Key<Integer> MEASURED_IMAGES =
      add(
          Key.whole(
              "measure.images",
              1000,
              1,
              "training images for activations, curvature, landscape, statistics; stratified"));
  static final Key<Integer> FEATURE_IMAGES =
      add(Key.whole("measure.features", 200, 4, "test images for cka, stratified"));
  static final Key<Integer> LANDSCAPE_STEPS =
      add(Key.whole("measure.steps", 10, 1, "landscape points from its centre to an edge"));

  static final Key<List<String>> ARMS =
      add(Key.words("arms", List.of("federated"), Arm.names(), "what is run side by side"));

  static {
    for (ArchitectureOption<?> option : ArchitectureOption.ALL) {
      if (option != ArchitectureOption.NORMALISER) {
        add(
            Key.option(
                "model." + option.name(),
                UNSET,
                option.values(),
                content -> architectureOption(option, content),
                option.description()));
      }
    }
    for (var kind : Partitions.ALL.all()) {
      for (var option : kind.keys()) {
        String name = "partition." + option.name();
        if (!ALL.containsKey(name)) {
          add(option(name, option));
        }
      }
    }
  }

  private Keys() {}

  private static <T> Key<T> add(Key<T> key) {
    ALL.put(key.name(), key);
    return key;
  }

  private static Key<Double> positive(String name, double standard, String meaning) {
    return Key.number(name, standard, "a number above 0", v -> v > 0 && v < 1e6, meaning);
  }

  private static Key<Double> notNegative(String name, String meaning) {
    return Key.number(name, 0.0, "a number of at least 0", v -> v >= 0 && v < 1e6, meaning);
  }

  private static Key<Object> option(String name, org.fedlayers.options.Key of) {
    boolean real = of.values().expected().startsWith("a number");
    return Key.option(
        name,
        null,
        real ? "a number" : "a value",
        content -> !real ? content : content instanceof Number number ? number.doubleValue() : null,
        of.meaning());
  }

  /** Spelt as configurations spell it; {@link #UNSET} for what changes nothing. */
  private static Object architectureOption(ArchitectureOption<?> option, Object content) {
    String text = String.valueOf(content);
    if (text.equals(UNSET)) {
      return UNSET;
    }
    Object value = option.read(text);
    if (value.equals(option.neutral())) {
      return UNSET;
    }
    return value instanceof Number || value instanceof Boolean
        ? value
        : text.replaceAll("^\\[|]$", "").replaceAll("\\s*,\\s*", "-");
  }

  /** Every key by its name, hyper-parameters of methods registered at run time included. */
  public static Map<String, Key<?>> all() {
    Map<String, Key<?>> all = new TreeMap<>(ALL);
    for (var method : Methods.ALL.all()) {
      for (var option : method.keys()) {
        String name = "method." + option.name();
        all.computeIfAbsent(name, none -> option(name, option));
      }
    }
    return Collections.unmodifiableMap(all);
  }

  /** The key of this name, or null. */
  static Key<?> named(String name) {
    return name.startsWith("method.") ? all().get(name) : ALL.get(name);
  }

  /** Whether there are keys below this one, for example below {@code partition}. */
  public static boolean isGroup(String name) {
    return ALL.keySet().stream().anyMatch(key -> key.startsWith(name + "."));
  }
}
