package org.fedlayers.results;

/** What was asked for has not been run, or not been measured; the message says what. */
public final class NotMeasuredException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public NotMeasuredException(String message) {
    super(message, null, false, false);
  }
}
