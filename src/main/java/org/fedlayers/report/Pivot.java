package org.fedlayers.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.data.UserError;
import org.fedlayers.experiment.Interval;

/**
 * A table of means with intervals: the rows are the values of some columns, and so, side by side,
 * are its columns. Cells read {@code mean ± half-width (number of seeds)}.
 */
final class Pivot {
  private static final String ABSENT = "-";

  private Pivot() {}

  static TextTable of(Rows rows, FigureSpec spec, String context) {
    spec.knowing("rows", "columns", "y", "over", "contrast");
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
    Quantity measure = Quantity.of(measured.measure(), 0);
    Quantity quantity = spec.has("contrast") ? measure.difference() : measure;
    List<String> columns = estimates.stream().map(Estimates.Estimate::series).distinct().toList();
    List<String> header = new ArrayList<>();
    rowNames.forEach(name -> header.add(Quantity.of(name, 0).title()));
    columns.forEach(name -> header.add(name.isEmpty() ? quantity.title() : name));
    List<List<String>> body = new ArrayList<>();
    rows.by(rowNames)
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
              }
              body.add(row);
            });
    String note =
        measured.note(estimates).replace("error bars: 95 % intervals", "± 95 % interval (seeds)");
    String title = spec.text("title", spec.name());
    String caption = "%s. %s: %s; %s".formatted(title, quantity.title(), context, note);
    return new TextTable(caption, header, body);
  }

  /** Percent to a hundredth, others to four digits. */
  static String cell(Interval interval, double factor) {
    String mean = number(interval.mean(), factor);
    if (!Double.isFinite(interval.half())) {
      return "%s (%d)".formatted(mean, interval.n());
    }
    return "%s ± %s (%d)".formatted(mean, number(interval.half(), factor), interval.n());
  }

  private static String number(double value, double factor) {
    return String.format(Locale.ROOT, factor == 100 ? "%.2f" : "%.4g", value * factor);
  }
}
