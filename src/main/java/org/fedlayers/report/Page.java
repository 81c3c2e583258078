package org.fedlayers.report;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2D;
import de.rototor.pdfbox.graphics2d.PdfBoxGraphics2DFontTextDrawer;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.imageio.ImageIO;
import org.apache.commons.io.function.Uncheck;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.fedlayers.data.AtomicFile;

/**
 * A finished figure, which is drawn as pixels for a notebook, as SVG for a web page, or as PDF for
 * LaTeX.
 *
 * @param title what is shown
 * @param context what it was measured on
 */
record Page(String title, String context, int width, int height, Consumer<Pen> painting) {
  /** Pixels per unit of length, so that lines are sharp on dense screens and when zoomed. */
  private static final int DENSITY = 2;

  BufferedImage image() {
    var image = new BufferedImage(DENSITY * width, DENSITY * height, BufferedImage.TYPE_INT_RGB);
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
    var document = new SVGProcessor().getDocument(g.getCommands(), new PageSize(width, height));
    Uncheck.run(() -> document.writeTo(out));
    String svg = out.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
    int end = svg.indexOf('>', svg.indexOf("<svg"));
    String about =
        " role=\"img\"><title>%s</title><desc>%s</desc>"
            .formatted(TextTable.escaped(title), TextTable.escaped(context));
    return (svg.substring(0, end) + about + svg.substring(end + 1))
        .replace("Liberation Sans&quot;", "Liberation Sans&quot;,Arial,Helvetica,sans-serif");
  }

  /** A PDF file with its font in it, as conferences ask for; equal figures give equal bytes. */
  private void pdf(OutputStream out) throws IOException {
    float points = 0.75f; // of 1/72 inch a pixel
    try (PDDocument document = new PDDocument();
        PdfBoxGraphics2DFontTextDrawer font = new PdfBoxGraphics2DFontTextDrawer();
        InputStream face = Pen.typeface()) {
      document.setDocumentId(0L); // otherwise the time of day
      document.getDocumentInformation().setTitle(title);
      document.getDocumentInformation().setSubject(context);
      font.registerFont(Pen.FAMILY, face);
      PdfBoxGraphics2D g = new PdfBoxGraphics2D(document, points * width, points * height);
      g.setFontTextDrawer(font);
      g.scale(points, points);
      paint(new Pen(g, false));
      g.dispose();
      PDPage page = new PDPage(new PDRectangle(points * width, points * height));
      document.addPage(page);
      try (PDPageContentStream content = new PDPageContentStream(document, page)) {
        content.drawForm(g.getXFormObject());
      }
      document.save(out);
    }
  }

  private void write(String format, OutputStream out) throws IOException {
    switch (format) {
      case "svg" -> out.write(svg().getBytes(StandardCharsets.UTF_8));
      case "pdf" -> pdf(out);
      default -> ImageIO.write(image(), format, out);
    }
  }

  /** Writes it in the formats of a style, whose suffix follows the name. */
  List<Path> write(Path directory, String name, Style style) {
    List<Path> files = new ArrayList<>();
    for (String format : style.formats) {
      Path file = directory.resolve(name + style.suffix + "." + format);
      Uncheck.run(
          () -> AtomicFile.write(file, out -> write(format, out)), () -> "cannot write " + file);
      files.add(file);
    }
    return files;
  }
}
