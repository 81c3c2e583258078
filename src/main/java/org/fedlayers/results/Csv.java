package org.fedlayers.results;

import com.univocity.parsers.csv.CsvParser;
import com.univocity.parsers.csv.CsvParserSettings;
import java.util.ArrayList;
import java.util.List;

/** Lines of CSV. */
public final class Csv {
  private Csv() {}

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
    CsvParserSettings settings = new CsvParserSettings();
    settings.trimValues(false);
    settings.setNullValue("");
    settings.setEmptyValue("");
    return List.of(new CsvParser(settings).parseLine(line));
  }
}
