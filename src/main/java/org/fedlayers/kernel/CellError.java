package org.fedlayers.kernel;

import java.util.List;

/**
 * Why a cell ended early. Notebooks show {@link #report()}; headless runs show the simple name of
 * the class and the message, which is the same report in one text.
 */
abstract class CellError extends RuntimeException {
  private final transient List<String> report;

  CellError(List<String> report) {
    super(String.join("\n", report), null, false, false);
    this.report = List.copyOf(report);
  }

  /** The whole story, line by line. */
  List<String> report() {
    return report;
  }

  /** The compiler refused the cell. */
  static final class CompilationError extends CellError {
    CompilationError(List<String> report) {
      super(report);
    }
  }

  /** The cell ran and threw. */
  static final class UncaughtException extends CellError {
    UncaughtException(List<String> report) {
      super(report);
    }
  }

  /** The user stopped the cell. */
  static final class Interrupted extends CellError {
    Interrupted(List<String> report) {
      super(report);
    }
  }
}
