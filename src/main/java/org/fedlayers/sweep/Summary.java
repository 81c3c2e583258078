package org.fedlayers.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.ReceptiveField;
import org.fedlayers.results.Interval;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;
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
  private record Group(Cell cell, String model, Rows rows) {}

  private Summary() {}

  /**
   * Writes the summary of an experiment anew from the other files of its results, without training.
   *
   * @param out the results folder
   */
  public static void refresh(Path out, Experiment experiment) {
    new ResultsFolder(out, experiment).summarise();
  }

  /** A row, and a cell whose grid's values go with it. */
  record Row(Cell cell, List<Object> values) {}

  /**
   * @param rounds of these cells
   * @param cells in the order of tables
   * @return a row for each cell without its seed and each of its models, in that order
   */
  static List<Row> rows(Rows rounds, Set<Cell> cells) {
    Map<String, List<Cell>> seeds = new LinkedHashMap<>();
    cells.forEach(cell -> seeds.computeIfAbsent(cell.group(), none -> new ArrayList<>()).add(cell));
    Map<Map<String, String>, Group> groups = new LinkedHashMap<>();
    seeds.forEach(
        (name, group) -> {
          List<String> ids = group.stream().map(Cell::id).toList();
          for (String model : group.get(0).configuration().scoring().averages()) {
            // A row that records a divergence is of no model.
            Rows rows = rounds.where(Map.of("cell", ids, "model", List.of(model, "")));
            groups.put(Map.of("group", name, "model", model), new Group(group.get(0), model, rows));
          }
        });
    var intervals = MEASURES.stream().map(measure -> intervals(groups, measure)).toList();
    List<Row> rows = new ArrayList<>();
    groups.forEach(
        (point, group) ->
            rows.add(row(group, intervals.stream().map(one -> one.get(point)).toList())));
    return rows;
  }

  private static Map<Map<String, String>, Interval> intervals(
      Map<Map<String, String>, Group> groups, Reduction measure) {
    Map<Map<String, String>, Sample> samples = new LinkedHashMap<>();
    groups.forEach(
        (point, group) -> samples.put(point, Sample.of(group.rows, "accuracy", measure)));
    return new Samples(samples).intervals(List.of("model"), 1);
  }

  private static Row row(Group group, List<Interval> intervals) {
    Sample losses = Sample.of(group.rows, "train_loss", Reduction.LAST);
    Network network = group.cell.configuration().network();
    List<Object> values = new ArrayList<>();
    Collections.addAll(values, group.cell.group(), group.cell.arm().text(), group.model);
    Collections.addAll(values, intervals.get(0).n(), losses.diverged());
    intervals.forEach(one -> Collections.addAll(values, one.mean(), one.low(), one.high()));
    Collections.addAll(
        values,
        losses.mean(),
        end(group.rows, "steps"),
        end(group.rows, "samples"),
        network.weightCount(),
        network.depth(),
        ReceptiveField.of(network).pixels());
    return new Row(group.cell, Schema.SUMMARY.row(values.toArray()));
  }

  private static Double end(Rows rows, String count) {
    return Sample.of(rows, count, Reduction.LAST).values().values().stream()
        .findFirst()
        .orElse(null);
  }
}
