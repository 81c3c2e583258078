package org.fedlayers.kernel;

import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.fedlayers.report.Tables;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * What cells may call without importing it, under the names of IJava: display, render,
 * updateDisplay and printf. Tables, charts and pictures have a form of their own; of anything else
 * its text is shown, as plain text or as the types that are asked for.
 */
public final class Notebook {
  private static Broadcast broadcast;
  private static volatile Object displayed;

  private Notebook() {}

  /**
   * How a value looks below a cell.
   *
   * @param data its forms, by MIME type
   */
  public record Rendered(Map<String, Object> data) {}

  static void connect(Broadcast to) {
    broadcast = to;
  }

  /** Whether a value is what the last {@code display} returned, which nobody wants to read. */
  static boolean isDisplay(Object value) {
    return value == displayed;
  }

  /**
   * Shows a value below the running cell.
   *
   * @param types MIME types to show it as
   * @return an id for {@link #updateDisplay}
   */
  public static String display(Object value, String... types) throws IOException {
    String id = UUID.randomUUID().toString();
    show("display_data", id, render(value, types));
    displayed = id;
    return id;
  }

  /** Replaces what {@code display} has shown. */
  public static void updateDisplay(String id, Object value, String... types) throws IOException {
    show("update_display_data", id, render(value, types));
  }

  private static void show(String type, String id, Rendered value) throws IOException {
    broadcast.awaitRoom();
    broadcast.show(
        type,
        Map.of("data", value.data(), "metadata", Map.of(), "transient", Map.of("display_id", id)));
  }

  public static void printf(String format, Object... values) {
    System.out.printf(format, values);
  }

  /**
   * The forms of a value.
   *
   * @param types MIME types that are wanted: {@code image/svg+xml} of a chart, any of a text
   */
  public static Rendered render(Object value, String... types) throws IOException {
    if (value instanceof Rendered rendered) {
      return rendered;
    }
    Map<String, Object> data = new LinkedHashMap<>();
    String text = String.valueOf(value);
    if (value instanceof Table table) {
      data.put("text/html", Tables.html(table));
      text = table.print();
    } else if (value instanceof Chart<?, ?> chart) {
      boolean vector = types.length > 0 && types[0].equals("image/svg+xml");
      data.put(vector ? types[0] : "image/png", vector ? svg(chart) : png(chart));
      text = "chart: " + chart.getTitle();
    } else if (value instanceof RenderedImage image) {
      data.put("image/png", png(image));
      text = "image: %d x %d".formatted(image.getWidth(), image.getHeight());
    } else {
      for (String type : types) {
        data.put(type, text);
      }
    }
    data.putIfAbsent("text/plain", text);
    return new Rendered(data);
  }

  private static String png(Chart<?, ?> chart) throws IOException {
    return png(BitmapEncoder.getBufferedImage(chart));
  }

  private static String png(RenderedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }

  private static String svg(Chart<?, ?> chart) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
