package org.fedlayers.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.Graphics2D;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws on a page; each call returns the pen. There is one font, loaded from the class path
 * (Liberation Sans comes with PDFBox, which XChart brings): a machine's own fonts would show in the
 * bytes of every figure.
 *
 * @param outlines whether text is drawn as filled outlines, so that machines agree on every pixel
 */
record Pen(Graphics2D g, boolean outlines) {
  private static final double LINE_SPACING = 1.3;
  static final double START = 0;
  static final double MIDDLE = 0.5;
  static final double END = 1;

  private static final String FILE = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
  private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);
  private static final Font FONT = font();
  static final String FAMILY = FONT.getFamily();

  private static Font font() {
    try (InputStream in = typeface()) {
      return Font.createFont(Font.TRUETYPE_FONT, in);
    } catch (FontFormatException | IOException e) {
      throw new IllegalStateException("no font " + FILE, e);
    }
  }

  static InputStream typeface() {
    return Pen.class.getResourceAsStream(FILE);
  }

  static double width(String text, double size) {
    return FONT.deriveFont((float) size).getStringBounds(text, EXACT).getWidth();
  }

  static double widest(List<String> texts, double size) {
    return texts.stream().mapToDouble(text -> width(text, size)).max().orElse(0);
  }

  static double height(int lines, double size) {
    return lines * LINE_SPACING * size;
  }

  /** The lines of a text, broken at spaces where it is wider than this. */
  static List<String> wrapped(String text, double size, double width) {
    List<String> lines = new ArrayList<>();
    for (String word : text.strip().split(" +")) {
      String last = lines.isEmpty() ? "" : lines.get(lines.size() - 1);
      if (!last.isEmpty() && width(last + " " + word, size) <= width) {
        lines.set(lines.size() - 1, last + " " + word);
      } else if (!word.isEmpty()) {
        lines.add(word);
      }
    }
    return lines;
  }

  Pen colour(Color colour) {
    g.setColor(colour);
    return this;
  }

  /**
   * @param dash null for a solid line
   */
  Pen stroke(double width, float[] dash) {
    g.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0));
    return this;
  }

  Pen line(double x1, double y1, double x2, double y2) {
    g.draw(new Line2D.Double(x1, y1, x2, y2));
    return this;
  }

  /** A line through points. */
  Pen path(double[] xs, double[] ys) {
    g.draw(through(xs, ys));
    return this;
  }

  /** The area between two lines. */
  Pen between(double[] xs, double[] lows, double[] highs) {
    Path2D around = through(xs, lows);
    for (int i = xs.length - 1; i >= 0; i--) {
      around.lineTo(xs[i], highs[i]);
    }
    g.fill(around);
    return this;
  }

  private static Path2D through(double[] xs, double[] ys) {
    Path2D path = new Path2D.Double();
    for (int i = 0; i < xs.length; i++) {
      if (i == 0) {
        path.moveTo(xs[i], ys[i]);
      } else {
        path.lineTo(xs[i], ys[i]);
      }
    }
    return path;
  }

  Pen box(double x, double y, double width, double height) {
    g.fill(new Rectangle2D.Double(x, y, width, height));
    return this;
  }

  /** A regular polygon: neighbouring series have different numbers of corners. */
  Pen marker(int series, double x, double y, double size) {
    double[] xs = new double[Palette.corners(series)];
    double[] ys = new double[xs.length];
    for (int i = 0; i < xs.length; i++) {
      double angle = 2 * Math.PI * (i + Palette.turn(series)) / xs.length;
      xs[i] = x + 0.58 * size * Math.sin(angle);
      ys[i] = y - 0.58 * size * Math.cos(angle);
    }
    g.fill(through(xs, ys));
    return this;
  }

  /** The mark of a run that diverged. */
  Pen cross(double x, double y, double size) {
    return line(x - size / 2, y - size / 2, x + size / 2, y + size / 2)
        .line(x - size / 2, y + size / 2, x + size / 2, y - size / 2);
  }

  /**
   * @param y of the baseline
   * @param anchor {@link #START}, {@link #MIDDLE} or {@link #END}: what of the text stands at x
   */
  Pen text(String text, double x, double y, double size, double anchor) {
    float left = (float) (x - anchor * width(text, size));
    g.setFont(FONT.deriveFont((float) size));
    if (outlines) {
      g.fill(g.getFont().createGlyphVector(EXACT, text).getOutline(left, (float) y));
    } else {
      g.drawString(text, left, (float) y);
    }
    return this;
  }

  /** Text that is read upwards, with its middle at a place. */
  Pen upward(String text, double x, double y, double size) {
    AffineTransform upright = g.getTransform();
    g.rotate(-Math.PI / 2, x, y);
    text(text, x, y, size, MIDDLE);
    g.setTransform(upright); // a copy of the pen turned, SVG would go on upwards once it is gone
    return this;
  }

  /** Lines of text from a top edge downwards. */
  Pen lines(List<String> lines, double x, double top, double size, double anchor) {
    for (int i = 0; i < lines.size(); i++) {
      text(lines.get(i), x, top + height(i, size) + size, size, anchor);
    }
    return this;
  }
}
