package org.fedlayers.nn.dual;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.nd4j.common.util.ArrayUtil;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Layers as functions of dual numbers, forward and back, in one pass over one chunk of images.
 * Activations are [images, channels, height, width].
 */
final class DualLayers implements Layer.Visitor<DualLayers.Step> {

  /** The way back through a layer. */
  interface Back {
    /**
     * @param slope derivative of the loss by the output; moves
     * @param wanted whether the slope by the inputs is; else it is null
     */
    Dual of(Dual slope, boolean wanted);
  }

  /** What a layer gives, and the way back through it. */
  record Step(Dual output, Back back) {}

  /** Of the nodes seen so far. */
  final List<Step> steps = new ArrayList<>();

  /** R of the derivative by weights, C-ordered, in a shape that may differ from the tensor's. */
  final Map<Tensor, INDArray> gradients = new HashMap<>();

  private final Network network;
  private final Map<Tensor, Dual> weights;
  private final double[] statistics;
  private final Batch batch;
  private final Arena arena;

  DualLayers(
      Network network, Map<Tensor, Dual> weights, double[] statistics, Batch batch, Arena arena) {
    this.network = network;
    this.weights = weights;
    this.statistics = statistics;
    this.batch = batch;
    this.arena = arena;
    network.nodes().forEach(node -> steps.add(node.layer().accept(this, node)));
  }

  private Dual input(Node node) {
    return steps.get(node.inputs().get(0)).output();
  }

  /** Null for none. */
  private Dual weight(Node node, Tensor.Role role) {
    return weights.get(network.tensor(node, role));
  }

  @Override
  public Step input(Node node, Layer.Input layer) {
    double[] pixels = new double[batch.size() * node.shape().size()];
    Arrays.setAll(pixels, i -> batch.pixels()[i]);
    return new Step(new Dual(arena.of(pixels, maps(node)), null), null);
  }

  private long[] maps(Node node) {
    Shape shape = node.shape();
    return new long[] {batch.size(), shape.channels(), shape.height(), shape.width()};
  }

  @Override
  public Step convolution(Node node, Layer.Convolution layer) {
    return product(new DualConvolution(node, layer, arena));
  }

  @Override
  public Step dense(Node node, Layer.Dense layer) {
    return product(new DualDense(node, arena));
  }

  private Step product(DualProduct product) {
    Node node = product.node;
    return product.step(
        input(node),
        weight(node, Tensor.Role.KERNEL),
        weight(node, Tensor.Role.BIAS),
        (role, gradient) -> gradient(node, role, gradient));
  }

  @Override
  public Step normalise(Node node, Layer.Normalise layer) {
    Dual input = input(node);
    Dual scale = weight(node, Tensor.Role.SCALE);
    var normaliser =
        new DualNormaliser(
            layer.normaliser(),
            input,
            scale,
            statistics(node, Tensor.Role.MEAN),
            statistics(node, Tensor.Role.VARIANCE),
            arena);
    return new Step(
        normaliser.forward(weight(node, Tensor.Role.SHIFT), input.moves() || scale.moves()),
        (slope, wanted) -> {
          double[][] sums = normaliser.ofWeights(slope);
          gradient(node, Tensor.Role.SCALE, arena.of(sums[0], sums[0].length));
          gradient(node, Tensor.Role.SHIFT, arena.of(sums[1], sums[1].length));
          return wanted ? normaliser.back(slope) : null;
        });
  }

  private void gradient(Node node, Tensor.Role role, INDArray gradient) {
    gradients.put(network.tensor(node, role), gradient);
  }

  /** Null for a normaliser that has none. */
  private double[] statistics(Node node, Tensor.Role role) {
    Tensor tensor = network.tensor(node, role);
    return tensor == null ? null : Arrays.copyOfRange(statistics, tensor.offset(), tensor.end());
  }

  /**
   * y = f(x), Ry = f'(x) Rx; back, with slope d: f' d, and f' Rd + f'' Rx d. ReLU's f'' is 0, and
   * f' is 0 at its kink.
   */
  @Override
  public Step activate(Node node, Layer.Activate layer) {
    Dual input = input(node);
    boolean relu =
        switch (layer.function()) {
          case RELU -> true;
          case TANH -> false;
        };
    double[] y = Arena.values(input.value());
    for (int i = 0; i < y.length; i++) {
      y[i] = arena.rounded(relu ? Math.max(0, y[i]) : StrictMath.tanh(y[i]));
    }
    double[] first = new double[y.length];
    for (int i = 0; i < y.length; i++) {
      first[i] = !relu ? 1 - y[i] * y[i] : y[i] > 0 ? 1 : 0;
    }
    double[] bend = null;
    if (!relu && input.moves()) {
      bend = Arena.values(input.tangent());
      for (int i = 0; i < y.length; i++) {
        bend[i] *= -2 * y[i] * first[i];
      }
    }
    double[] second = bend;
    return new Step(
        new Dual(
            arena.of(y, maps(node)),
            input.moves() ? times(first, input.tangent(), null, null) : null),
        (slope, wanted) ->
            wanted
                ? new Dual(
                    times(first, slope.value(), null, null),
                    times(first, slope.tangent(), second, slope.value()))
                : null);
  }

  /**
   * a x + b y.
   *
   * @param b null for zeros
   */
  private INDArray times(double[] a, INDArray x, double[] b, INDArray y) {
    double[] xs = Arena.values(x);
    double[] ys = b == null ? xs : Arena.values(y);
    for (int i = 0; i < xs.length; i++) {
      xs[i] = a[i] * xs[i] + (b == null ? 0 : b[i] * ys[i]);
    }
    return arena.of(xs, x.shape());
  }

  /** Which value of a window is the largest stays fixed. */
  @Override
  public Step maxPool(Node node, Layer.MaxPool layer) {
    Dual input = input(node);
    int[] winners = winners(node, layer, Arena.values(input.value()));
    return linear(
        input,
        maps(node),
        (from, to) -> {
          for (int i = 0; i < winners.length; i++) {
            to[i] = from[winners[i]];
          }
        },
        (from, to) -> {
          for (int i = 0; i < winners.length; i++) {
            to[winners[i]] = arena.rounded(to[winners[i]] + from[i]);
          }
        });
  }

  private int[] winners(Node node, Layer.MaxPool layer, double[] x) {
    Shape in = network.node(node.inputs().get(0)).shape();
    Shape out = node.shape();
    int[] winners = new int[batch.size() * out.size()];
    for (int place = 0; place < winners.length; place++) {
      int top = place / out.width() % out.height() * layer.stride() - layer.padding();
      int left = place % out.width() * layer.stride() - layer.padding();
      int plane = place / (out.width() * out.height());
      int best = -1;
      for (int i = Math.max(0, top); i < Math.min(in.height(), top + layer.kernel()); i++) {
        for (int j = Math.max(0, left); j < Math.min(in.width(), left + layer.kernel()); j++) {
          int index = (plane * in.height() + i) * in.width() + j;
          best = best < 0 || x[index] > x[best] ? index : best;
        }
      }
      winners[place] = best;
    }
    return winners;
  }

  @Override
  public Step globalAverage(Node node, Layer.GlobalAverage layer) {
    Dual input = input(node);
    int pixels = (int) (input.value().size(2) * input.value().size(3));
    return linear(
        input,
        maps(node),
        (from, to) -> {
          for (int i = 0; i < from.length; i++) {
            to[i / pixels] += from[i];
          }
          for (int i = 0; i < to.length; i++) {
            to[i] /= pixels;
          }
        },
        (from, to) -> Arrays.setAll(to, i -> from[i / pixels] / pixels));
  }

  /** The same linear maps of values and tangents; each fills an array of zeros. */
  private Step linear(
      Dual input,
      long[] shape,
      BiConsumer<double[], double[]> forward,
      BiConsumer<double[], double[]> back) {
    return new Step(
        input.map(x -> mapped(x, forward, shape)),
        (slope, wanted) -> wanted ? slope.map(d -> mapped(d, back, input.value().shape())) : null);
  }

  private INDArray mapped(INDArray x, BiConsumer<double[], double[]> map, long... shape) {
    double[] result = new double[(int) ArrayUtil.prodLong(shape)];
    map.accept(Arena.values(x), result);
    return arena.of(result, shape);
  }

  /** What flows back goes to both. */
  @Override
  public Step add(Node node, Layer.Add layer) {
    Dual other = steps.get(node.inputs().get(1)).output();
    return new Step(input(node).plus(other, arena), (slope, wanted) -> slope);
  }
}
