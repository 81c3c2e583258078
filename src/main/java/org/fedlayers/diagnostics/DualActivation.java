package org.fedlayers.diagnostics;

import java.util.List;
import org.fedlayers.nn.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = f(x), Ry = f'(x) Rx; back, with slope d: f' d, and f' Rd + f'' Rx d. ReLU's f'' is 0, and f'
 * is 0 at its kink.
 */
final class DualActivation implements DualLayer {
  private final boolean relu;
  private final Arena arena;
  private Dual input;
  private INDArray output;

  DualActivation(Layer.Function function, Arena arena) {
    this.arena = arena;
    this.relu =
        switch (function) {
          case RELU -> true;
          case TANH -> false;
        };
  }

  @Override
  public Dual forward(List<Dual> inputs) {
    input = inputs.get(0);
    output = arena.like(input.value());
    ArrayValues x = ArrayValues.of(input.value());
    ArrayValues y = ArrayValues.of(output);
    int size = (int) output.length();
    for (int i = 0; i < size; i++) {
      y.set(i, relu ? Math.max(0, x.get(i)) : StrictMath.tanh(x.get(i)));
    }
    if (!input.moves()) {
      return Dual.constant(output);
    }
    INDArray tangent = arena.like(output);
    ArrayValues moved = ArrayValues.of(input.tangent());
    ArrayValues result = ArrayValues.of(tangent);
    for (int i = 0; i < size; i++) {
      result.set(i, first(y.get(i)) * moved.get(i));
    }
    return new Dual(output, tangent);
  }

  @Override
  public Slopes backward(Dual slope, boolean wanted) {
    if (!wanted) {
      return new Slopes(null, List.of());
    }
    INDArray value = arena.like(output);
    INDArray tangent = arena.like(output);
    ArrayValues y = ArrayValues.of(output);
    ArrayValues moved = input.moves() ? ArrayValues.of(input.tangent()) : null;
    ArrayValues d = ArrayValues.of(slope.value());
    ArrayValues moving = ArrayValues.of(slope.tangent());
    ArrayValues back = ArrayValues.of(value);
    ArrayValues result = ArrayValues.of(tangent);
    int size = (int) output.length();
    for (int i = 0; i < size; i++) {
      double first = first(y.get(i));
      back.set(i, first * d.get(i));
      double bend = relu || moved == null ? 0 : -2 * y.get(i) * first * moved.get(i) * d.get(i);
      result.set(i, first * moving.get(i) + bend);
    }
    return new Slopes(new Dual(value, tangent), List.of());
  }

  /** f' by the output. */
  private double first(double y) {
    if (relu) {
      return y > 0 ? 1 : 0;
    }
    return 1 - y * y;
  }
}
