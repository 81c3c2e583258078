package org.fedlayers.nn;

import java.util.List;

/**
 * The classic small CNN: convolution, normaliser if any, ReLU and 2x2 max-pooling, some times over;
 * then fully connected layers with ReLU.
 *
 * @param kernel side of every kernel
 * @param padding of every convolution
 * @param channels of each convolution
 * @param hidden units of each fully connected layer before the logits
 * @param alwaysBias whether convolutions keep their bias under a normaliser
 */
record PooledNetwork(
    int kernel, int padding, List<Integer> channels, List<Integer> hidden, boolean alwaysBias)
    implements Draft.Recipe {

  @Override
  public Network write(Draft draft) {
    Node x = draft.builder.input();
    boolean bias = alwaysBias || draft.bias();
    for (int i = 0; i < channels.size(); i++) {
      String number = String.valueOf(i + 1);
      int width = draft.widened(channels.get(i));
      var convolution = new Layer.Convolution(width, kernel, 1, padding, 1, bias);
      x = draft.normalised("", number, x, convolution);
      x = draft.builder.relu("conv" + number + ".relu", x);
      x = draft.builder.maxPool("pool" + number, x, 2, 2, 0);
    }
    for (int i = 0; i < hidden.size(); i++) {
      String name = "fc" + (i + 1);
      x = draft.builder.dense(name, x, draft.widened(hidden.get(i)));
      x = draft.builder.relu(name + ".relu", x);
    }
    return draft.logits(x);
  }
}
