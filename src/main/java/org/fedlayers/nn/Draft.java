package org.fedlayers.nn;

/** A network being written: a {@link NetworkBuilder} with the options that all recipes share. */
final class Draft {
  final NetworkBuilder builder;
  final ArchitectureOptions options;
  final Normaliser normaliser;

  Draft(Architecture architecture, ArchitectureOptions options) {
    this.options = options;
    this.builder = new NetworkBuilder(architecture.name(), options.input());
    this.normaliser =
        options.chosen().containsKey(ArchitectureOption.NORMALISER)
            ? options.get(ArchitectureOption.NORMALISER)
            : architecture.normaliser();
  }

  /** Channels or units of a layer at the chosen width. */
  int widened(int base) {
    return Math.toIntExact(Math.max(1, Math.round(base * options.get(ArchitectureOption.WIDTH))));
  }

  /** Convolutions have a bias unless a normaliser, which shifts by itself, follows. */
  boolean bias() {
    return normaliser.kind() == Normaliser.Kind.NONE;
  }

  /** A convolution and the normaliser over it; names are {@code prefix + conv|norm + suffix}. */
  Node normalised(String prefix, String suffix, Node from, Layer.Convolution convolution) {
    Node x = builder.convolution(prefix + "conv" + suffix, from, convolution);
    return builder.normalise(prefix + "norm" + suffix, x, normaliser);
  }

  /** The last layer. */
  Network logits(Node from) {
    return builder.logits(builder.dense("logits", from, options.classes()));
  }
}
