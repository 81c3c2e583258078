package org.fedlayers.nn;

/**
 * A network under construction: a {@link NetworkBuilder} with the options that all recipes share.
 */
final class Draft {

  /** Builds one of this library's networks, layer by layer. */
  @FunctionalInterface
  interface Recipe {
    Network write(Draft draft);
  }

  final NetworkBuilder builder;
  final ArchitectureSettings settings;
  final Normaliser normaliser;
  private final int classes;

  /**
   * @param own the architecture's own normaliser
   */
  Draft(String name, ArchitectureSettings settings, Shape input, int classes, Normaliser own) {
    this.settings = settings;
    this.classes = classes;
    this.builder = new NetworkBuilder(name, input);
    this.normaliser =
        settings.normaliser().equals(ArchitectureSettings.DEFAULT)
            ? own
            : Normalisers.parse(settings.normaliser());
  }

  /** Channels or units of a layer at the chosen width. */
  int widened(int base) {
    return Math.toIntExact(Math.max(1, Math.round(base * settings.width())));
  }

  /** Convolutions have a bias unless a normaliser, which shifts by itself, follows. */
  boolean bias() {
    return normaliser.kind() == Normaliser.Kind.NONE;
  }

  /** A convolution that keeps the size at stride 1, dilated as the options say. */
  Layer.Convolution convolution(int channels, int kernel, int stride) {
    int dilation = kernel == 1 ? 1 : settings.dilation();
    return new Layer.Convolution(
        channels, kernel, stride, dilation * (kernel / 2), dilation, bias());
  }

  /** A convolution and the normaliser over it; names are {@code prefix + conv|norm + suffix}. */
  Node normalised(String prefix, String suffix, Node from, Layer.Convolution convolution) {
    Node x = builder.convolution(prefix + "conv" + suffix, from, convolution);
    return builder.normalise(prefix + "norm" + suffix, x, normaliser);
  }

  /** Ends the network with a dense layer of one unit for each class. */
  Network logits(Node from) {
    Network network = builder.logits(builder.dense("logits", from, classes));
    return settings.weightStandardisation() ? network.standardised() : network;
  }
}
