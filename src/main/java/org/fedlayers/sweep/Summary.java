package org.fedlayers.sweep;

import static org.fedlayers.results.Reduction.LAST;

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
import org.fedlayers.results.Schema;

/**
 * The table {@code summary}: for each cell without its seed, and each model that was scored, the
 * mean over seeds with its 95 % interval (Student's t, by the standard deviation of these seeds
 * alone, see {@link Interval}). Runs that diverged are counted, and not averaged.
 */
public final class Summary {
  /** The measures of accuracy that have an interval. */
  private static final List<Reduction> MEASURES = List.of(LAST, Reduction.END, Reduction.BEST);

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
    List<Row> rows = new ArrayList<>();
    seeds.forEach(
        (name, group) -> {
          List<String> ids = group.stream().map(Cell::id).toList();
          for (String model : group.get(0).configuration().scoring().averages()) {
            // A row that records a divergence is of no model.
            Rows own = rounds.where(Map.of("cell", ids, "model", List.of(model, "")));
            rows.add(row(group.get(0), model, own));
          }
        });
    return rows;
  }

  private static Row row(Cell cell, String model, Rows rows) {
    var intervals =
        MEASURES.stream().map(one -> Interval.of(Sample.of(rows, "accuracy", one))).toList();
    Sample losses = Sample.of(rows, "train_loss", LAST);
    Network network = cell.configuration().network();
    List<Object> values = new ArrayList<>();
    Collections.addAll(values, cell.group(), cell.arm().text(), model);
    Collections.addAll(values, intervals.get(0).n(), losses.diverged());
    intervals.forEach(one -> Collections.addAll(values, one.mean(), one.low(), one.high()));
    Collections.addAll(
        values,
        losses.mean(),
        end(rows, "steps"),
        end(rows, "samples"),
        network.weightCount(),
        network.depth(),
        ReceptiveField.of(network));
    return new Row(cell, Schema.SUMMARY.row(values.toArray()));
  }

  private static Double end(Rows rows, String count) {
    return Sample.of(rows, count, LAST).values().values().stream().findFirst().orElse(null);
  }
}
