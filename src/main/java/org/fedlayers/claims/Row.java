package org.fedlayers.claims;

import java.util.Map;

/**
 * One row of a results file.
 *
 * @param cells by column
 */
record Row(Map<String, String> cells) {

  /**
   * @throws MissingEvidenceException if the file has no such column
   */
  String text(String column) {
    String cell = cells.get(column);
    if (cell == null) {
      throw new MissingEvidenceException("no column " + column);
    }
    return cell;
  }

  /** NaN for an empty cell. */
  double number(String column) {
    String text = text(column);
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }

  long seed() {
    return (long) number("seed");
  }

  boolean diverged() {
    return "diverged".equals(cells.get("status"));
  }
}
