package org.fedlayers.diagnostics;

import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Shape;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The largest value of each window; which one it is stays fixed. */
final class DualMaxPool implements DualLayer {
  private final Layer.MaxPool layer;
  private final Shape out;
  private final Arena arena;
  private long[] shape;
  private int[] winner;

  DualMaxPool(Layer.MaxPool layer, Shape out, Arena arena) {
    this.arena = arena;
    this.layer = layer;
    this.out = out;
  }

  @Override
  public Dual forward(List<Dual> inputs) {
    Dual input = inputs.get(0);
    shape = input.value().shape();
    findWinners(ArrayValues.of(input.value()));
    return new Dual(chosen(input.value()), input.moves() ? chosen(input.tangent()) : null);
  }

  private void findWinners(ArrayValues x) {
    int height = (int) shape[2];
    int width = (int) shape[3];
    int planes = (int) (shape[0] * shape[1]);
    winner = new int[planes * out.height() * out.width()];
    int place = 0;
    for (int plane = 0; plane < planes; plane++) {
      for (int row = 0; row < out.height(); row++) {
        int top = row * layer.stride() - layer.padding();
        for (int column = 0; column < out.width(); column++) {
          int left = column * layer.stride() - layer.padding();
          int best = -1;
          double largest = 0;
          for (int i = Math.max(0, top); i < Math.min(height, top + layer.kernel()); i++) {
            for (int j = Math.max(0, left); j < Math.min(width, left + layer.kernel()); j++) {
              int index = (plane * height + i) * width + j;
              double value = x.get(index);
              if (best < 0 || value > largest) {
                best = index;
                largest = value;
              }
            }
          }
          winner[place++] = best;
        }
      }
    }
  }

  private INDArray chosen(INDArray array) {
    INDArray result = arena.take(shape[0], out.channels(), out.height(), out.width());
    ArrayValues from = ArrayValues.of(array);
    ArrayValues to = ArrayValues.of(result);
    for (int i = 0; i < winner.length; i++) {
      to.set(i, from.get(winner[i]));
    }
    return result;
  }

  @Override
  public Slopes backward(Dual slope, boolean wanted) {
    return new Slopes(
        wanted ? new Dual(returned(slope.value()), returned(slope.tangent())) : null, List.of());
  }

  private INDArray returned(INDArray array) {
    INDArray result = arena.zeros(shape);
    ArrayValues from = ArrayValues.of(array);
    ArrayValues to = ArrayValues.of(result);
    for (int i = 0; i < winner.length; i++) {
      to.set(winner[i], to.get(winner[i]) + from.get(i));
    }
    return result;
  }
}
