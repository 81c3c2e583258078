package org.fedlayers.nn;

/**
 * A chain of fully connected layers of one width: the model of the theory experiment; with no
 * hidden layer, softmax regression.
 *
 * @param hidden number of layers before the logits
 */
record Perceptron(int hidden) implements Draft.Recipe {
  static final int UNITS = 128;

  @Override
  public Network write(Draft draft) {
    Node x = draft.builder.input();
    for (int i = 1; i <= hidden; i++) {
      String name = "fc" + i;
      x = draft.builder.dense(name, x, draft.widened(UNITS));
      Layer.Function function = draft.settings.activation();
      x = draft.builder.activate(name + ".activation", x, function);
    }
    return draft.logits(x);
  }
}
