package org.fedlayers.kernel;

import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.imageio.ImageIO;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/** How tables, charts and pictures look below a cell. */
final class RichDisplay {
  private static final MIMEType SVG = MIMEType.parse("image/svg+xml");

  private RichDisplay() {}

  static void register(Renderer renderer) {
    renderer
        .createRegistration(Table.class)
        .preferring(MIMEType.TEXT_HTML)
        .supporting(MIMEType.TEXT_PLAIN)
        .register(
            (table, context) -> {
              context.renderIfRequested(MIMEType.TEXT_HTML, () -> HtmlTable.of(table));
              context.getOutputContainer().putText(table.print());
            });
    renderer
        .createRegistration(Chart.class)
        .preferring(MIMEType.IMAGE_PNG)
        .supporting(SVG)
        .register(
            (chart, context) -> {
              context.renderIfRequested(
                  MIMEType.IMAGE_PNG, () -> png(BitmapEncoder.getBufferedImage(chart)));
              context.renderIfRequested(SVG, () -> svg(chart));
              context.getOutputContainer().putText("chart: " + chart.getTitle());
            });
    renderer
        .createRegistration(RenderedImage.class)
        .preferring(MIMEType.IMAGE_PNG)
        .register(
            (image, context) -> {
              context.renderIfRequested(MIMEType.IMAGE_PNG, () -> png(image));
              context
                  .getOutputContainer()
                  .putText("image: %d x %d".formatted(image.getWidth(), image.getHeight()));
            });
  }

  private static String png(RenderedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String svg(Chart<?, ?> chart) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
