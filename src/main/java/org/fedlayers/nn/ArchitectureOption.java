package org.fedlayers.nn;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import org.fedlayers.options.UserError;

/**
 * A knob of an architecture: its name in configurations, what it means, and how its value is read.
 *
 * @param <T> the type of its values
 */
public final class ArchitectureOption<T> {

  /** What a ResNet does to the image before its first block. */
  public enum Stem {
    /** A 3x3 convolution of stride 1: the CIFAR stem. */
    SMALL,
    /** A 7x7 convolution of stride 2, then 3x3 max-pooling of stride 2: the ImageNet stem. */
    LARGE
  }

  public static final ArchitectureOption<Normaliser> NORMALISER =
      new ArchitectureOption<>(
          "normaliser",
          "between convolution and activation; unset, the architecture's own",
          String.join(", ", Normalisers.names()),
          Normaliser.NONE,
          Normalisers::parse,
          value -> true);

  public static final ArchitectureOption<Double> WIDTH =
      new ArchitectureOption<>(
          "width",
          "multiplies channels and hidden units, rounded to the nearest whole number, at least 1",
          "a number above 0, at most 1024",
          1.0,
          Double::valueOf,
          value -> value > 0 && value <= 1024);

  public static final ArchitectureOption<Boolean> SKIPS =
      new ArchitectureOption<>(
          "skips",
          "off leaves the plain net of the same layers, without skip connections and projections",
          "on or off",
          true,
          ArchitectureOption::readSwitch,
          value -> true);

  public static final ArchitectureOption<Stem> STEM =
      new ArchitectureOption<>(
          "stem",
          "3x3 of stride 1, or 7x7 of stride 2 followed by 3x3 max-pooling of stride 2",
          "3x3 or 7x7",
          Stem.SMALL,
          text -> choose(text, List.of("3x3", "7x7"), Stem.values()),
          value -> true);

  public static final ArchitectureOption<Integer> LATE_KERNEL =
      new ArchitectureOption<>(
          "late-kernel",
          "side of the kernels in the later half of the stages (the last of 3, the last 2 of 4)",
          "1 or 3",
          3,
          Integer::valueOf,
          value -> value == 1 || value == 3);

  /** Empty: 1 for the first stage, 2 for the others. */
  public static final ArchitectureOption<List<Integer>> STRIDES =
      new ArchitectureOption<>(
          "strides",
          "stride of each stage's first block, for example 1-1-2 to shrink the maps later",
          "one whole number from 1 to 4 for each stage, as in 1-2-2",
          List.of(),
          ArchitectureOption::readStrides,
          value -> value.stream().allMatch(stride -> stride >= 1 && stride <= 4));

  public static final ArchitectureOption<Integer> DILATION =
      new ArchitectureOption<>(
          "dilation",
          "distance between the taps of every kernel larger than 1x1 behind the stem; adds no"
              + " weights",
          "a whole number from 1 to 8",
          1,
          Integer::valueOf,
          value -> value >= 1 && value <= 8);

  public static final ArchitectureOption<Integer> KERNEL =
      new ArchitectureOption<>(
          "kernel",
          "side of every kernel",
          "1, 3, 5 or 7",
          3,
          Integer::valueOf,
          value -> List.of(1, 3, 5, 7).contains(value));

  public static final ArchitectureOption<Layer.Function> ACTIVATION =
      new ArchitectureOption<>(
          "activation",
          "the non-linearity between layers",
          "relu or tanh",
          Layer.Function.RELU,
          text -> choose(text, List.of("relu", "tanh"), Layer.Function.values()),
          value -> true);

  /** Every option there is. */
  public static final List<ArchitectureOption<?>> ALL =
      List.of(NORMALISER, WIDTH, SKIPS, STEM, LATE_KERNEL, STRIDES, DILATION, KERNEL, ACTIVATION);

  private final String name;
  private final String description;
  private final String values;
  private final T neutral;
  private final Function<String, T> reader;
  private final Predicate<T> valid;

  private ArchitectureOption(
      String name,
      String description,
      String values,
      T neutral,
      Function<String, T> reader,
      Predicate<T> valid) {
    this.name = name;
    this.description = description;
    this.values = values;
    this.neutral = neutral;
    this.reader = reader;
    this.valid = valid;
  }

  /**
   * The option of this name.
   *
   * @throws UserError if there is none
   */
  public static ArchitectureOption<?> named(String name) {
    return ALL.stream()
        .filter(option -> option.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "no architecture has an option '" + name + "'; there are: " + names(ALL)));
  }

  static String names(List<ArchitectureOption<?>> options) {
    return String.join(", ", options.stream().map(ArchitectureOption::name).toList());
  }

  public String name() {
    return name;
  }

  public String description() {
    return description;
  }

  /** The values it takes, in words. */
  public String values() {
    return values;
  }

  /** The value that changes nothing, accepted by every architecture. */
  public T neutral() {
    return neutral;
  }

  /**
   * Reads a value as a configuration spells it.
   *
   * @throws UserError if it is none of {@link #values()}
   */
  public T read(String text) {
    try {
      return check(reader.apply(text.strip().toLowerCase(Locale.ROOT)), text);
    } catch (IllegalArgumentException e) {
      throw refusal(text);
    }
  }

  T check(T value, Object shown) {
    if (value == null || !valid.test(value)) {
      throw refusal(shown);
    }
    return value;
  }

  private UserError refusal(Object shown) {
    return new UserError("option " + name + " is '" + shown + "', but takes " + values);
  }

  private static Boolean readSwitch(String text) {
    return switch (text) {
      case "on", "true" -> true;
      case "off", "false" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  /** Reads 1-2-2 and, as a YAML list prints itself, [1, 2, 2]. */
  private static List<Integer> readStrides(String text) {
    String bare = text.replaceAll("^\\[|]$", "");
    return Arrays.stream(bare.split("\\s*[-,]\\s*")).map(Integer::valueOf).toList();
  }

  private static <E> E choose(String text, List<String> names, E[] values) {
    int index = names.indexOf(text);
    if (index < 0) {
      throw new IllegalArgumentException(text);
    }
    return values[index];
  }

  @Override
  public String toString() {
    return name;
  }
}
