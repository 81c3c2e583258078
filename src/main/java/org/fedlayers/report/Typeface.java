package org.fedlayers.report;

import java.awt.Font;
import java.awt.FontFormatException;
import java.awt.font.FontRenderContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The one font of all figures, loaded from the class path (Liberation Sans comes with PDFBox, which
 * XChart brings): a machine's own fonts would show in the bytes of every figure.
 */
final class Typeface {
  private static final String RESOURCE =
      "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
  static final FontRenderContext EXACT = new FontRenderContext(null, true, true);
  private static final Font FONT = load();

  private Typeface() {}

  static Font sized(double size) {
    return FONT.deriveFont((float) size);
  }

  static double width(String text, double size) {
    return sized(size).getStringBounds(text, EXACT).getWidth();
  }

  static double widest(List<String> texts, double size) {
    return texts.stream().mapToDouble(text -> width(text, size)).max().orElse(0);
  }

  /** Text broken into lines of at most this width where there are spaces. */
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

  private static Font load() {
    try (InputStream in = Typeface.class.getResourceAsStream(RESOURCE)) {
      return Font.createFont(Font.TRUETYPE_FONT, in);
    } catch (FontFormatException | IOException e) {
      throw new IllegalStateException("no font " + RESOURCE, e);
    }
  }
}
