package org.fedlayers.experiment;

import java.util.List;
import org.fedlayers.options.Option;

/** The group {@code measure} of an experiment's settings: what is measured besides accuracy. */
public record MeasureSettings(
    @Option(
            "divergence: by layer, after scored rounds; cka: with it, of clients' features on"
                + " measure.features; activations: of the first scored average, after scored"
                + " rounds; gradients: their variance over clients, curvature, landscape and"
                + " statistics (test accuracy with those of training images too): of the first"
                + " scored average, at the end")
        List<Measurement> what,
    @Option(
            value = "training images for activations, curvature, landscape, statistics; stratified",
            range = "[1, 10000000]")
        int images,
    @Option(value = "test images for cka, stratified", range = "[4, 100000]") int features,
    @Option(value = "landscape points from its centre to an edge", range = "[1, 1000]") int steps) {

  public MeasureSettings() {
    this(List.of(), 1000, 200, 10);
  }

  public boolean has(Measurement one) {
    return what.contains(one);
  }
}
