package org.fedlayers.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Names;
import org.fedlayers.results.Rows;

/**
 * A table of means with intervals: the rows are the values of some columns, and so, side by side,
 * are its columns. Cells read {@code mean ± half-width (number of seeds)}.
 */
final class Pivot {
  private static final String ABSENT = "-";

  private Pivot() {}

  static TextTable of(Rows rows, FigureSpec spec, Path directory) {
    spec.knowing("rows", "columns", "y", "over", "contrast", "published");
    List<String> rowNames = spec.words("rows");
    if (rowNames.isEmpty()) {
      throw new UserError(
          "the figure '%s' of kind table needs 'rows' that vary".formatted(spec.name()));
    }
    List<String> columnNames = spec.words("columns");
    Map<String, Object> options = new LinkedHashMap<>(spec.options());
    options.put("panel", rowNames);
    options.put("series", columnNames);
    options.put("x", rowNames.get(0));
    Estimates measured = new Estimates(new FigureSpec(spec.kind(), options));
    List<Estimates.Estimate> estimates = measured.of(rows);
    Quantity quantity = measured.quantity();
    List<String> columns = estimates.stream().map(Estimates.Estimate::series).distinct().toList();
    List<String> header = new ArrayList<>();
    rowNames.forEach(name -> header.add(Quantity.of(name, 0).title()));
    List<String> sets = Context.sets(directory, rows);
    Published published = spec.has("published") ? Published.of(spec.text("published"), sets) : null;
    for (String name : columns) {
      header.add(name.isEmpty() ? quantity.title() : name);
      if (published != null) {
        header.add(name.isEmpty() ? "published" : "published, " + name);
      }
    }
    List<List<String>> body = new ArrayList<>();
    rows.by(rowNames, Names::of)
        .forEach(
            (label, part) -> {
              List<String> row = new ArrayList<>();
              rowNames.forEach(name -> row.add(Names.of(part.texts(name).get(0))));
              for (String column : columns) {
                row.add(
                    estimates.stream()
                        .filter(e -> e.panel().equals(label) && e.series().equals(column))
                        .findFirst()
                        .map(e -> cell(e.interval(), quantity.factor()))
                        .orElse(ABSENT));
                if (published != null) {
                  row.add(
                      published.at(
                          setting(
                              part.by(columnNames, Names::of).get(column), rowNames, columnNames)));
                }
              }
              body.add(row);
            });
    String note =
        measured.note(estimates).replace("error bars: 95 % intervals", "± 95 % interval (seeds)");
    String caption =
        "%s. %s: %s; %s"
            .formatted(spec.title(), quantity.title(), Context.of(directory, rows), note);
    if (published != null) {
      caption += ". Published: " + published.source();
    }
    return new TextTable(caption, header, body);
  }

  private static Map<String, String> setting(
      Rows rows, List<String> rowNames, List<String> columnNames) {
    Map<String, String> setting = new LinkedHashMap<>();
    if (rows != null) {
      rowNames.forEach(name -> setting.put(name, rows.texts(name).get(0)));
      columnNames.forEach(name -> setting.put(name, rows.texts(name).get(0)));
    }
    return setting;
  }

  /** Percent to a hundredth, others to four digits. */
  static String cell(Interval interval, double factor) {
    String mean = number(interval.mean(), factor);
    if (!Double.isFinite(interval.half())) {
      return "%s (%s)".formatted(mean, interval.n());
    }
    return "%s ± %s (%s)".formatted(mean, number(interval.half(), factor), interval.n());
  }

  private static String number(double value, double factor) {
    return String.format(Locale.ROOT, factor == 100 ? "%.2f" : "%.4g", value * factor);
  }
}
