package org.fedlayers.report;

import java.util.List;

/** The sizes of a figure for the place where it is seen, in pixels of 1/96 inch. */
public enum Style {
  /** A page in a browser: figures of one width, room for titles and legends. */
  WEB("", List.of("svg", "png"), 13, 900, 900, 320, 1.8, 7),
  /** A two-column paper: 3.5 inches wide (7 with panels), 8-point text, the title left to LaTeX. */
  PAPER("-paper", List.of("pdf", "svg"), 10.7, 336, 672, 165, 1.3, 5);

  final String suffix;
  final List<String> formats;
  final double text;
  final double line;
  final double marker;
  private final int single;
  private final int several;
  private final double height;

  Style(
      String suffix,
      List<String> formats,
      double text,
      int one,
      int more,
      double height,
      double line,
      double marker) {
    this.suffix = suffix;
    this.formats = formats;
    this.text = text;
    this.single = one;
    this.several = more;
    this.height = height;
    this.line = line;
    this.marker = marker;
  }

  /** The number of panels in a row. */
  int columns(int panels) {
    return panels == 4 ? 2 : Math.min(panels, 3);
  }

  int width(int panels) {
    return panels > 1 ? several : single;
  }

  /** The height of the area between a panel's axes. */
  double height(int columns) {
    return columns == 1 ? height : 0.72 * height;
  }

  /** The size of the text of labels and legends. */
  double small() {
    return 0.92 * text;
  }
}
