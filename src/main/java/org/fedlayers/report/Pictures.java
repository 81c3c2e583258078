package org.fedlayers.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/** Charts and sheets as pictures: pixels for a page or a notebook cell, SVG for paper. */
public final class Pictures {
  /** Pixels per unit of length, so that lines are sharp on dense screens and when zoomed. */
  private static final int DENSITY = 2;

  private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d+\\.\\d{3,}(E-?\\d+)?");

  private Pictures() {}

  /** A chart at its own size, as every Java kernel can show it. */
  public static BufferedImage of(Chart<?, ?> chart) {
    int width = chart.getWidth();
    int height = chart.getHeight();
    return image(width, height, g -> chart.paint(g, width, height));
  }

  /** A sheet as every Java kernel can show it. */
  static BufferedImage of(Page sheet) {
    return image(sheet.width(), sheet.height(), sheet::paint);
  }

  /** The bytes of a PNG file. */
  static byte[] png(Page sheet) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(of(sheet), "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The text of an SVG file: text as glyph outlines, with title and context for screen readers. */
  static String svg(Page sheet) {
    VectorGraphics2D g = new VectorGraphics2D();
    sheet.paint(g);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new SVGProcessor()
          .getDocument(g.getCommands(), new PageSize(sheet.width(), sheet.height()))
          .writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String svg = out.toString(StandardCharsets.UTF_8);
    String about =
        "<title>%s</title><desc>%s</desc>"
            .formatted(escaped(sheet.title()), escaped(sheet.context()));
    int end = svg.indexOf('>', svg.indexOf("<svg")) + 1;
    return rounded(svg.substring(0, end) + about + svg.substring(end)).replace("\r\n", "\n");
  }

  /** The library prints every digit of a double: lengths are rounded to a hundredth of a pixel. */
  private static String rounded(String svg) {
    return LONG_NUMBER
        .matcher(svg)
        .replaceAll(
            match ->
                new BigDecimal(match.group())
                    .setScale(2, RoundingMode.HALF_EVEN)
                    .stripTrailingZeros()
                    .toPlainString());
  }

  private static BufferedImage image(int width, int height, Consumer<Graphics2D> painting) {
    BufferedImage image =
        new BufferedImage(DENSITY * width, DENSITY * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.scale(DENSITY, DENSITY);
    painting.accept(g);
    g.dispose();
    return image;
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
