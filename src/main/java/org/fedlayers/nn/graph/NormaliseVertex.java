package org.fedlayers.nn.graph;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.fedlayers.nn.Normaliser;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Every normaliser by one formula. Rows of the batch fall into sets of N values with mean mu and
 * variance s2; with running statistics M and V and a weight a, what normalises is
 *
 * <pre>m = (1-a) M + a mu,   v = (1-a) V + a s2,   y = gamma (x - m) / sqrt(v + eps) + beta</pre>
 *
 * a is 1 for all kinds but HYBRID, whose a = sigmoid(mix), and 0 where running statistics normalise
 * (frozen, evaluation). Whole rows are ND4J's work; sums over rows are done here, in double.
 *
 * <p>Parameters: scale, shift and, for HYBRID, mix.
 */
@SuppressWarnings("overrides") // As in SingleInputVertex.
final class NormaliseVertex extends SingleInputVertex {
  private final Normaliser normaliser;
  private final INDArray parameters;
  private final double[] statistics;
  private final int mean;
  private final int variance;
  private final int channels;
  private INDArray gradients;

  // Of the last forward pass, for the backward one; of each set where not said otherwise.
  private int sets;
  private int rows;
  private double count;
  private boolean constant;
  private INDArray centred;
  private double[] batchWeight;
  private double[] meanGap;
  private double[] varianceGap;
  private double[] inverse;

  /**
   * @param statistics the whole network's, shared
   * @param first where this vertex's means start among them; its variances follow
   */
  NormaliseVertex(
      Place place, Normaliser normaliser, int channels, double[] statistics, int first) {
    super(place);
    this.normaliser = normaliser;
    this.channels = channels;
    this.parameters = place.parameters();
    this.statistics = statistics;
    this.mean = first;
    this.variance = first + channels;
  }

  @Override
  public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
    INDArray x = rows(inputs[0]);
    boolean shared = normaliser.hasStatistics();
    int samples = (int) inputs[0].size(0);
    rows = samples * channels;
    sets = shared ? channels : samples * normaliser.groupsOf(channels);
    count = (double) x.length() / sets;
    constant = shared && (!training || pass.byRunning());
    boolean moves = training && pass.moves() && shared;
    centred = rows(likeInput(ArrayType.ACTIVATIONS, workspaces));
    double[] own = constant ? running(mean) : means(x);
    x.sub(column(byRow(own)), centred);
    double[] ownVariance = constant ? running(variance) : means(centred.mul(centred));
    double[] weights = parameters.toDoubleVector();
    mix(weights, own, ownVariance);
    if (moves && constant) {
      double[] means = means(x);
      INDArray deviations = x.sub(column(byRow(means)));
      move(1, means, means(deviations.muli(deviations)));
    } else if (moves) {
      move(Normaliser.RATE, own, ownVariance);
    }
    double[] scale = new double[rows];
    double[] shift = new double[rows];
    for (int row = 0; row < rows; row++) {
      int set = set(row);
      scale[row] = weights[row % channels] * inverse[set];
      shift[row] =
          weights[channels + row % channels] + scale[row] * (1 - batchWeight[set]) * meanGap[set];
    }
    INDArray y = likeInput(ArrayType.ACTIVATIONS, workspaces);
    INDArray inputGradients = rows(y);
    centred.mul(column(scale), inputGradients);
    inputGradients.addi(column(shift));
    return y;
  }

  /**
   * The set that a row belongs to, one for each channel of a sample: a channel over the batch, or a
   * group of channels of one sample.
   */
  private int set(int row) {
    return normaliser.hasStatistics() ? row % channels : row / (rows / sets);
  }

  private double[] running(int first) {
    return Arrays.copyOfRange(statistics, first, first + channels);
  }

  /** Repeats the value of each set for all its rows. */
  private double[] byRow(double[] bySet) {
    return IntStream.range(0, rows).mapToDouble(row -> bySet[set(row)]).toArray();
  }

  /**
   * For each set: the weight of the batch, the distance from the running statistics, 1 / sqrt(v +
   * eps).
   */
  private void mix(double[] weights, double[] own, double[] ownVariance) {
    batchWeight = new double[sets];
    meanGap = new double[sets];
    varianceGap = new double[sets];
    inverse = new double[sets];
    Arrays.fill(batchWeight, constant ? 0 : 1);
    for (int set = 0; set < sets; set++) {
      if (!constant && hybrid()) {
        batchWeight[set] = 1 / (1 + StrictMath.exp(-weights[2 * channels + set]));
        meanGap[set] = own[set] - statistics[mean + set];
        varianceGap[set] = ownVariance[set] - statistics[variance + set];
      }
      double v = ownVariance[set] - (1 - batchWeight[set]) * varianceGap[set];
      inverse[set] = 1 / Math.sqrt(v + Normaliser.EPSILON);
    }
  }

  /** Of each set. */
  private double[] means(INDArray x) {
    double[] means = new double[sets];
    double[] sums = x.sum(1).toDoubleVector();
    for (int row = 0; row < rows; row++) {
      means[set(row)] += sums[row];
    }
    Arrays.setAll(means, set -> means[set] * (1 / count));
    return means;
  }

  private void move(double rate, double[] means, double[] variances) {
    for (int c = 0; c < channels; c++) {
      double unbiased = variances[c] * count / (count - 1);
      statistics[mean + c] += rate * (means[c] - statistics[mean + c]);
      statistics[variance + c] += rate * (unbiased - statistics[variance + c]);
    }
  }

  @Override
  public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
    INDArray outputGradient = rows(epsilon);
    INDArray result = likeInput(ArrayType.ACTIVATION_GRAD, workspaces);
    INDArray inputGradients = rows(result);
    double[] sums = outputGradient.sum(1).toDoubleVector();
    double[] products = outputGradient.mul(centred, inputGradients).sum(1).toDoubleVector();
    double[] weights = parameters.toDoubleVector();
    double[] gradient = new double[weights.length];
    double[] dMean = new double[sets];
    double[] dVariance = new double[sets];
    double[] scale = new double[rows];
    for (int row = 0; row < rows; row++) {
      int set = set(row);
      int c = row % channels;
      double product =
          inverse[set] * (products[row] + (1 - batchWeight[set]) * meanGap[set] * sums[row]);
      gradient[c] += product;
      gradient[channels + c] += sums[row];
      scale[row] = weights[c] * inverse[set];
      dMean[set] -= scale[row] * sums[row];
      dVariance[set] -= scale[row] * inverse[set] * product / 2;
    }
    outputGradient.mul(column(scale), inputGradients);
    if (!constant) {
      double[] pull = new double[sets];
      double[] push = new double[sets];
      for (int set = 0; set < sets; set++) {
        pull[set] = 2 * batchWeight[set] * dVariance[set] / count;
        push[set] = batchWeight[set] * dMean[set] / count;
      }
      inputGradients.addi(centred.mul(column(byRow(pull))));
      inputGradients.addi(column(byRow(push)));
    }
    if (!constant && hybrid()) {
      for (int c = 0; c < channels; c++) {
        double dWeight = dMean[c] * meanGap[c] + dVariance[c] * varianceGap[c];
        gradient[2 * channels + c] = dWeight * batchWeight[c] * (1 - batchWeight[c]);
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
