package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.experiment.Keys;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;

/** What a map of {@code claims.yaml} says, and what is wrong with it. */
record Options(Map<String, Located> values, String place, Problems problems) {

  /** None of a map that is not there. */
  static Options of(Located map, Problems problems) {
    if (map == null) {
      return new Options(Map.of(), "", problems);
    }
    if (!map.isMap()) {
      problems.add(map.place(), map + " stands where keys and values are expected");
    }
    return new Options(map.isMap() ? map.map() : Map.of(), map.place(), problems);
  }

  Options knowing(Collection<String> known) {
    values.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            problems.add(value.place(), "unknown key " + key + Spelling.hint(key, known));
          }
        });
    return this;
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  /** These, and what another map says instead. */
  Options with(Options over) {
    Map<String, Located> merged = new LinkedHashMap<>(values);
    merged.putAll(over.values);
    return new Options(merged, over.place, problems);
  }

  Options map(String key) {
    return has(key) ? of(values.get(key), problems) : new Options(Map.of(), place, problems);
  }

  /** The elements of a list of maps; a map alone is a list of one. */
  List<Options> maps(String key) {
    return list(key).stream().map(one -> of(one, problems)).toList();
  }

  List<String> words(String key) {
    return list(key).stream().map(word -> String.valueOf(word.content())).toList();
  }

  private List<Located> list(String key) {
    Located value = values.get(key);
    return value == null ? List.of() : value.isList() ? value.list() : List.of(value);
  }

  boolean isNumber(String key) {
    return has(key) && values.get(key).content() instanceof Number;
  }

  String text(String key, String standard) {
    Located value = values.get(key);
    if (value == null) {
      return standard;
    }
    if (value.isMap() || value.isList()) {
      problems.add(value.place(), key + " is " + value + ", expected text");
    }
    return String.valueOf(value.content());
  }

  /** One of some words. */
  String choice(String key, String standard, Collection<String> known) {
    String word = text(key, standard);
    if (word == null) {
      problems.add(place, "there is no " + key + ", expected one of " + known);
    } else if (!word.equals(standard) && !known.contains(word)) {
      problems.add(
          values.get(key).place(), "no " + key + " '" + word + "'" + Spelling.hint(word, known));
    }
    return word;
  }

  double number(String key, double standard) {
    if (has(key) && values.get(key).content() instanceof Number number) {
      return number.doubleValue();
    }
    if (has(key)) {
      Located value = values.get(key);
      problems.add(value.place(), key + " is " + value + ", expected a number");
    }
    return standard;
  }

  /**
   * This as values of axes of a grid.
   *
   * @param others names that are no settings of an experiment
   */
  Map<String, String> axes(Collection<String> others) {
    Map<String, String> axes = new LinkedHashMap<>();
    values.forEach(
        (axis, value) -> axes.put(axis(axis, value, others), String.valueOf(value.content())));
    return axes;
  }

  /** The name of an axis as the value of a key. */
  String axis(String key) {
    return axis(text(key, ""), values.get(key), List.of());
  }

  private String axis(String axis, Located value, Collection<String> others) {
    List<String> known = new ArrayList<>(Keys.all().keySet());
    known.addAll(others);
    known.add("arm");
    if (!known.contains(axis) && !Keys.isGroup(axis)) {
      problems.add(value.place(), "no axis '" + axis + "'" + Spelling.hint(axis, known));
    }
    return axis;
  }
}
