package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;

/**
 * The settings of every cell: layers of settings, each over the one before, and what varies: axes,
 * each a key with its values. A value may be a map that sets several keys below the axis's: {@code
 * partition: [iid, {name: equal-dirichlet, concentration: 0.3}]}. An axis belongs to the layer that
 * it was written in.
 */
final class Grid {

  /** One point of an axis: what it sets and how tables call it. */
  private record Value(String label, Map<String, Located> settings) {}

  private record Axis(int layer, List<Value> values) {
    boolean sets(String key) {
      return values.stream().anyMatch(value -> value.settings().containsKey(key));
    }
  }

  /** A point of the whole grid: labels by axis, and what each layer says at it. */
  record Point(Map<String, String> labels, List<Map<String, Located>> layers) {}

  private final Map<String, Axis> axes = new LinkedHashMap<>();
  private final List<Map<String, Located>> layers = new ArrayList<>();
  private final Problems problems;
  private final Settings settings;

  Grid(Problems problems, Settings settings) {
    this.problems = problems;
    this.settings = settings;
  }

  /**
   * Lays settings over all that was laid before; axes put from now on are part of this layer. A
   * setting in place of an axis makes one of a single value of it.
   */
  void lay(Map<String, Located> written) {
    Map<String, Located> layer = new LinkedHashMap<>(written);
    layers.add(layer);
    for (String axis : List.copyOf(axes.keySet())) {
      String key = Keys.canonical(axis);
      if (layer.containsKey(key) && layer.get(key).content() == null) {
        axes.remove(axis);
      } else if (layer.containsKey(key)) {
        Map<String, Located> point = new LinkedHashMap<>();
        point.put(key, layer.get(key));
        layer.forEach(
            (other, value) -> {
              if (!axis.contains(".") && Keys.group(other).equals(axis)) {
                point.put(other, value);
              }
            });
        layer.keySet().removeAll(point.keySet());
        String label =
            point.entrySet().stream()
                .map(entry -> label(entry.getKey(), key, axis, entry.getValue()))
                .collect(Collectors.joining(" "));
        axes.put(axis, new Axis(layers.size() - 1, List.of(new Value(label, point))));
      }
    }
    layer.forEach((key, value) -> requireNoLabel(key, value, layers.size() - 1));
  }

  private static String label(String key, String first, String axis, Located value) {
    return key.equals(first) ? label(value) : key.substring(axis.length() + 1) + "=" + label(value);
  }

  /** What an axis of a layer below sets is in its labels, which have to stay true. */
  private void requireNoLabel(String key, Located value, int layer) {
    axes.forEach(
        (axis, values) -> {
          if (values.layer() < layer && values.sets(key)) {
            problems.add(
                value.place(),
                "%s is set by values of the grid's axis %s; set %s in its place"
                    .formatted(key, axis, axis));
          }
        });
  }

  /** Adds or replaces an axis in the layer laid last; null in place of values removes it. */
  void put(String key, Located values) {
    String known =
        axes.keySet().stream()
            .filter(axis -> Keys.canonical(axis).equals(Keys.canonical(key)))
            .findFirst()
            .orElse(key);
    int layer = layers.size() - 1;
    if (axes.containsKey(known) && axes.get(known).layer() == layer) {
      problems.add(values.place(), "grid: " + key + " is written twice, also as " + known);
    }
    if (values.content() == null) {
      axes.remove(known);
      return;
    }
    if (!values.isList() || values.list().isEmpty()) {
      problems.add(
          values.place(), "grid: " + key + " is " + values + ", expected a list of values");
      return;
    }
    List<Value> points = new ArrayList<>();
    for (Located value : values.list()) {
      Map<String, Located> flat = new LinkedHashMap<>();
      settings.flatten(key, value, flat);
      points.add(new Value(label(value), flat));
    }
    List<String> labels = points.stream().map(Value::label).toList();
    labels.stream()
        .filter(label -> labels.indexOf(label) != labels.lastIndexOf(label))
        .distinct()
        .forEach(
            label -> problems.add(values.place(), "grid: " + key + " has " + label + " twice"));
    if (!known.equals(key)) {
      axes.remove(known);
    }
    axes.put(key, new Axis(layer, points));
    points.get(0).settings().forEach((set, value) -> requireNoLabel(set, value, layer));
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
    List<Point> points = List.of(new Point(Map.of(), layers));
    for (Map.Entry<String, Axis> axis : axes.entrySet()) {
      List<Point> longer = new ArrayList<>();
      for (Point point : points) {
        for (Value value : axis.getValue().values()) {
          Map<String, String> labels = new LinkedHashMap<>(point.labels());
          labels.put(axis.getKey(), value.label());
          List<Map<String, Located>> said = new ArrayList<>(point.layers());
          int layer = axis.getValue().layer();
          said.set(layer, Settings.merge(said.get(layer), value.settings()));
          longer.add(new Point(labels, said));
        }
      }
      points = longer;
    }
    return points;
  }

  /** All that was written, layer by layer, what axes set included. */
  List<List<Map.Entry<String, Located>>> written() {
    List<List<Map.Entry<String, Located>>> written = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      int layer = i;
      List<Map.Entry<String, Located>> here = new ArrayList<>(layers.get(i).entrySet());
      axes.values().stream()
          .filter(axis -> axis.layer() == layer)
          .flatMap(axis -> axis.values().stream())
          .forEach(value -> here.addAll(value.settings().entrySet()));
      written.add(here);
    }
    return written;
  }
}
