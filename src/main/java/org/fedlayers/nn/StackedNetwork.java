package org.fedlayers.nn;

import java.util.List;

/**
 * A plain stack of convolutions, each with normaliser if any and ReLU; 2x2 max-pooling between
 * stages, a global average at the end.
 *
 * @param stages channels of each convolution, stage by stage
 */
record StackedNetwork(List<List<Integer>> stages) implements Draft.Recipe {

  @Override
  public Network write(Draft draft) {
    int kernel = draft.settings.kernel();
    int dilation = kernel == 1 ? 1 : draft.settings.dilation();
    int padding = dilation * (kernel / 2);
    Node x = draft.builder.input();
    int number = 0;
    for (int stage = 0; stage < stages.size(); stage++) {
      if (stage > 0) {
        x = draft.builder.maxPool("pool" + stage, x, 2, 2, 0);
      }
      for (int channels : stages.get(stage)) {
        number++;
        var convolution =
            new Layer.Convolution(
                draft.widened(channels), kernel, 1, padding, dilation, draft.bias());
        x = draft.normalised("", String.valueOf(number), x, convolution);
        x = draft.builder.relu("conv" + number + ".relu", x);
      }
    }
    return draft.logits(draft.builder.globalAverage("pool", x));
  }
}
