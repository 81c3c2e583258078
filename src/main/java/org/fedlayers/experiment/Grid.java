package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;

/**
 * What varies in an experiment: axes, each a key with its values. A value may be a map that sets
 * several keys below the axis's: {@code partition: [iid, {name: equal-dirichlet, concentration:
 * 0.3}]}.
 */
final class Grid {

  /** One point of an axis: what it sets and how tables call it. */
  private record Value(String label, Map<String, Located> settings) {}

  /** A point of the whole grid. */
  record Point(Map<String, String> labels, Map<String, Located> settings) {}

  private final Map<String, List<Value>> axes = new LinkedHashMap<>();
  private final Problems problems;
  private final Settings settings;

  Grid(Problems problems, Settings settings) {
    this.problems = problems;
    this.settings = settings;
  }

  /** Adds or replaces an axis; null in place of values removes it. */
  void put(String key, Located values) {
    if (values.content() == null) {
      axes.remove(key);
      return;
    }
    if (!values.isList() || values.list().isEmpty()) {
      problems.add(
          values.place(), "grid: " + key + " is " + values + ", expected a list of values");
      return;
    }
    List<Value> points = new ArrayList<>();
    for (Located value : values.list()) {
      points.add(new Value(label(value), settings.flatten(key, value)));
    }
    List<String> labels = points.stream().map(Value::label).toList();
    labels.stream()
        .filter(label -> labels.indexOf(label) != labels.lastIndexOf(label))
        .distinct()
        .forEach(
            label -> problems.add(values.place(), "grid: " + key + " has " + label + " twice"));
    axes.put(key, points);
  }

  boolean has(String key) {
    return axes.containsKey(key);
  }

  List<String> axes() {
    return List.copyOf(axes.keySet());
  }

  /** How tables call a value. */
  static String label(Located value) {
    if (!value.isMap()) {
      return value.isList()
          ? value.list().stream().map(Grid::label).collect(Collectors.joining("-"))
          : String.valueOf(value.content());
    }
    return value.map().entrySet().stream()
        .map(
            entry ->
                entry.getKey().equals("name")
                    ? label(entry.getValue())
                    : entry.getKey() + "=" + label(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** The cross product; the last axis runs fastest. */
  List<Point> points() {
    List<Point> points = List.of(new Point(Map.of(), Map.of()));
    for (Map.Entry<String, List<Value>> axis : axes.entrySet()) {
      List<Point> longer = new ArrayList<>();
      for (Point point : points) {
        for (Value value : axis.getValue()) {
          Map<String, String> labels = new LinkedHashMap<>(point.labels());
          labels.put(axis.getKey(), value.label());
          longer.add(new Point(labels, Settings.merge(point.settings(), value.settings())));
        }
      }
      points = longer;
    }
    return points;
  }
}
