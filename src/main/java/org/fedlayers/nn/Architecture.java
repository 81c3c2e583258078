package org.fedlayers.nn;

/**
 * A family of networks, by a name in {@link Architectures}. One of your own is a record whose
 * components are its options.
 */
@FunctionalInterface
public interface Architecture {
  /**
   * Builds the network.
   *
   * @param input shape of one image
   * @param classes number of logits
   */
  Network build(Shape input, int classes);
}
