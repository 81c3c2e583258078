package org.fedlayers.experiment;

import java.util.List;
import org.fedlayers.nn.ArchitectureOption;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Initialisation;
import org.fedlayers.options.Key;
import org.fedlayers.options.Option;
import org.fedlayers.options.Values;

/** The group {@code model} of an experiment's settings, but for the architecture's own options. */
public record ModelSettings(@Option("how weights are drawn") Initialisation initialisation) {
  /** The value of an option that was not chosen. */
  static final String UNSET = "default";

  public ModelSettings() {
    this(Initialisation.PYTORCH);
  }

  static List<Key> options(String architecture) {
    return Architectures.named(architecture).options().stream().map(ModelSettings::key).toList();
  }

  static List<Key> all() {
    return ArchitectureOption.ALL.stream().map(ModelSettings::key).toList();
  }

  private static Key key(ArchitectureOption<?> option) {
    Values values = new Values(option.values(), content -> read(option, content));
    return new Key(option.name(), values, UNSET, false, option.description(), "");
  }

  /** Spelt as configurations spell it; {@link #UNSET} for what changes nothing. */
  private static Object read(ArchitectureOption<?> option, Object content) {
    String text = String.valueOf(content).strip();
    if (text.equals(UNSET)) {
      return UNSET;
    }
    Object value = option.read(text);
    if (option == ArchitectureOption.NORMALISER) {
      return text.toLowerCase(java.util.Locale.ROOT);
    }
    if (value.equals(option.neutral())) {
      return UNSET;
    }
    return value instanceof Number || value instanceof Boolean
        ? value
        : text.replaceAll("^\\[|]$", "").replaceAll("\\s*,\\s*", "-");
  }
}
