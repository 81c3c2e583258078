package org.fedlayers.options;

/** A mistake in one option of a record, so that whoever knows where it was written can say so. */
public class OptionError extends UserError {
  private final String option;

  /**
   * @param option its name, for example {@code decay-at}
   */
  public OptionError(String option, String message) {
    super(message);
    this.option = option;
  }

  public String option() {
    return option;
  }
}
