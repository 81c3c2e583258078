package org.fedlayers.experiment;

import org.fedlayers.nn.Initialisation;
import org.fedlayers.options.Option;

/** The group {@code model} of an experiment's settings, but for the architecture's own options. */
public record ModelSettings(@Option("how weights are drawn") Initialisation initialisation) {
  public ModelSettings() {
    this(Initialisation.PYTORCH);
  }
}
