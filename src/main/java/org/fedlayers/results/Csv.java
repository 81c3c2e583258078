package org.fedlayers.results;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines of CSV with one way to write a number. */
public final class Csv {
  private Csv() {}

  /** Six decimals; empty for what is not known. */
  public static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6f", value);
  }

  /** Seven digits at any size; empty for what is not known. */
  static String significant(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.6e", value);
  }

  public static String line(Iterable<?> fields) {
    List<String> quoted = new ArrayList<>();
    fields.forEach(field -> quoted.add(field(String.valueOf(field))));
    return String.join(",", quoted);
  }

  public static String line(Object... fields) {
    return line(List.of(fields));
  }

  private static String field(String text) {
    return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  /** The fields of a line that {@link #line} made. */
  public static List<String> fields(String line) {
    List<String> fields = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
        field.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        fields.add(field.toString());
        field.setLength(0);
      } else {
        field.append(c);
      }
    }
    fields.add(field.toString());
    return fields;
  }
}
