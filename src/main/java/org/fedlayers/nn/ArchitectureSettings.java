package org.fedlayers.nn;

import org.fedlayers.options.Option;
import org.fedlayers.options.UserError;

/**
 * The options of this library's architectures, of which each takes some.
 *
 * @param strides of the first block of each stage, for example 1-2-2, or {@code default}
 */
record ArchitectureSettings(
    @Option("between convolution and activation; default is the architecture's own")
        String normaliser,
    @Option(
            value = "multiplies channels and hidden units, rounded, at least 1",
            range = "(0, 1024]")
        double width,
    @Option("off leaves the plain net of the same layers, without skip connections and projections")
        boolean skips,
    @Option(
            value = "3x3 of stride 1, or 7x7 of stride 2 followed by 3x3 max-pooling of stride 2",
            range = "3x3 | 7x7")
        String stem,
    @Option(
            value = "side of kernels in the later half of the stages (the last of 3, 2 of 4)",
            range = "1 | 3")
        int lateKernel,
    @Option(
            value = "stride of each stage's first block; 1-1-2 shrinks the maps later",
            range = "/[1-4](-[1-4])*/ such as 1-2-2, 1 to 4 for each stage")
        String strides,
    @Option(
            value = "distance between the taps of kernels behind the stem; adds no weights",
            range = "[1, 8]")
        int dilation,
    @Option(value = "side of every kernel", range = "1 | 3 | 5 | 7") int kernel,
    @Option("the non-linearity between layers") Layer.Function activation,
    @Option(
            value = "standardise each filter of a convolution before each pass",
            paper = "Qiao et al. 2019, arXiv 1903.10520; for FL FedWon, arXiv 2306.05879")
        boolean weightStandardisation) {
  static final String DEFAULT = "default";

  public ArchitectureSettings {
    if (!normaliser.equals(DEFAULT)) {
      Normalisers.parse(normaliser);
    }
    if (kernel == 1 && dilation > 1) {
      throw new UserError("dilation %s has no effect on kernels of one pixel".formatted(dilation));
    }
  }

  public ArchitectureSettings() {
    this(DEFAULT, 1, true, "3x3", 3, DEFAULT, 1, 3, Layer.Function.RELU, false);
  }
}
