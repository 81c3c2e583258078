package org.fedlayers.data;

import java.util.Arrays;

/**
 * The heterogeneity of clients by their labels, in numbers that can be compared between papers.
 * With q_m the class frequencies of client m and q those of all samples:
 *
 * @param samples of each client
 * @param kl Kullback-Leibler divergence of q_m from q in nats, from 0 to -ln(min q), one a client
 * @param emd half of sum_c |q_m(c) - q(c)|, from 0 to 1, one a client: the earth mover's distance
 *     between classes that are all equally far apart (Zhao et al., 2018, arXiv 1806.00582, use its
 *     double)
 * @param effectiveClasses exp of q_m's entropy, from 1 to the number of classes, one a client
 */
public record Heterogeneity(int[] samples, double[] kl, double[] emd, double[] effectiveClasses) {

  /**
   * @param counts samples by client and class, as {@link Partitions#counts} gives them; every
   *     client has at least one
   */
  public static Heterogeneity of(int[][] counts) {
    int clients = counts.length;
    int classes = counts[0].length;
    double[] all = new double[classes];
    for (int[] ofClient : counts) {
      Arrays.setAll(all, c -> all[c] + ofClient[c]);
    }
    double total = Arrays.stream(all).sum();
    var result =
        new Heterogeneity(
            new int[clients], new double[clients], new double[clients], new double[clients]);
    for (int m = 0; m < clients; m++) {
      int size = Arrays.stream(counts[m]).sum();
      double entropy = 0;
      for (int c = 0; c < classes; c++) {
        double own = (double) counts[m][c] / size;
        double overall = all[c] / total;
        if (own > 0) {
          entropy -= own * StrictMath.log(own);
          result.kl[m] += own * StrictMath.log(own / overall);
        }
        result.emd[m] += Math.abs(own - overall) / 2;
      }
      result.samples[m] = size;
      result.effectiveClasses[m] = StrictMath.exp(entropy);
    }
    return result;
  }
}
