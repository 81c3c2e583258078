package org.fedlayers.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.options.UserError;
import org.fedlayers.report.Estimates.Estimate;
import org.fedlayers.results.Names;
import org.fedlayers.results.Rows;

/**
 * A table of means with intervals. Its rows are the values of some columns of the results, and its
 * columns the values of others. Cells read {@code mean ± half-width (number of seeds)}.
 */
final class Pivot {
  private static final String ABSENT = "-";

  private Pivot() {}

  static TextTable of(Rows rows, FigureSpec spec, Context context) {
    List<String> rowNames = Estimates.varying(spec.rows(), rows);
    if (rowNames.isEmpty()) {
      throw new UserError(
          "the figure '%s' of kind table needs 'rows' that vary".formatted(spec.name()));
    }
    List<String> columnNames = Estimates.varying(spec.columns(), rows);
    Estimates estimates = new Estimates(rows, spec, rowNames, columnNames, rowNames.get(0));
    Quantity quantity = estimates.quantity;
    Published published =
        spec.published().isEmpty() ? null : Published.of(spec.published(), context.sets());
    List<String> header = new ArrayList<>();
    rowNames.forEach(name -> header.add(Quantity.of(name, 0).title()));
    for (String name : estimates.series()) {
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
              for (String column : estimates.series()) {
                row.add(
                    estimates.all.stream()
                        .filter(e -> e.panel().equals(label) && e.series().equals(column))
                        .findFirst()
                        .map(estimate -> cell(estimate, quantity.factor() == 100 ? "%.2f" : "%.4g"))
                        .orElse(ABSENT));
                if (published != null) {
                  Rows own = part.by(columnNames, Names::of).get(column);
                  row.add(published.at(setting(own, rowNames, columnNames)));
                }
              }
              body.add(row);
            });
    String caption =
        "%s. %s: %s; %s"
            .formatted(
                spec.heading(),
                quantity.title(),
                context.text(estimates),
                estimates.note("± 95 % interval (seeds)"));
    return new TextTable(
        published == null ? caption : caption + ". Published: " + published.source(), header, body);
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

  /** Runs that diverged are in no mean, and the cell says how many there are. */
  static String cell(Estimate estimate, String format) {
    String lost = estimate.diverged() == 0 ? "" : ", %s diverged".formatted(estimate.diverged());
    double half = estimate.interval().half();
    String within = Double.isFinite(half) ? String.format(Locale.ROOT, " ± " + format, half) : "";
    return estimate.isKnown()
        ? String.format(Locale.ROOT, format, estimate.mean())
            + "%s (%s%s)".formatted(within, estimate.interval().n(), lost)
        : "diverged";
  }
}
