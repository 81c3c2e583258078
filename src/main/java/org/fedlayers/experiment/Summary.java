package org.fedlayers.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedlayers.nn.Depth;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.ReceptiveField;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Schema;

/**
 * The table {@code summary}: for each cell without its seed, and each model that was scored, the
 * mean over seeds with its 95 % interval (Student's t, the standard deviation pooled over all rows
 * of the same model, see {@link Interval}). Runs that diverged are counted, and not averaged.
 */
public final class Summary {
  /** The measures of accuracy that have an interval. */
  private static final List<Reduction> MEASURES =
      List.of(Reduction.LAST, Reduction.END, Reduction.BEST);

  /** Runs of equal configuration, one a seed, under one model. */
  private record Group(Cell cell, Rows rows) {}

  private Summary() {}

  /**
   * Writes the summary of an experiment anew from the other files of its results, without training.
   *
   * @param out the results folder
   */
  public static void refresh(Path out, Experiment experiment) {
    new ResultsFolder(out, experiment).summarise(experiment);
  }

  /** Of the model that is scored first, at the end of a finished run; NaN if it diverged. */
  static double accuracy(Cell cell, Tables tables) {
    return RoundsTable.divergence(tables).isPresent()
        ? Double.NaN
        : accuracy(
            tables.of(RoundsTable.NAME).stream().map(RoundsTable.Row::parse).toList(),
            cell.configuration().scoring().averages().get(0));
  }

  /** Of one model at the end of a run; NaN if it has no row. */
  static double accuracy(List<RoundsTable.Row> rows, String model) {
    List<RoundsTable.Row> own = rows.stream().filter(row -> row.model().equals(model)).toList();
    return own.isEmpty()
        ? Double.NaN
        : Reduction.END.of(
            own.stream().mapToDouble(RoundsTable.Row::round).toArray(),
            own.stream().mapToDouble(RoundsTable.Row::accuracy).toArray());
  }

  /**
   * @param rounds of these cells
   * @param cells in the order of tables
   * @return lines without the header
   */
  static List<String> lines(Rows rounds, Set<Cell> cells) {
    Map<String, List<Cell>> seeds = new LinkedHashMap<>();
    cells.forEach(cell -> seeds.computeIfAbsent(cell.group(), none -> new ArrayList<>()).add(cell));
    Map<String, List<Group>> byModel = new LinkedHashMap<>();
    for (List<Cell> group : seeds.values()) {
      List<String> ids = group.stream().map(Cell::id).toList();
      for (String model : group.get(0).configuration().scoring().averages()) {
        // A row that records a divergence is of no model.
        Rows rows = rounds.where(Map.of("cell", ids, "model", List.of(model, "")));
        byModel
            .computeIfAbsent(model, none -> new ArrayList<>())
            .add(new Group(group.get(0), rows));
      }
    }
    Map<String, List<String>> lines = new LinkedHashMap<>();
    byModel.forEach((model, groups) -> lines.put(model, lines(model, groups)));
    List<String> inOrder = new ArrayList<>();
    for (List<Cell> group : seeds.values()) {
      for (String model : group.get(0).configuration().scoring().averages()) {
        inOrder.add(lines.get(model).remove(0));
      }
    }
    return inOrder;
  }

  private static List<String> lines(String model, List<Group> groups) {
    List<List<Interval>> intervals = new ArrayList<>();
    for (Reduction measure : MEASURES) {
      intervals.add(
          Interval.pooled(
              groups.stream().map(group -> Sample.of(group.rows, "accuracy", measure)).toList()));
    }
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      int index = i;
      lines.add(
          line(model, groups.get(i), intervals.stream().map(each -> each.get(index)).toList()));
    }
    return lines;
  }

  private static String line(String model, Group group, List<Interval> intervals) {
    Sample losses = Sample.of(group.rows, "train_loss", Reduction.LAST);
    Network network = group.cell.configuration().network();
    List<Object> fields = new ArrayList<>();
    Collections.addAll(fields, group.cell.group(), group.cell.arm().text(), model);
    Collections.addAll(fields, intervals.get(0).n(), losses.diverged());
    intervals.forEach(one -> Collections.addAll(fields, one.mean(), one.low(), one.high()));
    Collections.addAll(
        fields,
        losses.mean(),
        end(group.rows, "steps"),
        end(group.rows, "samples"),
        network.weightCount(),
        Depth.of(network),
        ReceptiveField.of(network).pixels());
    String line = Schema.SUMMARY.line(fields.toArray());
    return ResultsFolder.withLabels(Schema.SUMMARY, line, group.cell);
  }

  private static String end(Rows rows, String count) {
    return Sample.of(rows, count, Reduction.LAST).values().values().stream()
        .findFirst()
        .map(Rows::plain)
        .orElse("");
  }
}
