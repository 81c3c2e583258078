package org.fedlayers.nn;

import java.util.List;

/**
 * A chain of layers: stages of convolutions, each with normaliser if any and ReLU, with 2x2
 * max-pooling after a stage; then a global average, or fully connected layers; then the logits.
 *
 * @param kernel side of every kernel; 0 takes it and the dilation from the options, and keeps sizes
 * @param padding of every convolution of a given kernel
 * @param stages channels of each convolution, stage by stage
 * @param average whether a global average takes the place of the last stage's pool
 * @param hidden units of each fully connected layer before the logits
 * @param alwaysBias whether convolutions of a given kernel keep their bias under a normaliser
 */
record ChainNetwork(
    int kernel,
    int padding,
    List<List<Integer>> stages,
    boolean average,
    List<Integer> hidden,
    boolean alwaysBias)
    implements Draft.Recipe {

  /** Convolutions each followed by a pool, then fully connected layers: the classic small CNN. */
  static ChainNetwork pooled(
      int kernel, int padding, List<Integer> channels, List<Integer> hidden, boolean alwaysBias) {
    List<List<Integer>> stages = channels.stream().map(List::of).toList();
    return new ChainNetwork(kernel, padding, stages, false, hidden, alwaysBias);
  }

  /** Fully connected layers only; without a hidden one, softmax regression. */
  static ChainNetwork perceptron(List<Integer> hidden) {
    return new ChainNetwork(0, 0, List.of(), false, hidden, false);
  }

  @Override
  public Network write(Draft draft) {
    Node x = draft.builder.input();
    int number = 0;
    for (int stage = 1; stage <= stages.size(); stage++) {
      for (int channels : stages.get(stage - 1)) {
        number++;
        x = draft.normalised("", String.valueOf(number), x, convolution(draft, channels));
        x = draft.builder.relu("conv" + number + ".relu", x);
      }
      if (!average || stage < stages.size()) {
        x = draft.builder.maxPool("pool" + stage, x, 2, 2, 0);
      }
    }
    if (average) {
      x = draft.builder.globalAverage("pool", x);
    }
    String suffix = stages.isEmpty() ? ".activation" : ".relu";
    for (int i = 0; i < hidden.size(); i++) {
      String name = "fc" + (i + 1);
      x = draft.builder.dense(name, x, draft.widened(hidden.get(i)));
      x = draft.builder.activate(name + suffix, x, draft.settings.activation());
    }
    return draft.logits(x);
  }

  private Layer.Convolution convolution(Draft draft, int channels) {
    int width = draft.widened(channels);
    return kernel == 0
        ? draft.convolution(width, draft.settings.kernel(), 1)
        : new Layer.Convolution(width, kernel, 1, padding, 1, alwaysBias || draft.bias());
  }
}
