package org.fedlayers.experiment;

import java.util.List;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.nn.Normalisers;
import org.fedlayers.options.Key;
import org.fedlayers.options.Option;

/** The group {@code model} of an experiment's settings, but for the architecture's own options. */
public record ModelSettings(@Option("how weights are drawn") Initialisation initialisation) {
  private static final String NORMALISER = "normaliser";

  public ModelSettings() {
    this(Initialisation.PYTORCH);
  }

  static List<Key> options(String architecture) {
    return Architectures.named(architecture).keys().stream().map(ModelSettings::checked).toList();
  }

  static List<Key> all() {
    return Architectures.all().stream()
        .flatMap(architecture -> architecture.keys().stream())
        .map(ModelSettings::checked)
        .toList();
  }

  /** A normaliser's name is looked up where it is read. */
  private static Key checked(Key key) {
    return key.name().equals(NORMALISER)
        ? Keys.name(NORMALISER, "default", Normalisers::parse, key.meaning())
        : key;
  }
}
