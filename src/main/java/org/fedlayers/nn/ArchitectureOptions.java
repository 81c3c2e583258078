package org.fedlayers.nn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fedlayers.options.UserError;

/**
 * What to build of an {@link Architecture}: for which images, and which of its knobs are turned.
 *
 * <pre>{@code
 * ArchitectureOptions.of(new Shape(3, 32, 32), 10).with(WIDTH, 2.0).with("normaliser", "gn-2")
 * }</pre>
 *
 * @param input shape of one image
 * @param classes number of logits, at least 2
 * @param chosen the options set, each to a value of its type; the others keep their default
 */
public record ArchitectureOptions(
    Shape input, int classes, Map<ArchitectureOption<?>, Object> chosen) {

  public ArchitectureOptions {
    if (classes < 2) {
      throw new UserError("a classifier needs at least 2 classes, not " + classes);
    }
    chosen = Map.copyOf(chosen);
  }

  /** Everything as the architecture has it. */
  public static ArchitectureOptions of(Shape input, int classes) {
    return new ArchitectureOptions(input, classes, Map.of());
  }

  /**
   * These options with one of them set.
   *
   * @throws UserError if the option does not take the value
   */
  public <T> ArchitectureOptions with(ArchitectureOption<T> option, T value) {
    return set(option, option.check(value, value));
  }

  /**
   * These options with one of them set, both as a configuration spells them.
   *
   * @throws UserError if there is no such option or it does not take the value
   */
  public ArchitectureOptions with(String option, String value) {
    ArchitectureOption<?> named = ArchitectureOption.named(option);
    return set(named, named.read(value));
  }

  private ArchitectureOptions set(ArchitectureOption<?> option, Object value) {
    Map<ArchitectureOption<?>, Object> more = new LinkedHashMap<>(chosen);
    more.put(option, value);
    return new ArchitectureOptions(input, classes, more);
  }

  /** The value of an option: the chosen one, else the neutral one. */
  @SuppressWarnings("unchecked") // set() stores a value of the option's own type
  public <T> T get(ArchitectureOption<T> option) {
    return (T) chosen.getOrDefault(option, option.neutral());
  }
}
