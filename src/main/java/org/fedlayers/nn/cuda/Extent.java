package org.fedlayers.nn.cuda;

/** The sides of an activation as a call by channels sees it, (samples, channels, pixels). */
record Extent(int samples, int channels, int pixels) {
  long count() {
    return (long) samples * channels * pixels;
  }
}
