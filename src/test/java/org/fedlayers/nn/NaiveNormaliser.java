package org.fedlayers.nn;

import java.util.List;

/**
 * Every normaliser by one formula: values fall into sets that share a mean and a variance, which
 * are (1-a) times constants plus a times the set's own. BATCH has a = 1, frozen statistics a = 0,
 * HYBRID a = sigmoid(mix); for the kinds that normalise sample by sample a = 1 always.
 */
final class NaiveNormaliser {
  private static final double EPSILON = 1e-5;

  private final int channels;
  private final int pixels;
  private final int size;

  private final int channelsPerSet;

  /** 0 where samples share their sets: a set is then a channel over the batch. */
  private final int setsPerSample;

  private final Pass.Statistics mode;
  private final List<Tensor> weights;
  private final int running;
  private final boolean hybrid;

  private double[] own;
  private double[] mean;
  private double[] variance;
  private double[] share;
  private double[] constantMean;
  private double[] constantVariance;
  private double[] ownVariance;
  private double count;

  NaiveNormaliser(Network network, Node node, int size, Pass.Statistics mode) {
    Normaliser kind = ((Layer.Normalise) node.layer()).normaliser();
    this.channels = node.shape().channels();
    this.pixels = node.shape().height() * node.shape().width();
    this.size = size;
    this.mode = mode;
    this.weights = network.weightsOf(node.index());
    this.hybrid = kind.kind() == Normaliser.Kind.HYBRID;
    this.setsPerSample = kind.hasStatistics() ? 0 : kind.groupsOf(channels);
    this.channelsPerSet = kind.hasStatistics() ? 1 : channels / setsPerSample;
    this.running =
        network.statistics().stream()
            .filter(tensor -> tensor.node() == node.index())
            .mapToInt(Tensor::offset)
            .findFirst()
            .orElse(-1);
  }

  void forward(double[] weight, double[] statistics, double[] x, double[] y) {
    measure(weight, statistics, x);
    for (int i = 0; i < x.length; i++) {
      y[i] = gamma(weight, i) * normal(x, i) + weight[weights.get(1).offset() + channel(i)];
    }
    if (running >= 0 && mode == Pass.Statistics.MOVING) {
      for (int c = 0; c < channels; c++) {
        int m = running + c;
        int v = m + channels;
        statistics[m] = 0.9 * statistics[m] + 0.1 * own[c];
        statistics[v] = 0.9 * statistics[v] + 0.1 * ownVariance[c] * count / (count - 1);
      }
    }
    if (running >= 0 && mode == Pass.Statistics.COLLECTING) {
      for (int c = 0; c < channels; c++) {
        statistics[running + c] = own[c];
        statistics[running + channels + c] = ownVariance[c] * count / (count - 1);
      }
    }
  }

  void backward(
      double[] weight,
      double[] statistics,
      double[] x,
      double[] dy,
      double[] dx,
      double[] gradient) {
    measure(weight, statistics, x);
    double[] dMean = new double[mean.length];
    double[] dVariance = new double[mean.length];
    for (int i = 0; i < x.length; i++) {
      int s = set(i);
      double slope = gamma(weight, i) * dy[i];
      double deviation = Math.sqrt(variance[s] + EPSILON);
      dMean[s] -= slope / deviation;
      dVariance[s] -= slope * normal(x, i) / (2 * deviation * deviation);
      gradient[weights.get(0).offset() + channel(i)] += dy[i] * normal(x, i);
      gradient[weights.get(1).offset() + channel(i)] += dy[i];
    }
    for (int i = 0; i < x.length; i++) {
      int s = set(i);
      dx[i] += gamma(weight, i) * dy[i] / Math.sqrt(variance[s] + EPSILON);
      dx[i] += share[s] * (dMean[s] + dVariance[s] * 2 * (x[i] - own[s])) / count;
    }
    if (hybrid && !constant()) {
      for (int c = 0; c < channels; c++) {
        double dShare = dMean[c] * (own[c] - constantMean[c]);
        dShare += dVariance[c] * (ownVariance[c] - constantVariance[c]);
        gradient[weights.get(2).offset() + c] += dShare * share[c] * (1 - share[c]);
      }
    }
  }

  private void measure(double[] weight, double[] statistics, double[] x) {
    int sets = running >= 0 ? channels : size * setsPerSample;
    count = (double) x.length / sets;
    own = new double[sets];
    ownVariance = new double[sets];
    for (int i = 0; i < x.length; i++) {
      own[set(i)] += x[i] / count;
    }
    for (int i = 0; i < x.length; i++) {
      ownVariance[set(i)] += Math.pow(x[i] - own[set(i)], 2) / count;
    }
    mean = new double[sets];
    variance = new double[sets];
    share = new double[sets];
    constantMean = new double[sets];
    constantVariance = new double[sets];
    for (int s = 0; s < sets; s++) {
      share[s] = running < 0 ? 1 : share(weight, s);
      if (running >= 0) {
        constantMean[s] = statistics[running + s];
        constantVariance[s] = statistics[running + channels + s];
      }
      mean[s] = (1 - share[s]) * constantMean[s] + share[s] * own[s];
      variance[s] = (1 - share[s]) * constantVariance[s] + share[s] * ownVariance[s];
    }
  }

  private double share(double[] weight, int c) {
    if (constant()) {
      return 0;
    }
    return hybrid ? 1 / (1 + Math.exp(-weight[weights.get(2).offset() + c])) : 1;
  }

  private boolean constant() {
    return mode == Pass.Statistics.FROZEN || mode == Pass.Statistics.COLLECTING;
  }

  private int channel(int i) {
    return i / pixels % channels;
  }

  private int set(int i) {
    return i / (pixels * channels) * setsPerSample + channel(i) / channelsPerSet;
  }

  private double gamma(double[] weight, int i) {
    return weight[weights.get(0).offset() + channel(i)];
  }

  private double normal(double[] x, int i) {
    int s = set(i);
    return (x[i] - mean[s]) / Math.sqrt(variance[s] + EPSILON);
  }
}
