package org.fedlayers.report;

import java.awt.Color;

/**
 * How series are told apart: by the colours of Okabe and Ito, which every kind of colour vision
 * separates, and by marker and dash as well, so that a figure survives a grey printer.
 */
final class Palette {
  static final Color INK = new Color(0x222222);
  static final Color FAINT = new Color(0x6B6B6B);
  static final Color GRID = new Color(0xE3E3E3);

  /** Blue, vermilion, green, purple, orange, sky, black, and a yellow that is seen on white. */
  private static final int[] COLOURS = {
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0x8C7F00
  };

  /** Markers: a disc, a square, a triangle, a diamond, a triangle upside down, a pentagon. */
  private static final int[] CORNERS = {36, 4, 3, 4, 3, 5, 6};

  private static final double[] TURNS = {0, 0.5, 0, 0, 0.5, 0, 0};
  private static final float[][] DASHES = {null, {6, 3}, {2, 2.5f}, {8, 3, 2, 3}};

  /** Perceptually even and safe for colour-blind eyes, light to dark (ColorBrewer's YlGnBu). */
  private static final int[] SEQUENTIAL = {
    0xFFFFD9, 0xC7E9B4, 0x7FCDBB, 0x41B6C4, 0x1D91C0, 0x225EA8, 0x0C2C84
  };

  private Palette() {}

  static Color colour(int series) {
    return new Color(COLOURS[series % COLOURS.length]);
  }

  static Color band(int series) {
    return new Color(COLOURS[series % COLOURS.length] | 46 << 24, true);
  }

  static int corners(int series) {
    return CORNERS[series % CORNERS.length];
  }

  /** By how much of the angle between two corners a marker is turned. */
  static double turn(int series) {
    return TURNS[series % TURNS.length];
  }

  static float[] dash(int series) {
    return DASHES[series % DASHES.length];
  }

  /**
   * @param share from 0, light, to 1, dark
   */
  static Color sequential(double share) {
    double position = share * (SEQUENTIAL.length - 1);
    int index = Math.min((int) position, SEQUENTIAL.length - 2);
    float[] a = new Color(SEQUENTIAL[index]).getRGBColorComponents(null);
    float[] b = new Color(SEQUENTIAL[index + 1]).getRGBColorComponents(null);
    float t = (float) (position - index);
    return new Color(a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]), a[2] + t * (b[2] - a[2]));
  }
}
