package org.fedlayers.nn.graph;

import org.fedlayers.nn.Normaliser;

/**
 * How the rows of a batch (one for each channel of a sample) fall into sets that share a mean and a
 * variance: a channel over the batch, or a group of channels of one sample.
 *
 * @param count sets in all
 * @param rows in the batch
 * @param channels of a sample
 * @param perSample sets within a sample; 0 where samples share them
 */
record Sets(int count, int rows, int channels, int perSample) {

  static Sets of(Normaliser normaliser, int samples, int channels) {
    boolean shared = normaliser.hasStatistics();
    int perSample = shared ? 0 : normaliser.groupsOf(channels);
    return new Sets(
        shared ? channels : samples * perSample, samples * channels, channels, perSample);
  }

  /** The set that a row belongs to. */
  int of(int row) {
    int channel = row % channels;
    return perSample == 0 ? channel : row / channels * perSample + channel / (channels / perSample);
  }

  /** The sum over the rows of each set. */
  double[] sum(double[] byRow) {
    double[] sums = new double[count];
    for (int row = 0; row < rows; row++) {
      sums[of(row)] += byRow[row];
    }
    return sums;
  }

  /** Each row's value: that of its set. */
  double[] spread(double[] bySet) {
    double[] values = new double[rows];
    for (int row = 0; row < rows; row++) {
      values[row] = bySet[of(row)];
    }
    return values;
  }
}
