package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sample for each of several points of a grid.
 *
 * @param samples by values of axes, in the order of the grid; an axis that was fixed is gone
 */
record Cells(Map<Map<String, String>, Sample> samples) {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");

  /** One axis fixed. A value with options, {@code feddyn alpha=0.01}, is found by its name too. */
  Cells at(String axis, String value) {
    Map<Map<String, String>, Sample> fixed = new LinkedHashMap<>();
    samples.forEach(
        (point, sample) -> {
          if (isAt(point, axis, value)) {
            Map<String, String> rest = new LinkedHashMap<>(point);
            rest.remove(axis);
            fixed.put(rest, sample);
          }
        });
    if (fixed.isEmpty()) {
      throw new MissingEvidenceException("no cell with " + axis + " " + value);
    }
    return new Cells(fixed);
  }

  static boolean isAt(Map<String, String> point, String axis, String value) {
    String own = point.get(axis);
    return own != null && (own.equals(value) || own.startsWith(value + " "));
  }

  /** Some of the points. */
  Cells where(Predicate<Map<String, String>> wanted) {
    Map<Map<String, String>, Sample> some = new LinkedHashMap<>(samples);
    some.keySet().removeIf(wanted.negate());
    if (some.isEmpty()) {
      throw new MissingEvidenceException("no cell of the kind that is asked for");
    }
    return new Cells(some);
  }

  /** The value of an axis with the greatest number in it: the deepest net, the largest factor. */
  String highest(String axis) {
    return values(axis).stream().max(Comparator.comparingDouble(Cells::number)).orElseThrow();
  }

  String lowest(String axis) {
    return values(axis).stream().min(Comparator.comparingDouble(Cells::number)).orElseThrow();
  }

  /** At the highest value of an axis minus at the lowest, seed by seed. */
  Cells highestMinusLowest(String axis) {
    return at(axis, highest(axis)).minus(at(axis, lowest(axis)));
  }

  private List<String> values(String axis) {
    List<String> values =
        samples.keySet().stream()
            .filter(point -> point.containsKey(axis))
            .map(point -> point.get(axis))
            .distinct()
            .toList();
    if (values.size() < 2) {
      throw new MissingEvidenceException("nothing to compare along " + axis);
    }
    return values;
  }

  static double number(String value) {
    Matcher matcher = NUMBER.matcher(value.replace("resnet-", "").replace("mlp-", ""));
    if (!matcher.find()) {
      throw new IllegalArgumentException(value + " has no number to be ordered by");
    }
    return Double.parseDouble(matcher.group());
  }

  Cells minus(Cells other) {
    return pairedWith(other, Sample::minus);
  }

  Cells shareSavedBy(Cells other) {
    return pairedWith(other, Sample::shareSavedBy);
  }

  private Cells pairedWith(Cells other, BinaryOperator<Sample> operator) {
    Map<Map<String, String>, Sample> paired = new LinkedHashMap<>();
    samples.forEach(
        (point, sample) -> {
          if (other.samples.containsKey(point)) {
            paired.put(point, operator.apply(sample, other.samples.get(point)));
          }
        });
    return new Cells(paired);
  }

  /** For each point of the other axes, the sample with the greatest mean along this axis. */
  Cells bestAlong(String axis) {
    Map<Map<String, String>, Sample> best = new LinkedHashMap<>();
    samples.forEach(
        (point, sample) -> {
          Map<String, String> rest = new LinkedHashMap<>(point);
          rest.remove(axis);
          best.merge(rest, sample, (a, b) -> b.size() == 0 || a.mean() >= b.mean() ? a : b);
        });
    return new Cells(best);
  }

  /** Other cells of the same kind beside these, told apart by a label. */
  static Cells of(String axis, Map<String, Cells> parts) {
    Map<Map<String, String>, Sample> all = new LinkedHashMap<>();
    parts.forEach(
        (label, cells) ->
            cells.samples.forEach(
                (point, sample) -> {
                  Map<String, String> longer = new LinkedHashMap<>(point);
                  longer.put(axis, label);
                  all.put(longer, sample);
                }));
    return new Cells(all);
  }

  List<Sample> family() {
    return new ArrayList<>(samples.values());
  }

  List<Map<String, String>> points() {
    return List.copyOf(samples.keySet());
  }

  static String label(Map<String, String> point) {
    List<String> parts = new ArrayList<>();
    point.forEach(
        (axis, value) ->
            parts.add(NUMBER.matcher(value).matches() ? lastPart(axis) + " " + value : value));
    return String.join(", ", parts);
  }

  private static String lastPart(String axis) {
    return axis.substring(axis.lastIndexOf('.') + 1);
  }
}
