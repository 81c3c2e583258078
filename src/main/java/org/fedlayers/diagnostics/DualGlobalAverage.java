package org.fedlayers.diagnostics;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The mean of each channel over its pixels. */
final class DualGlobalAverage implements DualLayer {
  private final Arena arena;
  private long[] shape;

  DualGlobalAverage(Arena arena) {
    this.arena = arena;
  }

  @Override
  public Dual forward(List<Dual> inputs) {
    Dual input = inputs.get(0);
    shape = input.value().shape();
    return new Dual(mean(input.value()), input.moves() ? mean(input.tangent()) : null);
  }

  private INDArray mean(INDArray maps) {
    INDArray result = arena.take(shape[0], shape[1], 1, 1);
    ArrayValues from = ArrayValues.of(maps);
    ArrayValues to = ArrayValues.of(result);
    int pixels = (int) (shape[2] * shape[3]);
    for (int i = 0; i < result.length(); i++) {
      double sum = 0;
      for (int j = i * pixels; j < (i + 1) * pixels; j++) {
        sum += from.get(j);
      }
      to.set(i, sum / pixels);
    }
    return result;
  }

  @Override
  public Slopes backward(Dual slope, boolean wanted) {
    return new Slopes(
        wanted ? new Dual(shared(slope.value()), shared(slope.tangent())) : null, List.of());
  }

  private INDArray shared(INDArray slope) {
    INDArray result = arena.take(shape);
    ArrayValues from = ArrayValues.of(slope);
    ArrayValues to = ArrayValues.of(result);
    int pixels = (int) (shape[2] * shape[3]);
    for (int i = 0; i < result.length(); i++) {
      to.set(i, from.get(i / pixels) / pixels);
    }
    return result;
  }
}
