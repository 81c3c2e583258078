package org.fedlayers.nn;

import java.util.Arrays;

/**
 * A {@link Network} computed in double precision by plain loops: the oracle both executors are held
 * against. It shares no code with them, and its own gradient is held against central differences.
 */
public final class NaiveNetwork {

  /**
   * What one training pass gives.
   *
   * @param value mean loss plus penalty
   * @param statistics after the pass
   * @param smallestInput the least distance of a ReLU's input from 0: where float rounding may flip
   *     it, no close agreement can be asked
   */
  public record Result(
      double value,
      double penalty,
      double[] logits,
      double[] gradient,
      double[] statistics,
      double smallestInput) {}

  private final Network network;

  public NaiveNetwork(Network network) {
    this.network = network;
  }

  /** Logits in evaluation mode. */
  public double[] logits(double[] weights, double[] statistics, double[] pixels, int size) {
    double[][] values = forward(weights, statistics.clone(), pixels, size, Pass.Statistics.FROZEN);
    return values[values.length - 1];
  }

  /** What one node puts out in evaluation mode, image after image. */
  public double[] output(
      Node node, double[] weights, double[] statistics, double[] pixels, int size) {
    return forward(weights, statistics.clone(), pixels, size, Pass.Statistics.FROZEN)[node.index()];
  }

  public Result gradient(
      double[] weights,
      double[] statistics,
      double[] pixels,
      int[] labels,
      int size,
      Pass pass,
      LogitLoss loss) {
    double[] moved = statistics.clone();
    double[][] values = forward(weights, moved, pixels, size, pass.statistics());
    double[][] slopes = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      slopes[i] = new double[values[i].length];
    }
    int last = values.length - 1;
    double value = loss.apply(values[last], labels, size, network.classes(), slopes[last]);
    double penalty = penalty(values, slopes, size, pass.activationPenalty());
    double[] gradient = new double[network.weightCount()];
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = last; i > 0; i--) {
      Node node = network.node(i);
      backward(node, weights, statistics, values, slopes, gradient, size, pass.statistics());
      if (node.layer() instanceof Layer.Activate activate
          && activate.function() == Layer.Function.RELU) {
        double[] input = values[node.inputs().get(0)];
        smallest = Math.min(smallest, Arrays.stream(input).map(Math::abs).min().orElseThrow());
      }
    }
    return new Result(value + penalty, penalty, values[last], gradient, moved, smallest);
  }

  /** Adds each penalised activation's own slope before anything flows back through it. */
  private double penalty(double[][] values, double[][] slopes, int size, double zeta) {
    double sum = 0;
    for (Node node : network.penalised()) {
      double[] value = values[node.index()];
      for (int i = 0; i < value.length; i++) {
        sum += zeta / 2 * value[i] * value[i] / value.length;
        slopes[node.index()][i] += zeta * value[i] / value.length;
      }
    }
    return sum;
  }

  private double[][] forward(
      double[] weights, double[] statistics, double[] pixels, int size, Pass.Statistics mode) {
    double[][] values = new double[network.nodes().size()][];
    values[0] = Arrays.copyOf(pixels, size * network.input().size());
    for (Node node : network.nodes().subList(1, values.length)) {
      Node from = network.node(node.inputs().get(0));
      double[] x = values[from.index()];
      double[] y = new double[size * node.shape().size()];
      values[node.index()] = y;
      Layer layer = node.layer();
      if (layer instanceof Layer.Convolution || layer instanceof Layer.Dense) {
        NaiveWindows.of(from, node).weigh(weights, kernel(node), bias(node), x, y, size);
      } else if (layer instanceof Layer.MaxPool) {
        NaiveWindows.of(from, node).largest(x, size, (in, out) -> y[out] = x[in]);
      } else if (layer instanceof Layer.Normalise) {
        new NaiveNormaliser(network, node, size, mode).forward(weights, statistics, x, y);
      } else if (layer instanceof Layer.Activate activate) {
        boolean relu = activate.function() == Layer.Function.RELU;
        Arrays.setAll(y, i -> relu ? Math.max(0, x[i]) : Math.tanh(x[i]));
      } else if (layer instanceof Layer.GlobalAverage) {
        int pixelsEach = x.length / y.length;
        for (int i = 0; i < x.length; i++) {
          y[i / pixelsEach] += x[i] / pixelsEach;
        }
      } else if (layer instanceof Layer.Add) {
        double[] other = values[node.inputs().get(1)];
        Arrays.setAll(y, i -> x[i] + other[i]);
      } else {
        throw new IllegalStateException("no oracle for " + layer);
      }
    }
    return values;
  }

  private void backward(
      Node node,
      double[] weights,
      double[] statistics,
      double[][] values,
      double[][] slopes,
      double[] gradient,
      int size,
      Pass.Statistics mode) {
    Node from = network.node(node.inputs().get(0));
    double[] x = values[from.index()];
    double[] y = values[node.index()];
    double[] dx = slopes[from.index()];
    double[] dy = slopes[node.index()];
    Layer layer = node.layer();
    if (layer instanceof Layer.Convolution || layer instanceof Layer.Dense) {
      NaiveWindows.of(from, node)
          .backward(weights, kernel(node), bias(node), x, dy, dx, gradient, size);
    } else if (layer instanceof Layer.MaxPool) {
      NaiveWindows.of(from, node).largest(x, size, (in, out) -> dx[in] += dy[out]);
    } else if (layer instanceof Layer.Normalise) {
      new NaiveNormaliser(network, node, size, mode)
          .backward(weights, statistics, x, dy, dx, gradient);
    } else if (layer instanceof Layer.Activate activate) {
      boolean relu = activate.function() == Layer.Function.RELU;
      for (int i = 0; i < x.length; i++) {
        dx[i] += dy[i] * (relu ? (x[i] > 0 ? 1 : 0) : 1 - y[i] * y[i]);
      }
    } else if (layer instanceof Layer.GlobalAverage) {
      int pixelsEach = x.length / y.length;
      for (int i = 0; i < x.length; i++) {
        dx[i] += dy[i / pixelsEach] / pixelsEach;
      }
    } else if (layer instanceof Layer.Add) {
      for (int input : node.inputs()) {
        for (int i = 0; i < dy.length; i++) {
          slopes[input][i] += dy[i];
        }
      }
    }
  }

  private int kernel(Node node) {
    return network.weightsOf(node.index()).get(0).offset();
  }

  /** The bias's offset, or -1. */
  private int bias(Node node) {
    var tensors = network.weightsOf(node.index());
    return tensors.size() > 1 ? tensors.get(1).offset() : -1;
  }
}
