package org.fedlayers.nn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.fedlayers.options.Key;
import org.fedlayers.options.Options;
import org.fedlayers.options.UserError;

/**
 * A family of networks under one name, from the {@linkplain Architectures registry}.
 *
 * @param name for example {@code resnet-20}
 * @param source the paper it comes from
 * @param description one line, for lists
 * @param options those it takes
 * @param recipe builds the network from the record that {@code options} makes
 */
public record Architecture(
    String name,
    String source,
    String description,
    Options<?> options,
    Function<Record, Own> recipe) {

  /** An architecture of one's own: a record whose components are its options. */
  @FunctionalInterface
  public interface Own {
    /**
     * @param input shape of one image
     * @param classes number of logits
     */
    Network build(Shape input, int classes);
  }

  /** The options that it takes, in order. */
  public List<Key> keys() {
    return options.keys();
  }

  /**
   * Builds the network.
   *
   * @throws UserError if an option is not one of this architecture's (and not at its default), or
   *     if the options do not go together: groups that do not divide the channels, images too
   *     small, too many weights
   */
  public Network build(ArchitectureOptions chosen) {
    Map<String, Object> own = new LinkedHashMap<>(chosen.chosen());
    own.keySet()
        .removeIf(
            name -> !options.has(name) && ArchitectureOptions.ALL.isDefault(name, own.get(name)));
    Record settings = options.make("architecture " + name, own);
    try {
      Network network = recipe.apply(settings).build(chosen.input(), chosen.classes());
      requireFit(network, chosen);
      requireIndexable(network);
      return network;
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "architecture " + name + " on images of " + chosen.input() + ": " + e.getMessage(), e);
    }
  }

  /** Images and labels are read in the shape that the network declares. */
  private static void requireFit(Network network, ArchitectureOptions chosen) {
    if (network == null) {
      throw new IllegalArgumentException("its build() gives no network");
    }
    if (!network.input().equals(chosen.input()) || network.classes() != chosen.classes()) {
      throw new IllegalArgumentException(
          "it is a network for %s and %d classes, not for %s and %d"
              .formatted(network.input(), network.classes(), chosen.input(), chosen.classes()));
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
}
