package org.fedlayers.nn;

import java.util.List;
import java.util.Map;
import org.fedlayers.options.UserError;

/**
 * A family of networks under one name, from the {@linkplain Architectures registry}.
 *
 * @param name for example {@code resnet-20}
 * @param source the paper it comes from
 * @param description one line
 * @param options the options it takes
 * @param normaliser its own normaliser, which {@link ArchitectureOption#NORMALISER} replaces
 * @param recipe writes the network down
 */
public record Architecture(
    String name,
    String source,
    String description,
    List<ArchitectureOption<?>> options,
    Normaliser normaliser,
    Recipe recipe) {

  /** How a network is written down, layer by layer. */
  @FunctionalInterface
  interface Recipe {
    Network write(Draft draft);
  }

  public Architecture {
    options = List.copyOf(options);
  }

  /**
   * Builds the network.
   *
   * @throws UserError if an option is not one of this architecture's (and not neutral), or if the
   *     options do not go together: groups that do not divide the channels, images too small, too
   *     many weights
   */
  public Network build(ArchitectureOptions chosen) {
    for (Map.Entry<ArchitectureOption<?>, Object> entry : chosen.chosen().entrySet()) {
      ArchitectureOption<?> option = entry.getKey();
      if (!options.contains(option) && !entry.getValue().equals(option.neutral())) {
        String takes = options.isEmpty() ? "no options" : ArchitectureOption.names(options);
        throw new UserError(
            "architecture " + name + " has no option " + option + "; it takes " + takes);
      }
    }
    try {
      Network network = recipe.write(new Draft(this, chosen));
      requireIndexable(network);
      return network;
    } catch (IllegalArgumentException e) {
      throw new UserError(
          "architecture " + name + " on images of " + chosen.input() + ": " + e.getMessage(), e);
    }
  }

  /** Flat vectors are Java arrays. */
  private static void requireIndexable(Network network) {
    long count = 0;
    for (Tensor tensor : network.weights()) {
      long size = 1;
      for (int dimension : tensor.dimensions()) {
        size *= dimension;
      }
      count += size;
    }
    if (count > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(count + " weights are more than a vector can hold");
    }
  }
}
