package org.fedlayers.diagnostics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * y = gamma h + beta with h = (x - m) / sqrt(v + eps), in evaluation mode. BATCH and HYBRID take m
 * and v from the running statistics, constants; the others from a group of channels of the sample,
 * which adds, with e = gamma d, mean over the group, and s = 1 / sqrt(v + eps):
 *
 * <pre>dx  = s (e - mean e - h mean(e h))
 * Rh  = s (Rx - mean Rx) - h mean(h s (Rx - mean Rx)),   Rs / s = -s mean(h (Rx - mean Rx))
 * Rdx = (Rs / s) dx + s (Re - mean Re - Rh mean(e h) - h mean(Re h + e Rh))</pre>
 */
final class DualNormaliser implements DualLayer {
  private final Normaliser normaliser;
  private final Arena arena;
  private final List<Dual> weights;
  private final ArrayValues gamma;
  private final ArrayValues gammaMoved;
  private final int channels;
  private final double[] mean;
  private final double[] variance;

  // Of the forward pass.
  private Dual normal;
  private int pixels;
  private int span;
  private double[] inverse;
  private double[] inverseMoved;

  DualNormaliser(
      Network network,
      Node node,
      Normaliser normaliser,
      List<Dual> weights,
      double[] statistics,
      Arena arena) {
    this.arena = arena;
    this.normaliser = normaliser;
    this.weights = weights;
    this.channels = node.shape().channels();
    this.gamma = ArrayValues.of(weights.get(0).value());
    this.gammaMoved = weights.get(0).moves() ? ArrayValues.of(weights.get(0).tangent()) : null;
    double[][] own =
        Stream.of(Tensor.Role.MEAN, Tensor.Role.VARIANCE)
            .map(role -> slice(network, node, role, statistics))
            .toArray(double[][]::new);
    this.mean = own[0];
    this.variance = own[1];
  }

  private static double[] slice(Network network, Node node, Tensor.Role role, double[] statistics) {
    return network.statistics().stream()
        .filter(tensor -> tensor.node() == node.index() && tensor.role() == role)
        .map(tensor -> Arrays.copyOfRange(statistics, tensor.offset(), tensor.end()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public Dual forward(List<Dual> inputs) {
    Dual input = inputs.get(0);
    long[] shape = input.value().shape();
    pixels = (int) (shape[2] * shape[3]);
    int rows = (int) (shape[0] * channels);
    span = normaliser.hasStatistics() ? 1 : channels / normaliser.groupsOf(channels);
    inverse = new double[rows / span];
    inverseMoved = new double[rows / span];
    normal = new Dual(arena.take(shape), input.moves() ? arena.take(shape) : null);
    for (int set = 0; set < inverse.length; set++) {
      normalise(input, set);
    }
    return affine(shape);
  }

  private void normalise(Dual input, int set) {
    ArrayValues x = ArrayValues.of(input.value());
    ArrayValues h = ArrayValues.of(normal.value());
    int count = span * pixels;
    int from = set * count;
    double centre = 0;
    double spread = 0;
    if (normaliser.hasStatistics()) {
      centre = mean[set % channels];
      spread = variance[set % channels];
    } else {
      for (int i = from; i < from + count; i++) {
        centre += x.get(i) / count;
      }
      for (int i = from; i < from + count; i++) {
        spread += (x.get(i) - centre) * (x.get(i) - centre) / count;
      }
    }
    double s = 1 / Math.sqrt(spread + Normaliser.EPSILON);
    inverse[set] = s;
    for (int i = from; i < from + count; i++) {
      h.set(i, (x.get(i) - centre) * s);
    }
    if (!input.moves()) {
      return;
    }
    ArrayValues moved = ArrayValues.of(input.tangent());
    ArrayValues result = ArrayValues.of(normal.tangent());
    double drift = 0;
    double stretch = 0;
    if (!normaliser.hasStatistics()) {
      for (int i = from; i < from + count; i++) {
        drift += moved.get(i) / count;
      }
      for (int i = from; i < from + count; i++) {
        stretch += h.get(i) * (moved.get(i) - drift) / count;
      }
    }
    inverseMoved[set] = -s * stretch;
    for (int i = from; i < from + count; i++) {
      result.set(i, s * (moved.get(i) - drift) - h.get(i) * s * stretch);
    }
  }

  private Dual affine(long[] shape) {
    Dual shift = weights.get(1);
    boolean moves = normal.moves() || gammaMoved != null;
    INDArray value = arena.take(shape);
    INDArray tangent = moves ? arena.take(shape) : null;
    ArrayValues h = ArrayValues.of(normal.value());
    ArrayValues moved = normal.moves() ? ArrayValues.of(normal.tangent()) : null;
    ArrayValues beta = ArrayValues.of(shift.value());
    ArrayValues betaMoved = shift.moves() ? ArrayValues.of(shift.tangent()) : null;
    ArrayValues y = ArrayValues.of(value);
    ArrayValues result = moves ? ArrayValues.of(tangent) : null;
    for (int row = 0; row < shape[0] * channels; row++) {
      int c = row % channels;
      double scale = gamma.get(c);
      double scaleMoved = gammaMoved == null ? 0 : gammaMoved.get(c);
      double offset = betaMoved == null ? 0 : betaMoved.get(c);
      for (int i = row * pixels; i < (row + 1) * pixels; i++) {
        y.set(i, scale * h.get(i) + beta.get(c));
        if (moves) {
          double own = moved == null ? 0 : moved.get(i);
          result.set(i, scale * own + scaleMoved * h.get(i) + offset);
        }
      }
    }
    return new Dual(value, tangent);
  }

  @Override
  public Slopes backward(Dual slope, boolean wanted) {
    ArrayValues h = ArrayValues.of(normal.value());
    ArrayValues moved = normal.moves() ? ArrayValues.of(normal.tangent()) : null;
    ArrayValues d = ArrayValues.of(slope.value());
    ArrayValues moving = ArrayValues.of(slope.tangent());
    double[] ofScale = new double[channels];
    double[] ofShift = new double[channels];
    int size = (int) normal.value().length();
    for (int i = 0; i < size; i++) {
      int c = i / pixels % channels;
      ofScale[c] += moving.get(i) * h.get(i) + (moved == null ? 0 : d.get(i) * moved.get(i));
      ofShift[c] += moving.get(i);
    }
    Dual back = null;
    if (wanted) {
      back = new Dual(arena.like(normal.value()), arena.like(normal.value()));
      for (int set = 0; set < inverse.length; set++) {
        backward(slope, set, back);
      }
    }
    Stream<double[]> slopes = Stream.of(ofScale, ofShift);
    if (weights.size() > 2) {
      // HBN's mix does nothing where running statistics normalise.
      slopes = Stream.concat(slopes, Stream.of(new double[channels]));
    }
    return new Slopes(back, slopes.map(arena::copy).toList());
  }

  private void backward(Dual slope, int set, Dual back) {
    ArrayValues h = ArrayValues.of(normal.value());
    ArrayValues moved = normal.moves() ? ArrayValues.of(normal.tangent()) : null;
    ArrayValues d = ArrayValues.of(slope.value());
    ArrayValues moving = ArrayValues.of(slope.tangent());
    ArrayValues value = ArrayValues.of(back.value());
    ArrayValues tangent = ArrayValues.of(back.tangent());
    int count = span * pixels;
    int from = set * count;
    double pull = 0;
    double pullMoved = 0;
    double turn = 0;
    double turnMoved = 0;
    for (int i = from; i < from + count; i++) {
      int c = i / pixels % channels;
      double e = gamma.get(c) * d.get(i);
      double eMoved = gamma.get(c) * moving.get(i);
      if (gammaMoved != null) {
        eMoved += gammaMoved.get(c) * d.get(i);
      }
      value.set(i, e);
      tangent.set(i, eMoved);
      if (!normaliser.hasStatistics()) {
        pull += e / count;
        pullMoved += eMoved / count;
        turn += e * h.get(i) / count;
        turnMoved += (eMoved * h.get(i) + (moved == null ? 0 : e * moved.get(i))) / count;
      }
    }
    double s = inverse[set];
    for (int i = from; i < from + count; i++) {
      double dx = s * (value.get(i) - pull - h.get(i) * turn);
      double own = moved == null ? 0 : moved.get(i);
      tangent.set(
          i,
          inverseMoved[set] * dx
              + s * (tangent.get(i) - pullMoved - own * turn - h.get(i) * turnMoved));
      value.set(i, dx);
    }
  }
}
