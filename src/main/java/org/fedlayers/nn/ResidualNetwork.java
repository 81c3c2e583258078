package org.fedlayers.nn;

import java.util.List;
import java.util.stream.Stream;

/**
 * ResNets with post-activation blocks (He et al., 2016, arXiv 1512.03385) and projection shortcuts:
 * a 1x1 convolution and a normaliser wherever a block changes the shape.
 *
 * @param channels of the first stage; doubled by each later one
 * @param blocks in each stage
 * @param bottleneck blocks of 1x1, 3x3, 1x1 that widen four-fold, instead of two 3x3
 */
record ResidualNetwork(int channels, List<Integer> blocks, boolean bottleneck)
    implements Draft.Recipe {

  private static final int EXPANSION = 4;

  @Override
  public Network write(Draft draft) {
    List<Integer> strides = strides(draft.settings.strides());
    Node x = stem(draft);
    for (int stage = 0; stage < blocks.size(); stage++) {
      boolean late = stage >= (blocks.size() + 1) / 2;
      int kernel = late ? draft.settings.lateKernel() : 3;
      int width = draft.widened(channels << stage);
      for (int block = 0; block < blocks.get(stage); block++) {
        String name = "stage" + (stage + 1) + ".block" + (block + 1) + ".";
        x = block(draft, name, x, width, kernel, block == 0 ? strides.get(stage) : 1);
      }
    }
    return draft.logits(draft.builder.globalAverage("pool", x));
  }

  private List<Integer> strides(String text) {
    if (text.equals(ArchitectureSettings.DEFAULT)) {
      return blocks.size() == 3 ? List.of(1, 2, 2) : List.of(1, 2, 2, 2);
    }
    List<Integer> chosen = Stream.of(text.split("-")).map(Integer::valueOf).toList();
    if (chosen.size() != blocks.size()) {
      throw new IllegalArgumentException(
          "option strides has " + chosen.size() + " numbers for " + blocks.size() + " stages");
    }
    return chosen;
  }

  private Node stem(Draft draft) {
    boolean large = draft.settings.stem().equals("7x7");
    int side = large ? 7 : 3;
    int stride = large ? 2 : 1;
    var convolution =
        new Layer.Convolution(draft.widened(channels), side, stride, side / 2, 1, draft.bias());
    Node x = draft.normalised("stem.", "", draft.builder.input(), convolution);
    x = draft.builder.relu("stem.relu", x);
    return large ? draft.builder.maxPool("stem.pool", x, 3, 2, 1) : x;
  }

  private Node block(Draft draft, String name, Node from, int width, int kernel, int stride) {
    int out = bottleneck ? EXPANSION * width : width;
    Node x;
    if (bottleneck) {
      x = draft.normalised(name, "1", from, draft.convolution(width, 1, 1));
      x = draft.builder.relu(name + "relu1", x);
      x = draft.normalised(name, "2", x, draft.convolution(width, kernel, stride));
      x = draft.builder.relu(name + "relu2", x);
      x = draft.normalised(name, "3", x, draft.convolution(out, 1, 1));
    } else {
      x = draft.normalised(name, "1", from, draft.convolution(width, kernel, stride));
      x = draft.builder.relu(name + "relu1", x);
      x = draft.normalised(name, "2", x, draft.convolution(width, kernel, 1));
    }
    if (draft.settings.skips()) {
      Node shortcut = from;
      if (!from.shape().equals(x.shape())) {
        shortcut =
            draft.normalised(name + "shortcut.", "", from, draft.convolution(out, 1, stride));
      }
      x = draft.builder.add(name + "add", x, shortcut);
    }
    return draft.builder.relu(name + "relu", x);
  }
}
