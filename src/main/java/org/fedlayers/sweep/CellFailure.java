package org.fedlayers.sweep;

import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.fedlayers.options.UserError;

/** Why a cell failed. */
final class CellFailure {
  private static final String MEMORY =
      "fewer --workers need less memory, and FEDLAYERS_JVM (docs/guide.md) allows more";

  private CellFailure() {}

  /** In one line; where, too, since a method or a network may be the user's own. */
  static String words(Throwable e) {
    if (e instanceof UserError) {
      return e.getMessage();
    }
    boolean worded = e instanceof IllegalStateException && e.getMessage() != null;
    String why = worded ? e.getMessage() : e.toString();
    if (ExceptionUtils.indexOfType(e, OutOfMemoryError.class) >= 0) {
      return why + "; " + MEMORY;
    }
    return why
        + Stream.of(ExceptionUtils.getRootCause(e).getStackTrace())
            .filter(frame -> !frame.getClassName().matches("(java|jdk|sun)\\..*"))
            .findFirst()
            .map(frame -> ", at " + frame)
            .orElse("");
  }
}
