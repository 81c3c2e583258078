package org.fedlayers.results;

/** Thrown for numbers that have not been run or measured; the message names what is missing. */
public final class NotMeasuredException extends RuntimeException {
  public NotMeasuredException(String message) {
    super(message, null, false, false);
  }
}
