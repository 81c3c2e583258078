package org.fedlayers.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fedlayers.options.UserError;

/**
 * A sample for each of several points of a grid.
 *
 * @param byPoint by values of axes, in the order of the grid; an axis that was fixed is left out
 */
public record Samples(Map<Map<String, String>, Sample> byPoint) {
  static final String HIGHEST = "highest";
  static final String LOWEST = "lowest";

  /** The number in a value: the depth of {@code resnet-8}, the factor 0.5. */
  private static final Pattern NUMBER =
      Pattern.compile("(?<![\\d.])-?\\d+(\\.\\d+)?([eE][-+]?\\d+)?");

  /**
   * The points with these values, without the axes that are fixed by them.
   *
   * @param wanted values by axis; {@value #HIGHEST} and {@value #LOWEST} are those with the
   *     greatest and the smallest number in them; a value with options, {@code feddyn alpha=0.01},
   *     is found by its name too
   * @throws NotMeasuredException if there is none
   */
  public Samples at(Map<String, String> wanted) {
    Samples some = this;
    for (Map.Entry<String, String> fixed : values(wanted).entrySet()) {
      some = some.at(fixed.getKey(), fixed.getValue());
    }
    return some;
  }

  private Samples at(String axis, String value) {
    Samples there = where(point -> isAt(point, Map.of(axis, value)), axis + " " + value);
    return new Samples(fixed(there.byPoint, Set.of(axis)));
  }

  /**
   * What is known of points, by what is left of these without the axes that are fixed.
   *
   * @throws UserError if two points are then the same, because a name that both have in common was
   *     written without the options that tell them apart
   */
  public static <T> Map<Map<String, String>, T> fixed(
      Map<Map<String, String>, T> byPoint, Set<String> axes) {
    Map<Map<String, String>, T> fixed = new LinkedHashMap<>();
    Map<Map<String, String>, Map<String, String>> whole = new LinkedHashMap<>();
    byPoint.forEach(
        (point, known) -> {
          Map<String, String> rest = without(point, axes);
          Map<String, String> other = whole.put(rest, point);
          if (other != null) {
            throw new UserError(
                "which is meant, %s or %s? Name it with its options".formatted(other, point));
          }
          fixed.put(rest, known);
        });
    return fixed;
  }

  /** What {@value #HIGHEST} and {@value #LOWEST} stand for, of all points. */
  private Map<String, String> values(Map<String, String> wanted) {
    Map<String, String> values = new LinkedHashMap<>(wanted);
    values.replaceAll(this::value);
    return values;
  }

  /** Whether a value stands for the one with the greatest or the smallest number in it. */
  public static boolean isEnd(String value) {
    return value.equals(HIGHEST) || value.equals(LOWEST);
  }

  /** The value that {@value #HIGHEST} or {@value #LOWEST} stands for; others are kept. */
  String value(String axis, String wanted) {
    if (!isEnd(wanted)) {
      return wanted;
    }
    List<String> values =
        byPoint.keySet().stream()
            .filter(point -> point.containsKey(axis))
            .map(point -> point.get(axis))
            .distinct()
            .sorted(Comparator.comparingDouble(Samples::number))
            .toList();
    if (values.size() < 2) {
      throw new NotMeasuredException("nothing to compare along " + axis);
    }
    return values.get(wanted.equals(LOWEST) ? 0 : values.size() - 1);
  }

  /** Whether a point has all of these values. */
  public static boolean isAt(Map<String, String> point, Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .allMatch(
            value -> {
              String own = point.get(value.getKey());
              return own != null && Names.isCalled(own, value.getValue());
            });
  }

  /**
   * Some of the points.
   *
   * @throws NotMeasuredException if there is none
   */
  public Samples where(Predicate<Map<String, String>> wanted, String words) {
    Map<Map<String, String>, Sample> some = new LinkedHashMap<>(byPoint);
    some.keySet().removeIf(wanted.negate());
    if (some.isEmpty()) {
      throw new NotMeasuredException("no cell with " + words);
    }
    return new Samples(some);
  }

  /**
   * The points at any of several places, with all their axes.
   *
   * @param wanted values by axis of each place, as for {@link #at(Map)}
   * @throws NotMeasuredException if there is none
   */
  public Samples atAny(List<Map<String, String>> wanted) {
    List<Map<String, String>> places = wanted.stream().map(this::values).toList();
    return where(point -> places.stream().anyMatch(place -> isAt(point, place)), "" + wanted);
  }

  /** Combines the samples of each point that both have. */
  public Samples pairedWith(Samples other, BinaryOperator<Sample> operator) {
    Map<Map<String, String>, Sample> paired = new LinkedHashMap<>(byPoint);
    paired.keySet().retainAll(other.byPoint.keySet());
    paired.replaceAll((point, sample) -> operator.apply(sample, other.byPoint.get(point)));
    return new Samples(paired);
  }

  /** For each point of the other axes, the sample with the greatest mean along this axis. */
  public Samples bestAlong(String axis) {
    Map<Map<String, String>, Sample> best = new LinkedHashMap<>();
    byPoint.forEach(
        (point, sample) ->
            best.merge(
                without(point, Set.of(axis)),
                sample,
                (a, b) -> b.size() == 0 || a.mean() >= b.mean() ? a : b));
    return new Samples(best);
  }

  /** For each point of the other axes the slope of a straight line, for ten units of this axis. */
  public Samples slope(String axis) {
    Map<Map<String, String>, Sample> slopes = new LinkedHashMap<>();
    for (Map<String, String> any : byPoint.keySet()) {
      slopes.computeIfAbsent(
          without(any, Set.of(axis)),
          rest -> where(point -> without(point, Set.of(axis)).equals(rest), axis).lineAlong(axis));
    }
    return new Samples(slopes);
  }

  private Sample lineAlong(String axis) {
    double[] x = byPoint.keySet().stream().mapToDouble(point -> number(point.get(axis))).toArray();
    double mean = Arrays.stream(x).average().orElseThrow();
    double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    if (squares == 0) {
      throw new NotMeasuredException("nothing to compare along " + axis);
    }
    return Sample.sum(family(), Arrays.stream(x).map(v -> 10 * (v - mean) / squares).toArray());
  }

  /** One point minus the mean of all others, seed by seed. */
  public Samples againstOthers(Map<String, String> corner) {
    List<Sample> family = where(point -> isAt(point, corner), "" + corner).family();
    List<Sample> others = where(point -> !isAt(point, corner), "other than " + corner).family();
    double[] coefficients = new double[family.size() + others.size()];
    Arrays.fill(coefficients, -1.0 / others.size());
    Arrays.fill(coefficients, 0, family.size(), 1.0 / family.size());
    family.addAll(others);
    return new Samples(Map.of(Map.of(), Sample.sum(family, coefficients)));
  }

  /**
   * The interval of each point, with the standard deviation pooled over points that are alike.
   *
   * @param apart axes along which points are not alike
   * @param several how many intervals are to hold at once with 95 %
   */
  public Map<Map<String, String>, Interval> intervals(Collection<String> apart, int several) {
    Map<Map<String, String>, Interval> intervals = new LinkedHashMap<>();
    byPoint.keySet().forEach(point -> intervals.put(point, Interval.NONE));
    byPoint.keySet().stream()
        .collect(Collectors.groupingBy(point -> apart.stream().map(point::get).toList()))
        .values()
        .forEach(
            alike -> {
              List<Sample> family = alike.stream().map(byPoint::get).toList();
              List<Interval> pooled = Interval.pooled(family, several);
              alike.forEach(point -> intervals.put(point, pooled.get(alike.indexOf(point))));
            });
    return intervals;
  }

  /** A point without some of its axes. */
  public static Map<String, String> without(Map<String, String> point, Set<String> axes) {
    Map<String, String> rest = new LinkedHashMap<>(point);
    rest.keySet().removeAll(axes);
    return rest;
  }

  public List<Sample> family() {
    return new ArrayList<>(byPoint.values());
  }

  private static double number(String value) {
    Matcher matcher = NUMBER.matcher(value.replaceFirst("^[a-z]+-", ""));
    if (!matcher.find()) {
      throw new UserError(value + " has no number to be ordered by");
    }
    return Double.parseDouble(matcher.group());
  }

  /** A point in words: its values, and for numbers the names of their axes. */
  public static String label(Map<String, String> point) {
    return point.entrySet().stream()
        .map(entry -> Names.of(entry.getKey(), entry.getValue()))
        .collect(Collectors.joining(", "));
  }
}
