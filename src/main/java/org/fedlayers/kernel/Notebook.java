package org.fedlayers.kernel;

import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import javax.imageio.ImageIO;
import org.apache.commons.io.function.Uncheck;
import org.fedlayers.report.Tables;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;

/**
 * What cells may call without importing it, under the names of IJava. Tables, charts and pictures
 * have a form of their own; of anything else its text is shown.
 */
public final class Notebook {
  private static Broadcast broadcast;
  private static volatile Object displayed;

  private Notebook() {}

  /** How a value looks below a cell, by MIME type. */
  public record Rendered(Map<String, String> data) {}

  static void connect(Broadcast to) {
    broadcast = to;
  }

  /** Whether a value is the id that the last {@code display} returned, which is not shown. */
  static boolean isDisplay(Object value) {
    return value == displayed;
  }

  /** Shows a value below the running cell, and returns an id to update it by. */
  public static String display(Object value, String... types) {
    String id = UUID.randomUUID().toString();
    show("display_data", id, render(value, types));
    displayed = id;
    return id;
  }

  /** Replaces what {@link #display} has shown. */
  public static void updateDisplay(String id, Object value, String... types) {
    show("update_display_data", id, render(value, types));
  }

  private static void show(String type, String id, Rendered shown) {
    Uncheck.run(broadcast::awaitRoom, () -> "the cell was interrupted");
    broadcast.show(
        type,
        Map.of("data", shown.data, "metadata", Map.of(), "transient", Map.of("display_id", id)));
  }

  public static void printf(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }

  /** The forms of a value by MIME type; a text takes any type that is asked for. */
  public static Rendered render(Object value, String... types) {
    if (value instanceof Rendered rendered) {
      return rendered;
    }
    Map<String, String> data = new LinkedHashMap<>();
    if (value instanceof Table table) {
      data.put("text/html", Tables.html(table));
      data.put("text/plain", table.print());
    } else if (value instanceof Chart<?, ?> chart) {
      data.put("image/png", png(BitmapEncoder.getBufferedImage(chart)));
      data.put("text/plain", "chart: " + chart.getTitle());
    } else if (value instanceof RenderedImage image) {
      data.put("image/png", png(image));
      data.put("text/plain", "image: %s x %s".formatted(image.getWidth(), image.getHeight()));
    } else {
      data.put("text/plain", String.valueOf(value));
      for (String type : types) {
        data.put(type, String.valueOf(value));
      }
    }
    return new Rendered(data);
  }

  private static String png(RenderedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Uncheck.run(() -> ImageIO.write(image, "png", bytes), () -> "the picture cannot be written");
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
