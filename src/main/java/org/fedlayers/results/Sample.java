package org.fedlayers.results;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.fedlayers.options.UserError;

/**
 * One number for each seed.
 *
 * @param values by seed
 * @param diverged runs that have no number because they diverged
 */
public record Sample(SortedMap<Long, Double> values, int diverged) {

  public Sample {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  /** Numbers of the seeds 0, 1, ... */
  public static Sample of(double... bySeed) {
    SortedMap<Long, Double> values = new TreeMap<>();
    IntStream.range(0, bySeed.length).forEach(seed -> values.put((long) seed, bySeed[seed]));
    return new Sample(values, 0);
  }

  /**
   * From the rows of one configuration, in any order.
   *
   * @param run from the rows of one seed; NaN leaves the seed out
   * @throws UserError if a seed has rows of several cells
   */
  public static Sample of(Rows rows, ToDoubleFunction<Rows> run) {
    SortedMap<Long, Double> values = new TreeMap<>();
    int diverged = 0;
    for (Map.Entry<Long, Rows> seed : rows.bySeed().entrySet()) {
      Rows own = seed.getValue();
      if (own.has("cell") && own.texts("cell").stream().distinct().count() > 1) {
        throw mixed(own);
      }
      if (own.has("status") && own.texts("status").contains("diverged")) {
        diverged++;
      } else {
        double value = run.applyAsDouble(own);
        if (Double.isFinite(value)) {
          values.put(seed.getKey(), value);
        }
      }
    }
    return new Sample(values, diverged);
  }

  /**
   * One column over the rounds of each run.
   *
   * @throws UserError if a seed has two rows of one round
   */
  public static Sample of(Rows rows, String column, Reduction reduction) {
    return of(rows, column, seed -> reduction);
  }

  /** The same with a reduction for each seed; a seed without one is left out. */
  private static Sample of(Rows rows, String column, LongFunction<Reduction> bySeed) {
    rows.numbers(column); // refuses another column before it looks at runs
    return of(
        rows,
        run -> {
          Reduction reduction = bySeed.apply((long) run.seedOfEach()[0]);
          return reduction == null ? Double.NaN : reduce(run, column, reduction);
        });
  }

  /** The rounds in which runs reach a goal, one for each seed; a seed without one is left out. */
  public static Sample roundsTo(Rows rows, String column, Sample goals) {
    return of(
        rows,
        column,
        seed -> {
          Double goal = goals.values.get(seed);
          return goal == null ? null : Reduction.roundsTo(goal);
        });
  }

  /**
   * One column over the layers of each run, of means over rounds.
   *
   * @param skip layers left out at either end
   */
  public static Sample ofLayers(Rows rows, String column, Reduction reduction, int skip) {
    return of(
        rows,
        run -> {
          SortedMap<Double, Double> byLayer = new TreeMap<>();
          run.by("index")
              .forEach(
                  (index, layer) ->
                      byLayer.put(Double.valueOf(index), of(layer, column, Reduction.MEAN).mean()));
          double[] layers =
              byLayer.keySet().stream()
                  .limit(byLayer.size() - skip)
                  .skip(skip)
                  .mapToDouble(index -> index)
                  .toArray();
          return reduction.of(layers, Arrays.stream(layers).map(byLayer::get).toArray());
        });
  }

  private static double reduce(Rows run, String column, Reduction reduction) {
    double[] values = run.numbers(column);
    boolean timed = run.has("round");
    double[] rounds =
        timed ? run.numbers("round") : DoubleStream.generate(() -> 1).limit(run.count()).toArray();
    if (Arrays.stream(rounds).distinct().count() < rounds.length
        && (timed || reduction != Reduction.MEAN)) {
      throw mixed(run);
    }
    int[] order =
        IntStream.range(0, rounds.length)
            .boxed()
            .sorted((a, b) -> Double.compare(rounds[a], rounds[b]))
            .mapToInt(i -> i)
            .toArray();
    return reduction.of(
        Arrays.stream(order).mapToDouble(i -> rounds[i]).toArray(),
        Arrays.stream(order).mapToDouble(i -> values[i]).toArray());
  }

  private static UserError mixed(Rows rows) {
    String cells = rows.has("cell") ? ": " + new TreeSet<>(rows.texts("cell")) : "";
    return new UserError(
        rows.table().name() + ": rows of different configurations cannot be told apart" + cells);
  }

  public int size() {
    return values.size();
  }

  /** NaN without seeds. */
  public double mean() {
    double sum = 0;
    for (double value : values.values()) {
      sum += value;
    }
    return sum / values.size();
  }

  /**
   * Difference by difference: seeds decide partition, start and order, and both sides share them.
   */
  public Sample minus(Sample other) {
    return pairedWith(other, (a, b) -> a - b);
  }

  /** The logarithm of its ratio to the other; NaN unless both are above 0. */
  public Sample logRatio(Sample other) {
    return pairedWith(other, (a, b) -> a > 0 && b > 0 ? Math.log(a / b) : Double.NaN);
  }

  /** The sum of c_i x_i over the seeds that all of the samples have. */
  public static Sample sum(List<Sample> samples, double... coefficients) {
    Sample sum = samples.get(0).map(value -> coefficients[0] * value);
    for (int i = 1; i < coefficients.length; i++) {
      double c = coefficients[i];
      sum = sum.pairedWith(samples.get(i), (a, b) -> a + c * b);
    }
    return sum;
  }

  /** Every number changed alike. */
  public Sample map(DoubleUnaryOperator operator) {
    SortedMap<Long, Double> mapped = new TreeMap<>(values);
    mapped.replaceAll((seed, value) -> operator.applyAsDouble(value));
    return new Sample(mapped, diverged);
  }

  /** Over the seeds that both have. */
  public Sample pairedWith(Sample other, DoubleBinaryOperator operator) {
    SortedMap<Long, Double> paired = new TreeMap<>();
    values.forEach(
        (seed, value) -> {
          Double partner = other.values.get(seed);
          if (partner != null) {
            paired.put(seed, operator.applyAsDouble(value, partner));
          }
        });
    return new Sample(paired, diverged + other.diverged);
  }
}
