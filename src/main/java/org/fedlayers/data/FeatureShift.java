package org.fedlayers.data;

import org.apache.commons.rng.UniformRandomProvider;

/**
 * Covariate shift between clients, as if each had a camera of its own: a normalised value x becomes
 * exp(s z) x + s z', with standard normal z and z' for each client and channel (Kairouz et al.,
 * 2021, arXiv 1912.04977, for the term).
 *
 * @param split for each client the indices of its images; none in two of them
 * @param scale s, 0 or more
 */
record FeatureShift(int[][] split, double scale, Randomness randomness) {

  /**
   * Each client's values of each byte of each channel.
   *
   * @param plain those of images as they are
   * @param begins overwritten for each image with where its client's begin
   */
  float[] tables(float[] plain, int[] begins) {
    float[] tables = new float[Math.multiplyExact(split.length, plain.length)];
    for (int client = 0; client < split.length; client++) {
      int begin = client * plain.length;
      for (int image : split[client]) {
        begins[image] = begin;
      }
      UniformRandomProvider random = randomness.of("feature-shift", client);
      for (int from = 0; from < plain.length; from += 256) {
        double contrast = StrictMath.exp(scale * Randomness.normal(random));
        double brightness = scale * Randomness.normal(random);
        for (int i = from; i < from + 256; i++) {
          tables[begin + i] = (float) (contrast * plain[i] + brightness);
        }
      }
    }
    return tables;
  }
}
