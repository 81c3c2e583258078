package org.fedlayers.results;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.fedlayers.options.UserError;

/**
 * One number for each seed.
 *
 * @param values by seed
 * @param lost runs that have no number because they diverged, see {@link Rows#runs}
 * @param toCome seeds that were planned and have not run
 * @param undefined seeds that have no ratio because one of its sides is not above 0
 */
public record Sample(
    SortedMap<Long, Double> values, Set<String> lost, Set<Long> toCome, int undefined) {

  public Sample {
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    lost = Set.copyOf(lost);
    toCome = Set.copyOf(toCome);
  }

  /** Numbers of which all are defined, of every seed that was planned. */
  public Sample(SortedMap<Long, Double> values, Set<String> lost) {
    this(values, lost, Set.of(), 0);
  }

  /** Numbers of the seeds 0, 1, ... */
  public static Sample of(double... bySeed) {
    SortedMap<Long, Double> values = new TreeMap<>();
    IntStream.range(0, bySeed.length).forEach(seed -> values.put((long) seed, bySeed[seed]));
    return new Sample(values, Set.of());
  }

  /**
   * Reduces the rows of one configuration, which may be in any order.
   *
   * @param run from a seed and its rows; NaN leaves the seed out
   * @throws UserError if a seed has rows of several cells
   */
  private static Sample of(Rows rows, ToDoubleBiFunction<Long, Rows> run) {
    SortedMap<Long, Double> values = new TreeMap<>();
    Set<String> lost = new HashSet<>();
    for (Map.Entry<Long, Rows> seed : rows.bySeed().entrySet()) {
      Rows own = seed.getValue();
      if (own.has("cell") && own.texts("cell").stream().distinct().count() > 1) {
        throw own.mixed();
      }
      if (own.has("status") && own.texts("status").contains("diverged")) {
        lost.addAll(own.runs());
      } else {
        double value = run.applyAsDouble(seed.getKey(), own);
        if (Double.isFinite(value)) {
          values.put(seed.getKey(), value);
        }
      }
    }
    return new Sample(values, lost);
  }

  /**
   * One column over the rounds of each run.
   *
   * @throws UserError if a seed has rows of several cells, or two of one round
   */
  public static Sample of(Rows rows, String column, Reduction reduction) {
    rows.numbers(column); // refuses another column before it looks at runs
    return of(rows, (seed, run) -> reduce(run, column, reduction));
  }

  /** The rounds in which runs reach a goal, one for each seed; a seed without one is left out. */
  public static Sample roundsTo(Rows rows, String column, Sample goals) {
    rows.numbers(column);
    return of(
        rows,
        (seed, run) -> {
          Double goal = goals.values.get(seed);
          return goal == null ? Double.NaN : reduce(run, column, Reduction.roundsTo(goal));
        });
  }

  /**
   * One column over the layers of each run.
   *
   * @param rounds gives each layer its number
   * @param layers reduces these numbers, by index
   * @param skip layers left out at either end
   */
  public static Sample ofLayers(
      Rows rows, String column, Reduction rounds, Reduction layers, int skip) {
    return of(
        rows,
        (seed, run) -> {
          SortedMap<Double, Double> byLayer = new TreeMap<>();
          run.by("index")
              .forEach(
                  (index, layer) ->
                      byLayer.put(Double.valueOf(index), of(layer, column, rounds).mean()));
          for (int i = 0; i < skip; i++) {
            byLayer.remove(byLayer.firstKey());
            byLayer.remove(byLayer.lastKey());
          }
          return reduce(byLayer, layers);
        });
  }

  /** A table without rounds has one row for each run, or the mean of its rows is asked for. */
  private static double reduce(Rows run, String column, Reduction reduction) {
    double[] values = run.numbers(column);
    SortedMap<Double, Double> byRound = new TreeMap<>();
    double[] rounds = run.has("round") ? run.numbers("round") : null;
    for (int i = 0; i < values.length; i++) {
      double untimed = reduction == Reduction.MEAN ? i : 1;
      byRound.put(rounds == null ? untimed : rounds[i], values[i]);
    }
    if (byRound.size() < values.length) {
      throw run.mixed();
    }
    return reduce(byRound, reduction);
  }

  private static double reduce(SortedMap<Double, Double> values, Reduction reduction) {
    return reduction.of(
        values.keySet().stream().mapToDouble(at -> at).toArray(),
        values.values().stream().mapToDouble(value -> value).toArray());
  }

  public int size() {
    return values.size();
  }

  /** How many runs have no number because they diverged. */
  public int diverged() {
    return lost.size();
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
   * The difference, seed by seed: a seed decides the partition, the initial weights and the order
   * of images, and both sides share it.
   */
  public Sample minus(Sample other) {
    return pairedWith(other, (a, b) -> a - b);
  }

  /** The logarithm of its ratio to the other, of the seeds with which both are above 0. */
  public Sample logRatio(Sample other) {
    return pairedWith(other, (a, b) -> a > 0 && b > 0 ? Math.log(a / b) : Double.NaN);
  }

  /** The fraction of a that b saves, from the logarithm of a / b. */
  public static double saved(double logRatio) {
    return -Math.expm1(-logRatio);
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

  /** Applies a function to every number. */
  public Sample map(DoubleUnaryOperator operator) {
    SortedMap<Long, Double> mapped = new TreeMap<>(values);
    mapped.replaceAll((seed, value) -> operator.applyAsDouble(value));
    return new Sample(mapped, lost, toCome, undefined);
  }

  /**
   * Combines the numbers of each seed that both have.
   *
   * @param operator NaN leaves the seed out, and counts it: else no cell that shares a standard
   *     deviation with this one had an interval
   */
  public Sample pairedWith(Sample other, DoubleBinaryOperator operator) {
    SortedMap<Long, Double> paired = new TreeMap<>();
    values.forEach(
        (seed, value) -> {
          Double partner = other.values.get(seed);
          if (partner != null) {
            paired.put(seed, operator.applyAsDouble(value, partner));
          }
        });
    int without = (int) paired.values().stream().filter(value -> value.isNaN()).count();
    paired.values().removeIf(value -> value.isNaN());
    return new Sample(
        paired,
        union(lost, other.lost),
        union(toCome, other.toCome),
        undefined + other.undefined + without);
  }

  private static <T> Set<T> union(Set<T> one, Set<T> other) {
    Set<T> both = new HashSet<>(one);
    both.addAll(other);
    return both;
  }
}
