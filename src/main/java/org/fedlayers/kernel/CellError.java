package org.fedlayers.kernel;

import java.util.List;

/** Why a cell ended early, for the reader of the notebook. */
final class CellError extends Exception {
  private final String name;
  private final transient List<String> report;

  /**
   * @param name the class of what was thrown, or what happened in one word
   * @param report the whole story, line by line
   */
  CellError(String name, List<String> report) {
    super(report.get(0), null, false, false);
    this.name = name;
    this.report = List.copyOf(report);
  }

  String name() {
    return name;
  }

  List<String> report() {
    return report;
  }
}
