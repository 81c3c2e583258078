package org.fedlayers.report;

import java.awt.geom.Line2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines of equal value over a grid, by marching squares: where the value passes the level on a side
 * of a square of four neighbours, a line enters or leaves it there, by linear interpolation.
 */
final class Contours {
  private Contours() {}

  /**
   * @param values by column and row; squares with a value that is not finite are left out
   * @return pieces of lines, with columns and rows as coordinates
   */
  static List<Line2D> at(double level, double[][] values) {
    List<Line2D> pieces = new ArrayList<>();
    for (int x = 0; x + 1 < values.length; x++) {
      for (int y = 0; y + 1 < values[x].length; y++) {
        List<Point2D> crossings = new ArrayList<>();
        cross(crossings, level, values, x, y, x + 1, y);
        cross(crossings, level, values, x + 1, y, x + 1, y + 1);
        cross(crossings, level, values, x + 1, y + 1, x, y + 1);
        cross(crossings, level, values, x, y + 1, x, y);
        for (int i = 0; i + 1 < crossings.size(); i += 2) {
          pieces.add(new Line2D.Double(crossings.get(i), crossings.get(i + 1)));
        }
      }
    }
    return pieces;
  }

  private static void cross(
      List<Point2D> crossings, double level, double[][] values, int x0, int y0, int x1, int y1) {
    double a = values[x0][y0] - level;
    double b = values[x1][y1] - level;
    if (Double.isFinite(a) && Double.isFinite(b) && a < 0 != b < 0) {
      double t = a / (a - b);
      crossings.add(new Point2D.Double(x0 + t * (x1 - x0), y0 + t * (y1 - y0)));
    }
  }
}
