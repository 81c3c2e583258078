package org.fedlayers.report;

import java.awt.BasicStroke;
import java.awt.Color;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * How series are told apart: by the colours of Okabe and Ito, which every kind of colour vision
 * separates, and by marker and dash as well, so that a figure survives a grey printer.
 */
final class Palette {
  private static final Color[] COLOURS = {
    new Color(0x0072B2), // blue
    new Color(0xD55E00), // vermilion
    new Color(0x009E73), // bluish green
    new Color(0xCC79A7), // reddish purple
    new Color(0xE69F00), // orange
    new Color(0x56B4E9), // sky blue
    new Color(0x000000),
    new Color(0x8C7F00), // the set's yellow, darkened to be seen as a line on white
  };
  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.SQUARE,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.DIAMOND,
    SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.CROSS,
    SeriesMarkers.PLUS,
  };
  private static final float[][] DASHES = {null, {6, 3}, {2, 2.5f}, {8, 3, 2, 3}};

  /** Perceptually even and safe for colour-blind eyes, light to dark (ColorBrewer's YlGnBu). */
  static final Color[] SEQUENTIAL = {
    new Color(0xFFFFD9),
    new Color(0xC7E9B4),
    new Color(0x7FCDBB),
    new Color(0x41B6C4),
    new Color(0x1D91C0),
    new Color(0x225EA8),
    new Color(0x0C2C84),
  };

  static final Color INK = new Color(0x222222);
  static final Color FAINT = new Color(0x6B6B6B);
  static final Color GRID = new Color(0xE3E3E3);

  private Palette() {}

  static Color colour(int series) {
    return COLOURS[series % COLOURS.length];
  }

  static Color band(int series) {
    Color colour = colour(series);
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 46);
  }

  static Marker marker(int series) {
    return MARKERS[series % MARKERS.length];
  }

  static BasicStroke solid(double width) {
    return new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
  }

  static BasicStroke dashed(int series, double width) {
    float[] dash = DASHES[series % DASHES.length];
    return dash == null
        ? solid(width)
        : new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
  }
}
