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

/**
 * Layers as functions of dual numbers, forward and back, in one pass over one chunk of images.
 * Activations are [images, channels, height, width].
 */
final class DualLayers implements Layer.Visitor<DualLayers.Step> {

  /** The backward pass of a layer. */
  interface Back {
    /**
     * @param outputGradient derivative of the loss by the output; moves
     * @param wanted whether the gradient by the inputs is; else it is null
     */
    Dual of(Dual outputGradient, boolean wanted);
  }

  /** A layer's output, and its backward pass. */
  record Step(Dual output, Back back) {}

  /** Of the nodes seen so far. */
  final List<Step> steps = new ArrayList<>();

  /** R of the derivative by weights, C-ordered, in a shape that may differ from the tensor's. */
  final Map<Tensor, PassArray> gradients = new HashMap<>();

  private final DualModel model;
  private final Network network;
  private final Batch batch;
  private final ArrayPool pool;

  DualLayers(DualModel model, Batch batch, ArrayPool pool) {
    this.model = model;
    this.network = model.network;
    this.batch = batch;
    this.pool = pool;
    network.nodes().forEach(node -> steps.add(node.layer().accept(this, node)));
  }

  private Dual input(Node node) {
    return steps.get(node.inputs().get(0)).output();
  }

  /** Null for none. */
  private Dual weight(Node node, Tensor.Role role) {
    return model.weights.get(network.tensor(node, role));
  }

  @Override
  public Step input(Node node, Layer.Input layer) {
    double[] pixels = new double[batch.size() * node.shape().size()];
    Arrays.setAll(pixels, i -> batch.pixels()[i]);
    return new Step(new Dual(pool.values(pixels, maps(node)), null), null);
  }

  private long[] maps(Node node) {
    Shape shape = node.shape();
    return new long[] {batch.size(), shape.channels(), shape.height(), shape.width()};
  }

  @Override
  public Step convolution(Node node, Layer.Convolution layer) {
    return product(new DualConvolution(node, layer, pool));
  }

  @Override
  public Step dense(Node node, Layer.Dense layer) {
    return product(new DualDense(node, pool));
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
    double[] means = statistics(node, Tensor.Role.MEAN);
    double[] variances = statistics(node, Tensor.Role.VARIANCE);
    var normaliser = new DualNormaliser(layer.normaliser(), input, scale, means, variances, pool);
    return new Step(
        normaliser.forward(weight(node, Tensor.Role.SHIFT), input.moves() || scale.moves()),
        (outputGradient, wanted) -> {
          double[][] sums = normaliser.ofWeights(outputGradient);
          gradient(node, Tensor.Role.SCALE, pool.values(sums[0], sums[0].length));
          gradient(node, Tensor.Role.SHIFT, pool.values(sums[1], sums[1].length));
          return wanted ? normaliser.back(outputGradient) : null;
        });
  }

  private void gradient(Node node, Tensor.Role role, PassArray gradient) {
    gradients.put(network.tensor(node, role), gradient);
  }

  /** Null for a normaliser that has none. */
  private double[] statistics(Node node, Tensor.Role role) {
    Tensor tensor = network.tensor(node, role);
    return tensor == null
        ? null
        : Arrays.copyOfRange(model.statistics, tensor.offset(), tensor.end());
  }

  /**
   * y = f(x), Ry = f'(x) Rx; back, with output gradient d: f' d, and f' Rd + f'' Rx d. ReLU's f''
   * is 0, and f' is 0 at its kink.
   */
  @Override
  public Step activate(Node node, Layer.Activate layer) {
    Dual input = input(node);
    boolean relu =
        switch (layer.function()) {
          case RELU -> true;
          case TANH -> false;
        };
    double[] x = input.value().numbers();
    double[] y = pool.numbers(x.length);
    for (int i = 0; i < y.length; i++) {
      y[i] = relu ? Math.max(0, x[i]) : StrictMath.tanh(x[i]);
    }
    PassArray output = pool.values(y, maps(node));
    double[] first = input.moves() ? slopes(y, relu) : null;
    double[] second = relu || !input.moves() ? null : pool.numbers(y.length);
    if (second != null) {
      double[] moved = input.tangent().numbers();
      for (int i = 0; i < y.length; i++) {
        second[i] = moved[i] * (-2 * y[i] * first[i]);
      }
    }
    return new Step(
        new Dual(output, input.moves() ? times(first, input.tangent(), null, null) : null),
        (d, wanted) -> {
          if (!wanted) {
            return null;
          }
          double[] slopes = first == null ? slopes(y, relu) : first;
          return new Dual(
              times(slopes, d.value(), null, null), times(slopes, d.tangent(), second, d.value()));
        });
  }

  /** f'(x) by f(x). */
  private double[] slopes(double[] y, boolean relu) {
    double[] slopes = pool.numbers(y.length);
    for (int i = 0; i < y.length; i++) {
      slopes[i] = !relu ? 1 - y[i] * y[i] : y[i] > 0 ? 1 : 0;
    }
    return slopes;
  }

  /**
   * a x + b y.
   *
   * @param b null for zeros
   */
  private PassArray times(double[] a, PassArray x, double[] b, PassArray y) {
    double[] xs = x.numbers();
    double[] sum = pool.numbers(xs.length);
    if (b == null) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] = a[i] * xs[i] + 0;
      }
    } else {
      double[] ys = y.numbers();
      for (int i = 0; i < sum.length; i++) {
        sum[i] = a[i] * xs[i] + b[i] * ys[i];
      }
    }
    return pool.values(sum, x.shape());
  }

  /** The derivative takes the position of each window's largest value as fixed. */
  @Override
  public Step maxPool(Node node, Layer.MaxPool layer) {
    Dual input = input(node);
    int[] winners = winners(node, layer, input.value().numbers());
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
            to[winners[i]] = pool.rounded(to[winners[i]] + from[i]);
          }
        });
  }

  private int[] winners(Node node, Layer.MaxPool layer, double[] x) {
    Shape in = network.node(node.inputs().get(0)).shape();
    Shape out = node.shape();
    int[] winners = new int[batch.size() * out.size()];
    for (int output = 0; output < winners.length; output++) {
      int top = output / out.width() % out.height() * layer.stride() - layer.padding();
      int left = output % out.width() * layer.stride() - layer.padding();
      int plane = output / (out.width() * out.height());
      int best = -1;
      for (int i = Math.max(0, top); i < Math.min(in.height(), top + layer.kernel()); i++) {
        for (int j = Math.max(0, left); j < Math.min(in.width(), left + layer.kernel()); j++) {
          int index = (plane * in.height() + i) * in.width() + j;
          best = best < 0 || x[index] > x[best] ? index : best;
        }
      }
      winners[output] = best;
    }
    return winners;
  }

  @Override
  public Step globalAverage(Node node, Layer.GlobalAverage layer) {
    Dual input = input(node);
    int pixels = (int) (input.value().shape()[2] * input.value().shape()[3]);
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
        (gradient, wanted) ->
            wanted ? gradient.map(d -> mapped(d, back, input.value().shape())) : null);
  }

  private PassArray mapped(PassArray x, BiConsumer<double[], double[]> map, long... shape) {
    double[] result = pool.numbers((int) ArrayUtil.prodLong(shape));
    Arrays.fill(result, 0);
    map.accept(x.numbers(), result);
    return pool.values(result, shape);
  }

  /** Both inputs have the output's gradient. */
  @Override
  public Step add(Node node, Layer.Add layer) {
    Dual other = steps.get(node.inputs().get(1)).output();
    return new Step(input(node).plus(other, pool), (gradient, wanted) -> gradient);
  }
}
