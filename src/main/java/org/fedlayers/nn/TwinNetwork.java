package org.fedlayers.nn;

import java.util.List;

/**
 * The plain and the residual twin of arXiv 2306.02701's first author: a 7x7 stem of stride 2, then
 * stages of four 3x3 convolutions, each with normaliser if any and ReLU, a global average at the
 * end. The first convolution of the second stage has stride 2. In the residual twin, an identity
 * skips the last three convolutions of each stage and is added after their last ReLU; so both twins
 * have the same weights.
 *
 * @param channels of the stem and of each stage
 */
record TwinNetwork(List<Integer> channels) implements Draft.Recipe {
  private static final int CONVOLUTIONS = 4;

  @Override
  public Network write(Draft draft) {
    Node x = layer(draft, "stem.", "", draft.builder.input(), channels.get(0), 7, 2);
    for (int stage = 1; stage < channels.size(); stage++) {
      String name = "stage" + stage + ".";
      int width = channels.get(stage);
      Node first = layer(draft, name, "1", x, width, 3, stage == 2 ? 2 : 1);
      x = first;
      for (int number = 2; number <= CONVOLUTIONS; number++) {
        x = layer(draft, name, String.valueOf(number), x, width, 3, 1);
      }
      if (draft.settings.skips()) {
        x = draft.builder.add(name + "add", x, first);
      }
    }
    return draft.logits(draft.builder.globalAverage("pool", x));
  }

  private static Node layer(
      Draft draft, String prefix, String suffix, Node from, int channels, int kernel, int stride) {
    Layer.Convolution convolution = draft.convolution(draft.widened(channels), kernel, stride);
    Node x = draft.normalised(prefix, suffix, from, convolution);
    return draft.builder.relu(prefix + "relu" + suffix, x);
  }
}
