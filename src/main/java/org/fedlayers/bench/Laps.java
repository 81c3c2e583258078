package org.fedlayers.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedlayers.nn.plan.StepKind;
import org.fedlayers.nn.plan.StepListener;

/**
 * What every step of a model's passes takes, the passes being alike: medians over passes, so that
 * the first ones, and those that something interrupted, do not count.
 */
final class Laps implements StepListener {

  /**
   * @param nanos the median
   */
  record Lap(StepKind kind, String name, double nanos) {}

  private static final class Row {
    final StepKind kind;
    final String name;
    final List<Double> nanos = new ArrayList<>();

    Row(StepKind kind, String name) {
      this.kind = kind;
      this.name = name;
    }
  }

  private final Clock clock;
  private final List<Row> rows = new ArrayList<>();
  private int next;
  private long last;

  Laps(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void ran(StepKind kind, String name) {
    long now = clock.nanos();
    next = kind == StepKind.BETWEEN_PASSES ? 0 : next;
    if (next == rows.size()) {
      rows.add(new Row(kind, name));
    }
    rows.get(next++).nanos.add((double) (now - last));
    last = clock.nanos();
  }

  /** In the order in which they ran. */
  List<Lap> medians() {
    return rows.stream()
        .map(
            row -> {
              double[] nanos = row.nanos.stream().mapToDouble(each -> each).toArray();
              return new Lap(row.kind, row.name, Spread.of(nanos).median());
            })
        .toList();
  }

  /** Milliseconds of a pass by kind of step. */
  Map<StepKind, Double> milliseconds() {
    Map<StepKind, Double> sums = new TreeMap<>();
    medians().forEach(lap -> sums.merge(lap.kind(), lap.nanos() / 1e6, Double::sum));
    return sums;
  }
}
