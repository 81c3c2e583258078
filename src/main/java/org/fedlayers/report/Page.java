package org.fedlayers.report;

import java.awt.Graphics2D;

/** What is painted whole, as pixels or as SVG. */
interface Page {

  /** What is shown. */
  String title();

  /** What it was measured on. */
  String context();

  int width();

  int height();

  void paint(Graphics2D g);
}
