package org.fedlayers.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.fedlayers.data.AtomicFile;

/**
 * A finished figure, which is drawn as pixels for a web page or a notebook, or as SVG for paper.
 *
 * @param title what is shown
 * @param context what it was measured on
 */
record Page(String title, String context, int width, int height, Consumer<Pen> painting) {
  /** Pixels per unit of length, so that lines are sharp on dense screens and when zoomed. */
  private static final int DENSITY = 2;

  BufferedImage image() {
    BufferedImage image =
        new BufferedImage(DENSITY * width, DENSITY * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    g.scale(DENSITY, DENSITY);
    paint(new Pen(g, true));
    return image;
  }

  private void paint(Pen pen) {
    painting.accept(pen.colour(Color.WHITE).box(0, 0, width, height));
  }

  /** The content of an SVG file: its text can be searched, and screen readers read its title. */
  String svg() {
    VectorGraphics2D g = new VectorGraphics2D();
    paint(new Pen(g, false));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new SVGProcessor().getDocument(g.getCommands(), new PageSize(width, height)).writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String svg = out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    int end = svg.indexOf('>', svg.indexOf("<svg"));
    String about =
        " role=\"img\"><title>%s</title><desc>%s</desc>"
            .formatted(TextTable.escaped(title), TextTable.escaped(context));
    return (svg.substring(0, end) + about + svg.substring(end + 1))
        .replace("Liberation Sans&quot;", "Liberation Sans&quot;,Arial,Helvetica,sans-serif");
  }

  /** Writes {@code name.svg} and {@code name.png}. */
  List<Path> write(Path directory, String name) {
    Path svg = directory.resolve(name + ".svg");
    Path png = directory.resolve(name + ".png");
    try {
      AtomicFile.write(svg, svg());
      BufferedImage image = image();
      AtomicFile.write(png, out -> ImageIO.write(image, "png", out));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + svg + " and " + png, e);
    }
    return List.of(svg, png);
  }
}
