package org.fedlayers.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fedlayers.options.Options;
import org.fedlayers.options.UserError;

/**
 * The images, the number of classes and the options that an {@link Architecture} is built for.
 *
 * <pre>{@code
 * ArchitectureOptions.of(new Shape(3, 32, 32), 10).with("width", 2.0).with("normaliser", "gn-2")
 * }</pre>
 *
 * @param input shape of one image
 * @param classes number of logits, at least 2
 * @param chosen values by option; the others keep their default
 */
public record ArchitectureOptions(Shape input, int classes, Map<String, Object> chosen) {
  static final Options<ArchitectureSettings> ALL = new Options<>(ArchitectureSettings.class);

  public ArchitectureOptions {
    if (classes < 2) {
      throw new UserError("a classifier needs at least 2 classes, not " + classes);
    }
    chosen = Map.copyOf(chosen);
  }

  /** All options at the architecture's defaults. */
  public static ArchitectureOptions of(Shape input, int classes) {
    return new ArchitectureOptions(input, classes, Map.of());
  }

  /**
   * These options with one of them set, as a configuration spells it; see {@link
   * ArchitectureSettings}.
   *
   * @throws UserError if it is an option of this library's architectures that does not take the
   *     value; whether the architecture has the option is checked when it is built
   */
  public ArchitectureOptions with(String option, Object value) {
    if (ALL.has(option)) {
      ALL.make("", Map.of(option, value));
    }
    Map<String, Object> more = new LinkedHashMap<>(chosen);
    more.put(option, value);
    return new ArchitectureOptions(input, classes, more);
  }
}
