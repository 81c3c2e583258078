package org.fedlayers.options;

/**
 * A mistake in one option of a record. It names the option, so that a reader of files can add the
 * place.
 */
public class OptionError extends UserError {
  private final String option;
  private final String other;

  /**
   * @param option its name, for example {@code decay-at}
   */
  public OptionError(String option, String message) {
    this(option, "", message);
  }

  private OptionError(String option, String other, String message) {
    super(message);
    this.option = option;
    this.other = other;
  }

  /**
   * One option excludes another.
   *
   * @param one key of a group, for example {@code training.steps}
   */
  public static OptionError both(String one, String other) {
    return new OptionError(
        own(one),
        other,
        "%s and %s are both set, expected one of them; null unsets a key, as does --set %s="
            .formatted(one, other, other));
  }

  /** Throws {@link #both} if that is so. */
  public static void refuseBoth(boolean areSet, String one, String other) {
    if (areSet) {
      throw both(one, other);
    }
  }

  /** One option needs another: throws if it is set alone. */
  public static void refuseWithout(boolean isAlone, String one, String needed) {
    if (isAlone) {
      throw new OptionError(
          own(one),
          "%s has no effect without %s; set it, or leave this out".formatted(one, needed));
    }
  }

  private static String own(String key) {
    return key.substring(key.indexOf('.') + 1);
  }

  public String option() {
    return option;
  }

  /** The whole key of another option that has its part in the mistake; empty for none. */
  public String other() {
    return other;
  }
}
