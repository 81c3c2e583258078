package org.fedlayers.report;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * The one font of all figures, loaded from the class path (Liberation Sans comes with PDFBox, which
 * XChart brings): text is drawn as glyph outlines, so a machine's own fonts would show in the bytes
 * of every figure.
 */
final class Typeface {
  private static final String RESOURCE =
      "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
  private static final Font FONT = load();

  private Typeface() {}

  static Font sized(double size) {
    return FONT.deriveFont((float) size);
  }

  private static Font load() {
    try (InputStream in = Typeface.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("not on the class path: " + RESOURCE);
      }
      return Font.createFont(Font.TRUETYPE_FONT, in);
    } catch (FontFormatException e) {
      throw new IllegalStateException(RESOURCE + " is no font", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
