package org.fedlayers.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.util.ArrayList;
import java.util.List;

/** Text as glyph outlines, broken into lines that fit a width. */
final class Lettering {
  private static final FontRenderContext EXACT = new FontRenderContext(null, true, true);
  private static final double LINE_SPACING = 1.3;
  private final List<TextLayout> lines = new ArrayList<>();
  private final double size;

  Lettering(String text, double size, double width) {
    this.size = size;
    Font font = Typeface.sized(size);
    String line = "";
    for (String word : text.isBlank() ? new String[0] : text.split(" ")) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && new TextLayout(longer, font, EXACT).getAdvance() > width) {
        lines.add(new TextLayout(line, font, EXACT));
        longer = word;
      }
      line = longer;
    }
    if (!line.isEmpty()) {
      lines.add(new TextLayout(line, font, EXACT));
    }
  }

  double height() {
    return lines.size() * size * LINE_SPACING;
  }

  double width() {
    return lines.stream().mapToDouble(TextLayout::getAdvance).max().orElse(0);
  }

  /** Draws below and to the right of a point. */
  void paint(Graphics2D g, double x, double y, Color colour) {
    g.setColor(colour);
    for (int i = 0; i < lines.size(); i++) {
      double baseline = y + size * (LINE_SPACING * i + 1);
      Shape outline = lines.get(i).getOutline(AffineTransform.getTranslateInstance(x, baseline));
      g.fill(outline);
    }
  }
}
