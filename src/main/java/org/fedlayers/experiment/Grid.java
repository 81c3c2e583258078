package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;
import org.fedlayers.results.Names;

/**
 * The settings and the grid of an experiment file. Settings stand in layers, each over the one
 * before, as a flat map from dotted keys, checked against {@link Keys}; a word in place of a group
 * that names something stands for the name: {@code partition: iid}. What varies are axes, each a
 * key with its values. A value may be a map that sets several keys below the axis's: {@code
 * partition: [iid, {name: equal-dirichlet, concentration: 0.3}]}. An axis belongs to the layer that
 * it was written in. Some cells have settings or seeds for themselves, see {@link #except}.
 */
final class Grid {
  /** The keys of an exception. */
  static final List<String> EXCEPTION = List.of("cells", "settings", "seeds");

  /** One point of an axis: what it sets and how tables call it. */
  private record Value(String label, Map<String, Located> settings) {}

  private record Axis(int layer, List<Value> values) {
    boolean sets(String key) {
      return values.stream().anyMatch(value -> value.settings().containsKey(key));
    }
  }

  /** What cells of these labels have for themselves. */
  private record Special(
      Map<String, List<String>> labels, Map<String, Located> settings, Located seeds) {

    /** Whether a cell may have a label on an axis; one with options has its name's, too. */
    boolean fits(String axis, String label) {
      return !labels.containsKey(axis)
          || labels.get(axis).stream().anyMatch(wanted -> Names.isCalled(label, wanted));
    }
  }

  /**
   * A point of the whole grid.
   *
   * @param labels by axis
   * @param settings of all layers, without the keys that null unsets
   * @param seeds in place of the file's, or null; none leaves the point out
   */
  record Point(Map<String, String> labels, Map<String, Located> settings, Located seeds) {}

  private final Map<String, Axis> axes = new LinkedHashMap<>();
  private final List<Map<String, Located>> layers = new ArrayList<>();
  private final List<Special> exceptions = new ArrayList<>();
  private final Problems problems;

  Grid(Problems problems) {
    this.problems = problems;
  }

  /** Flattens a map of settings; what is unknown becomes a problem and is left out. */
  Map<String, Located> flatten(Located settings) {
    Map<String, Located> flat = new LinkedHashMap<>();
    if (settings.content() != null) {
      problems.map(settings).forEach((key, value) -> flatten(key, value, flat));
    }
    return flat;
  }

  /** Flattens one setting into others, none of which it may set again. */
  void flatten(String key, Located value, Map<String, Located> flat) {
    boolean group = Keys.isGroup(key);
    String name = Keys.canonical(key);
    if (value.isMap() && group) {
      value.map().forEach((inner, content) -> flatten(key + "." + inner, content, flat));
    } else if (Keys.named(name) != null && !value.isMap() && !(group && value.isList())) {
      Located before = flat.put(name, value);
      if (before != null) {
        problems.add(value.place(), name + " is set twice, before at " + before.place());
      }
    } else if (group) {
      problems.unexpected(key, value, "keys and values");
    } else {
      problems.add(value.place(), "unknown key " + key + Spelling.hint(key, Keys.all().keySet()));
    }
  }

  /**
   * Values of {@code over} win, null included. Where both name the same group, options that were
   * written with the name below go with it.
   */
  private static void merge(Map<String, Located> below, Map<String, Located> over) {
    for (String group : Keys.NAMINGS.keySet()) {
      String name = Keys.canonical(group);
      if (over.containsKey(name) && below.containsKey(name)) {
        below.keySet().removeIf(key -> Keys.replaces(name, key));
      }
    }
    below.putAll(over);
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
        Map<String, Located> point = new LinkedHashMap<>(Map.of(key, layer.remove(key)));
        String label = label(point.get(key));
        for (String other : List.copyOf(layer.keySet())) {
          if (Keys.group(other).equals(axis)) {
            point.put(other, layer.remove(other));
            label += " " + other.substring(axis.length() + 1) + "=" + label(point.get(other));
          }
        }
        axes.put(axis, new Axis(layers.size() - 1, List.of(new Value(label, point))));
      }
    }
    layer.forEach((key, value) -> requireNoLabel(key, value, layers.size() - 1));
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
      problems.unexpected("grid: " + key, values, "a list of values");
      return;
    }
    List<Value> points = new ArrayList<>();
    for (Located value : values.list()) {
      Map<String, Located> flat = new LinkedHashMap<>();
      flatten(key, value, flat);
      String label = label(value);
      if (points.stream().anyMatch(other -> other.label().equals(label))) {
        problems.add(value.place(), "grid: " + key + " has " + label + " twice");
      } else {
        points.add(new Value(label, flat));
      }
    }
    if (!known.equals(key)) {
      axes.remove(known);
    }
    axes.put(key, new Axis(layer, points));
    points.get(0).settings().forEach((set, value) -> requireNoLabel(set, value, layer));
  }

  /**
   * Gives some cells settings and seeds for themselves, over the file's and under the command
   * line's, for example a learning rate for each normaliser: {@code {cells: {model.normaliser: gn},
   * settings: {training: {rate: 0.1}}}}. It must find a cell, or it is a mistake.
   *
   * @param entry whose keys are among {@link #EXCEPTION}
   */
  void except(Located entry) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    Located cells = entry.map().get("cells");
    if (cells == null || !cells.isMap() || cells.map().isEmpty()) {
      problems.add(entry.place(), "where needs cells, for example {model.normaliser: gn}");
    } else {
      cells.map().forEach((axis, value) -> labels.put(axis, wanted(axis, value)));
    }
    Located own = entry.map().get("settings");
    Map<String, Located> flat = own == null ? Map.of() : flatten(own);
    Special exception = new Special(labels, flat, entry.map().get("seeds"));
    if (!isReached(exception)) {
      problems.add(entry.place(), "where: the grid has no cell with " + labels);
    }
    exceptions.add(exception);
  }

  /** Whether the grid has a cell of these labels: a value that fits on every axis. */
  private boolean isReached(Special exception) {
    return axes.keySet().containsAll(exception.labels().keySet())
        && axes.entrySet().stream()
            .allMatch(
                axis ->
                    axis.getValue().values().stream()
                        .anyMatch(value -> exception.fits(axis.getKey(), value.label())));
  }

  private List<String> wanted(String axis, Located value) {
    if (!axes.containsKey(axis)) {
      String hint = Spelling.hint(axis, axes.keySet());
      problems.add(value.place(), "where: the grid has no axis " + axis + hint);
    }
    return (value.isList() ? value.list() : List.of(value)).stream().map(Grid::label).toList();
  }

  List<String> axes() {
    return List.copyOf(axes.keySet());
  }

  /** How tables call a value. */
  private static String label(Located value) {
    if (!value.isMap()) {
      return value.isList()
          ? value.list().stream().map(Grid::label).collect(Collectors.joining("-"))
          : String.valueOf(value.content());
    }
    return value.map().entrySet().stream()
        .map(
            entry ->
                (entry.getKey().equals("name") ? "" : entry.getKey() + "=")
                    + label(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** The cross product; the last axis runs fastest. */
  List<Point> points() {
    List<Map<String, Value>> choices = List.of(Map.of());
    for (Map.Entry<String, Axis> axis : axes.entrySet()) {
      List<Map<String, Value>> longer = new ArrayList<>();
      for (Map<String, Value> choice : choices) {
        for (Value value : axis.getValue().values()) {
          Map<String, Value> more = new LinkedHashMap<>(choice);
          more.put(axis.getKey(), value);
          longer.add(more);
        }
      }
      choices = longer;
    }
    return choices.stream().map(this::point).toList();
  }

  /** Each layer with its values of the axes over the one before; exceptions under the last. */
  private Point point(Map<String, Value> choice) {
    Map<String, String> labels = new LinkedHashMap<>();
    choice.forEach((axis, value) -> labels.put(axis, value.label()));
    Map<String, Located> settings = new LinkedHashMap<>();
    Located seeds = null;
    for (int i = 0; i < layers.size(); i++) {
      for (Special one : i < layers.size() - 1 ? List.<Special>of() : exceptions) {
        if (isReached(one) && labels.keySet().stream().allMatch(a -> one.fits(a, labels.get(a)))) {
          merge(settings, one.settings());
          seeds = one.seeds() == null ? seeds : one.seeds();
        }
      }
      Map<String, Located> layer = new LinkedHashMap<>(layers.get(i));
      for (String axis : choice.keySet()) {
        if (axes.get(axis).layer() == i) {
          merge(layer, choice.get(axis).settings());
        }
      }
      merge(settings, layer);
    }
    settings.values().removeIf(value -> value.content() == null);
    return new Point(labels, settings, seeds);
  }

  /** All that was written and can hold somewhere, layer by layer. */
  List<List<Map.Entry<String, Located>>> written() {
    List<List<Map.Entry<String, Located>>> written = new ArrayList<>();
    layers.forEach(layer -> written.add(new ArrayList<>(layer.entrySet())));
    axes.values()
        .forEach(
            axis ->
                axis.values()
                    .forEach(
                        value -> written.get(axis.layer()).addAll(value.settings().entrySet())));
    written.add(
        written.size() - 1,
        exceptions.stream()
            .filter(this::isReached)
            .flatMap(exception -> exception.settings().entrySet().stream())
            .toList());
    return written;
  }
}
