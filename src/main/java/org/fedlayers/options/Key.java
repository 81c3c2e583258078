package org.fedlayers.options;

import java.util.List;

/**
 * An option as users see it: a key of a configuration.
 *
 * @param name as files spell it
 * @param values what it takes
 * @param standard its value if left out, as {@link #read} gives it; null for none
 * @param required whether it must be given
 * @param meaning one line
 */
public record Key(String name, Values values, Object standard, boolean required, String meaning) {

  /** The same under another name, such as {@code training.rate} for {@code rate}. */
  public Key named(String other) {
    return new Key(other, values, standard, required, meaning);
  }

  /** The same with another meaning. */
  public Key meaning(String other) {
    return new Key(name, values, standard, required, other);
  }

  /** Whether the written value equals the default. */
  public boolean isDefault(Object written) {
    return standard != null && standard.equals(valueOf(written));
  }

  private Object valueOf(Object written) {
    boolean none = standard instanceof List<?> list && list.isEmpty() && "none".equals(written);
    return none || standard != null && (standard.equals(written) || "default".equals(written))
        ? standard
        : written == null ? null : values.reader().apply(written);
  }

  /**
   * Turns what was written into the option's value: a String, Integer, Long, Double, Boolean or a
   * list of these. The word {@code default} stands for the default.
   *
   * @throws OptionError if it is no value of this key
   */
  public Object read(Object written) {
    Object value = valueOf(written);
    if (value == null) {
      String shown = written instanceof String ? "'" + written + "'" : String.valueOf(written);
      throw new OptionError(name, name + " is " + shown + ", expected " + values.expected());
    }
    return value;
  }
}
