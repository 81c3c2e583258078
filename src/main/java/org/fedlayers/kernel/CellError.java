package org.fedlayers.kernel;

import java.util.List;

/** The failure of a cell: the class of what was thrown, and the report line by line. */
final class CellError extends Exception {
  final String name;
  final transient List<String> report;

  CellError(String name, List<String> report) {
    super(report.get(0), null, false, false);
    this.name = name;
    this.report = report;
  }
}
