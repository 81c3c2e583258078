package org.fedlayers.nn.graph;

import java.util.Arrays;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.fedlayers.nn.Normaliser;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every normaliser by one formula. Rows of the batch fall into {@link Sets} of N values with mean
 * mu and variance s2; with running statistics M and V and a share a, what normalises is
 *
 * <pre>m = (1-a) M + a mu,   v = (1-a) V + a s2,   y = gamma (x - m) / sqrt(v + eps) + beta</pre>
 *
 * a is 1 for all kinds but HYBRID, whose a = sigmoid(mix), and 0 where running statistics normalise
 * (frozen, evaluation). Whole rows are ND4J's work; sums over rows are done here, in double.
 *
 * <p>Parameters: scale, shift and, for HYBRID, mix.
 */
@SuppressWarnings("overrides") // As in the class above.
final class NormaliseVertex extends SingleInputVertex {
  private final Normaliser normaliser;
  private final INDArray parameters;
  private final double[] statistics;
  private final int mean;
  private final int variance;
  private final int channels;
  private INDArray gradients;

  // Of the last forward pass, for the backward one.
  private Sets sets;
  private boolean constant;
  private INDArray centred;
  private double[] gamma;
  private double[] share;
  private double[] own;
  private double[] ownVariance;
  private double[] meanGap;
  private double[] varianceGap;
  private double[] inverse;

  /**
   * @param parameters a slice of the graph's
   * @param statistics the whole network's, shared
   * @param first where this vertex's means start among them; its variances follow
   */
  NormaliseVertex(
      ComputationGraph graph,
      String name,
      int index,
      DataType type,
      Normaliser normaliser,
      int channels,
      INDArray parameters,
      double[] statistics,
      int first) {
    super(graph, name, index, type);
    this.normaliser = normaliser;
    this.channels = channels;
    this.parameters = parameters;
    this.statistics = statistics;
    this.mean = first;
    this.variance = first + channels;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray x = rows(inputs[0]);
    double[] weights = parameters.toDoubleVector();
    gamma = Arrays.copyOf(weights, channels);
    sets = Sets.of(normaliser, (int) inputs[0].size(0), channels);
    constant = normaliser.hasStatistics() && (!training || pass.byRunning());
    centred = rows(likeInput(ArrayType.ACTIVATIONS, workspaces));
    double count = (double) x.length() / sets.count();
    boolean moves = training && pass.moves() && normaliser.hasStatistics();
    if ((moves || !constant && normaliser.hasStatistics()) && count < 2) {
      throw new IllegalArgumentException(
          getVertexName()
              + " normalises by batch, which needs two values a channel: the batch"
              + " holds one");
    }
    own = constant ? Arrays.copyOfRange(statistics, mean, mean + channels) : means(x, count);
    x.sub(column(sets.spread(own)), centred);
    ownVariance =
        constant
            ? Arrays.copyOfRange(statistics, variance, variance + channels)
            : means(centred.mul(centred), count);
    mix(weights);
    if (moves && constant) {
      double[] means = means(x, count);
      INDArray deviations = x.sub(column(sets.spread(means)));
      move(1, means, means(deviations.muli(deviations), count), count);
    } else if (moves) {
      move(Normaliser.RATE, own, ownVariance, count);
    }
    double[] scale = new double[sets.rows()];
    double[] shift = new double[sets.rows()];
    for (int row = 0; row < sets.rows(); row++) {
      int set = sets.of(row);
      scale[row] = gamma[row % channels] * inverse[set];
      shift[row] =
          weights[channels + row % channels] + scale[row] * (1 - share[set]) * meanGap[set];
    }
    INDArray y = likeInput(ArrayType.ACTIVATIONS, workspaces);
    INDArray out = rows(y);
    centred.mul(column(scale), out);
    out.addi(column(shift));
    return y;
  }

  /** For each set: its share, its distance from the running statistics, 1 / sqrt(v + eps). */
  private void mix(double[] weights) {
    share = new double[sets.count()];
    meanGap = new double[sets.count()];
    varianceGap = new double[sets.count()];
    inverse = new double[sets.count()];
    Arrays.fill(share, constant ? 0 : 1);
    for (int set = 0; set < sets.count(); set++) {
      if (!constant && hybrid()) {
        share[set] = 1 / (1 + StrictMath.exp(-weights[2 * channels + set]));
        meanGap[set] = own[set] - statistics[mean + set];
        varianceGap[set] = ownVariance[set] - statistics[variance + set];
      }
      double v = ownVariance[set] - (1 - share[set]) * varianceGap[set];
      inverse[set] = 1 / Math.sqrt(v + Normaliser.EPSILON);
    }
  }

  /** Of each set. */
  private double[] means(INDArray x, double count) {
    return Arrays.stream(sets.sum(x.sum(1).toDoubleVector())).map(s -> s * (1 / count)).toArray();
  }

  private void move(double rate, double[] means, double[] variances, double count) {
    for (int c = 0; c < channels; c++) {
      double unbiased = variances[c] * count / (count - 1);
      statistics[mean + c] += rate * (means[c] - statistics[mean + c]);
      statistics[variance + c] += rate * (unbiased - statistics[variance + c]);
    }
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    INDArray slope = rows(epsilon);
    INDArray result = likeInput(ArrayType.ACTIVATION_GRAD, workspaces);
    INDArray out = rows(result);
    double[] sums = slope.sum(1).toDoubleVector();
    double[] products = slope.mul(centred, out).sum(1).toDoubleVector();
    double[] gradient = new double[(int) parameters.length()];
    double[] dMean = new double[sets.count()];
    double[] dVariance = new double[sets.count()];
    double[] scale = new double[sets.rows()];
    for (int row = 0; row < sets.rows(); row++) {
      int set = sets.of(row);
      int c = row % channels;
      double product = inverse[set] * (products[row] + (1 - share[set]) * meanGap[set] * sums[row]);
      gradient[c] += product;
      gradient[channels + c] += sums[row];
      scale[row] = gamma[c] * inverse[set];
      dMean[set] -= scale[row] * sums[row];
      dVariance[set] -= scale[row] * inverse[set] * product / 2;
    }
    slope.mul(column(scale), out);
    if (!constant) {
      double count = (double) slope.length() / sets.count();
      double[] pull = new double[sets.count()];
      double[] push = new double[sets.count()];
      for (int set = 0; set < sets.count(); set++) {
        pull[set] = 2 * share[set] * dVariance[set] / count;
        push[set] = share[set] * dMean[set] / count;
      }
      out.addi(centred.mul(column(sets.spread(pull))));
      out.addi(column(sets.spread(push)));
    }
    if (!constant && hybrid()) {
      for (int c = 0; c < channels; c++) {
        double dShare = dMean[c] * meanGap[c] + dVariance[c] * varianceGap[c];
        gradient[2 * channels + c] = dShare * share[c] * (1 - share[c]);
      }
    }
    gradients.assign(Nd4j.createFromArray(gradient));
    return new Pair<>(null, new INDArray[] {result});
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray gradients) {
    this.gradients = gradients;
  }

  @Override
  public INDArray params() {
    return parameters;
  }

  private boolean hybrid() {
    return normaliser.kind() == Normaliser.Kind.HYBRID;
  }

  private INDArray column(double[] values) {
    return Nd4j.createFromArray(values).castTo(dataType).reshape(values.length, 1);
  }
}
