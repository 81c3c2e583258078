package org.fedlayers.nn.graph;

import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.fedlayers.nn.Layer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An activation, and MAN's penalty on it: zeta/2 times the mean over batch and units of its square
 * adds to the loss, so zeta a / (batch x units) adds to what flows back (arXiv 2512.08314).
 */
@SuppressWarnings("overrides") // As in SingleInputVertex.
final class ActivateVertex extends SingleInputVertex {
  private final Layer.Function function;
  private INDArray activation;
  private double penalty;

  ActivateVertex(Place place, Layer.Function function) {
    super(place);
    this.function = function;
  }

  @Override
  double penalty() {
    return penalty;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    activation = likeInput(ArrayType.ACTIVATIONS, workspaces);
    Nd4j.exec(
        function == Layer.Function.RELU
            ? new RectifiedLinear(inputs[0], activation, 0)
            : new Tanh(inputs[0], activation));
    if (training) {
      penalty = penaltyOf(pass.activationPenalty());
    }
    return activation;
  }

  private double penaltyOf(double zeta) {
    if (zeta == 0) {
      return 0;
    }
    // Row by row, then in double: a float sum of millions of squares loses digits.
    INDArray squares = rows(activation.mul(activation)).sum(1);
    double sum = 0;
    for (double square : squares.toDoubleVector()) {
      sum += square;
    }
    return zeta / 2 * sum / activation.length();
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    INDArray derivative = likeInput(ArrayType.ACTIVATION_GRAD, workspaces);
    if (function == Layer.Function.RELU) {
      Nd4j.exec(new Step(activation, derivative, 0));
    } else {
      activation.mul(activation, derivative);
      derivative.rsubi(1);
    }
    double zeta = pass.activationPenalty();
    derivative.muli(zeta == 0 ? epsilon : activation.mul(zeta / activation.length()).addi(epsilon));
    return new Pair<>(null, new INDArray[] {derivative});
  }
}
