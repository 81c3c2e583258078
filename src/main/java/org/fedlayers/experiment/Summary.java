package org.fedlayers.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.fedlayers.nn.Depth;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.ReceptiveField;

/**
 * The table {@code summary}: for each cell without its seed, and each model that was scored, the
 * mean over seeds with its 95 % interval (Student's t, the standard deviation pooled over all rows
 * of the same model, see {@link Interval}). Runs that diverged are counted, and not averaged.
 */
public final class Summary {
  static final List<String> COLUMNS =
      List.of(
          "group",
          "arm",
          "model",
          "n",
          "diverged",
          "last",
          "last_low",
          "last_high",
          "last10",
          "last10_low",
          "last10_high",
          "best",
          "best_low",
          "best_high",
          "train_loss",
          "steps",
          "samples",
          "weights",
          "depth",
          "receptive_field");

  /**
   * The measures that have an interval: accuracy after the last round, at the {@link EndOfRun}, at
   * its best.
   */
  enum Measure {
    LAST(run -> run.get(run.size() - 1).accuracy()),
    LAST10(
        run ->
            EndOfRun.of(run, RoundsTable.Row::round).stream()
                .mapToDouble(RoundsTable.Row::accuracy)
                .average()
                .orElseThrow()),
    BEST(run -> run.stream().mapToDouble(RoundsTable.Row::accuracy).max().orElseThrow());

    final ToDoubleFunction<List<RoundsTable.Row>> of;

    Measure(ToDoubleFunction<List<RoundsTable.Row>> of) {
      this.of = of;
    }
  }

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
    List<RoundsTable.Row> rows =
        tables.of(RoundsTable.NAME).stream().map(RoundsTable.Row::parse).toList();
    return rows.stream().anyMatch(RoundsTable.Row::diverged)
        ? Double.NaN
        : accuracy(rows, cell.configuration().get(Keys.AVERAGES).get(0));
  }

  /** Of one model at the end of a run; NaN if it has no row. */
  static double accuracy(List<RoundsTable.Row> rows, String model) {
    List<RoundsTable.Row> own = rows.stream().filter(row -> row.model().equals(model)).toList();
    return own.isEmpty() ? Double.NaN : Measure.LAST10.of.applyAsDouble(own);
  }

  /** One row: runs of equal configuration, one a seed, under one model. */
  private static final class Group {
    final Cell cell;
    final String model;
    final List<List<RoundsTable.Row>> runs = new ArrayList<>();
    int diverged;

    Group(Cell cell, String model) {
      this.cell = cell;
      this.model = model;
    }
  }

  private Summary() {}

  /**
   * @param finished cells with their rows, in the order of tables
   * @return lines without the header
   */
  static List<String> lines(Map<Cell, Tables> finished) {
    Map<String, Map<String, Group>> byModel = new LinkedHashMap<>();
    List<Group> order = new ArrayList<>();
    finished.forEach(
        (cell, tables) -> {
          List<RoundsTable.Row> rows =
              tables.of(RoundsTable.NAME).stream().map(RoundsTable.Row::parse).toList();
          boolean diverged = RoundsTable.divergence(tables).isPresent();
          for (String model : cell.configuration().get(Keys.AVERAGES)) {
            Group group =
                byModel
                    .computeIfAbsent(model, none -> new LinkedHashMap<>())
                    .computeIfAbsent(
                        cell.group(),
                        none -> {
                          Group fresh = new Group(cell, model);
                          order.add(fresh);
                          return fresh;
                        });
            if (diverged) {
              group.diverged++;
            } else {
              group.runs.add(rows.stream().filter(row -> row.model().equals(model)).toList());
            }
          }
        });
    Map<Group, List<Interval>> intervals = new LinkedHashMap<>();
    byModel.values().forEach(groups -> addIntervals(List.copyOf(groups.values()), intervals));
    return order.stream().map(group -> line(group, intervals.get(group))).toList();
  }

  private static void addIntervals(List<Group> groups, Map<Group, List<Interval>> intervals) {
    List<Group> measured = groups.stream().filter(group -> !group.runs.isEmpty()).toList();
    measured.forEach(group -> intervals.put(group, new ArrayList<>()));
    for (Measure measure : Measure.values()) {
      List<double[]> values =
          measured.stream()
              .map(group -> group.runs.stream().mapToDouble(measure.of).toArray())
              .toList();
      List<Interval> pooled = measured.isEmpty() ? List.of() : Interval.pooled(values);
      for (int i = 0; i < measured.size(); i++) {
        intervals.get(measured.get(i)).add(pooled.get(i));
      }
    }
  }

  private static String line(Group group, List<Interval> intervals) {
    Network network = CellBuilder.network(group.cell.configuration());
    List<Object> fields = new ArrayList<>();
    fields.add(group.cell.group());
    fields.add(group.cell.arm().text());
    fields.add(group.model);
    fields.add(group.runs.size());
    fields.add(group.diverged);
    for (int i = 0; i < Measure.values().length; i++) {
      Interval interval = intervals == null ? null : intervals.get(i);
      fields.add(interval == null ? "" : Csv.number(interval.mean()));
      fields.add(interval == null ? "" : Csv.number(interval.low()));
      fields.add(interval == null ? "" : Csv.number(interval.high()));
    }
    RoundsTable.Row end = group.runs.isEmpty() ? null : last(group.runs.get(0));
    fields.add(
        Csv.number(
            group.runs.stream()
                .mapToDouble(run -> last(run).trainLoss())
                .average()
                .orElse(Double.NaN)));
    fields.add(end == null ? "" : end.steps());
    fields.add(end == null ? "" : end.samples());
    fields.add(network.weightCount());
    fields.add(Depth.of(network));
    fields.add(ReceptiveField.of(network).pixels());
    fields.addAll(group.cell.labels().values());
    return Csv.line(fields);
  }

  private static RoundsTable.Row last(List<RoundsTable.Row> run) {
    return run.get(run.size() - 1);
  }
}
