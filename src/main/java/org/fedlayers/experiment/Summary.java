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
  private record Group(Cell cell, String model, Rows rows, List<Interval> intervals) {}

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
    Map<String, List<Group>> byModel = new LinkedHashMap<>();
    List<Group> inOrder = new ArrayList<>();
    for (List<Cell> group : seeds.values()) {
      List<String> ids = group.stream().map(Cell::id).toList();
      for (String model : group.get(0).configuration().scoring().averages()) {
        // A row that records a divergence is of no model.
        Rows rows = rounds.where(Map.of("cell", ids, "model", List.of(model, "")));
        Group own = new Group(group.get(0), model, rows, new ArrayList<>());
        byModel.computeIfAbsent(model, none -> new ArrayList<>()).add(own);
        inOrder.add(own);
      }
    }
    byModel.values().forEach(Summary::addIntervals);
    return inOrder.stream().map(Summary::row).toList();
  }

  private static void addIntervals(List<Group> groups) {
    for (Reduction measure : MEASURES) {
      List<Interval> pooled =
          Interval.pooled(
              groups.stream().map(group -> Sample.of(group.rows, "accuracy", measure)).toList());
      for (int i = 0; i < groups.size(); i++) {
        groups.get(i).intervals.add(pooled.get(i));
      }
    }
  }

  private static Row row(Group group) {
    Sample losses = Sample.of(group.rows, "train_loss", Reduction.LAST);
    Network network = group.cell.configuration().network();
    List<Object> values = new ArrayList<>();
    Collections.addAll(values, group.cell.group(), group.cell.arm().text(), group.model);
    Collections.addAll(values, group.intervals.get(0).n(), losses.diverged());
    group.intervals.forEach(one -> Collections.addAll(values, one.mean(), one.low(), one.high()));
    Collections.addAll(
        values,
        losses.mean(),
        end(group.rows, "steps"),
        end(group.rows, "samples"),
        network.weightCount(),
        Depth.of(network),
        ReceptiveField.of(network).pixels());
    return new Row(group.cell, Schema.SUMMARY.row(values.toArray()));
  }

  private static Double end(Rows rows, String count) {
    return Sample.of(rows, count, Reduction.LAST).values().values().stream()
        .findFirst()
        .orElse(null);
  }
}
