package org.fedlayers.federated;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;

/**
 * Federated averaging as the paper states it (McMahan et al., AISTATS 2017, arXiv 1602.05629,
 * algorithm 1), in double precision and plain loops: the shortest complete reading of what {@link
 * Federation}, {@link LocalTrainer} and {@link ImageProblem} compute together. Each client k starts
 * from theta and takes, for every mini-batch b of every local epoch,
 *
 * <pre>
 * v = momentum v + clip(grad f_k(w; b)) + decay w,   w = w - rate v
 * </pre>
 *
 * and the server sets theta = sum_k n_k / n w_k, and the normalisers' statistics alike. There are
 * no threads, no buffers, no engine and no oneDNN; {@link NaiveTwinTest} requires that the library
 * computes the same to rounding.
 */
final class NaiveFedAvg {
  double[] theta;
  double[] statistics;

  private final DataSet data;
  private final int[][] split;
  private final int batch;
  private final Network network;
  private final Randomness randomness;

  NaiveFedAvg(DataSet data, int[][] split, int batch, Network network, Randomness randomness) {
    this.data = data;
    this.split = split;
    this.batch = batch;
    this.network = network;
    this.randomness = randomness;
  }

  /** Normalised values and labels of a few images. */
  record MiniBatch(double[] pixels, int[] labels) {
    NaiveNetwork.Result gradient(Network network, double[] w, double[] s, Pass pass) {
      return new NaiveNetwork(network)
          .gradient(w, s, pixels, labels, labels.length, pass, CrossEntropy.INSTANCE);
    }
  }

  /** A client's mini-batches in the order of one pass over its images. */
  List<MiniBatch> batches(int client, int epoch) {
    int[] order = PermutationSampler.natural(split[client].length);
    PermutationSampler.shuffle(randomness.of("order", client, epoch), order);
    List<MiniBatch> batches = new ArrayList<>();
    for (int from = 0; from < order.length; from += batch) {
      int size = Math.min(batch, order.length - from);
      MiniBatch images = new MiniBatch(new double[size * 192], new int[size]);
      for (int i = 0; i < size; i++) {
        int image = split[client][order[from + i]];
        images.labels[i] = data.train().labels()[image];
        for (int j = 0; j < 192; j++) {
          int value = data.train().pixels()[image * 192 + j] & 255;
          images.pixels[i * 192 + j] = (value / 255.0 - 0.5) / 0.25;
        }
      }
      batches.add(images);
    }
    return batches;
  }

  /** One round of full participation: SGD with clip, then decay, then momentum from zero. */
  void round(
      int round, int epochs, double rate, double momentum, double clip, double decay, Pass pass) {
    int all = Arrays.stream(split).mapToInt(own -> own.length).sum();
    double[] mean = new double[theta.length];
    double[] meanStatistics = new double[statistics.length];
    for (int client = 0; client < split.length; client++) {
      double[] w = theta.clone();
      double[] v = new double[theta.length];
      double[] s = statistics.clone();
      for (int epoch = round * epochs; epoch < (round + 1) * epochs; epoch++) {
        for (MiniBatch images : batches(client, epoch)) {
          var result = images.gradient(network, w, s, pass);
          s = result.statistics();
          double norm = Math.sqrt(Arrays.stream(result.gradient()).map(x -> x * x).sum());
          double factor = clip > 0 && norm > clip ? clip / norm : 1;
          for (int i = 0; i < w.length; i++) {
            v[i] = momentum * v[i] + factor * result.gradient()[i] + decay * w[i];
            w[i] -= rate * v[i];
          }
        }
      }
      double p = (double) split[client].length / all;
      for (int i = 0; i < w.length; i++) {
        mean[i] += p * w[i];
      }
      for (int i = 0; i < s.length; i++) {
        meanStatistics[i] += p * s[i];
      }
    }
    theta = mean;
    statistics = meanStatistics;
  }
}
