package org.fedlayers.experiment;

import java.util.LinkedHashMap;
import java.util.Map;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;

/**
 * Nested settings as a flat map from dotted keys, checked against {@link Keys}. A word in place of
 * a group that names something stands for the name: {@code partition: iid}.
 */
final class Settings {
  private final Problems problems;

  Settings(Problems problems) {
    this.problems = problems;
  }

  /** Flattens a map of settings; what is unknown becomes a problem and is left out. */
  Map<String, Located> flatten(Located settings) {
    Map<String, Located> flat = new LinkedHashMap<>();
    if (settings.isMap()) {
      settings.map().forEach((key, value) -> flatten(key, value, flat));
    } else if (settings.content() != null) {
      problems.add(settings.place(), settings + " stands where keys and values are expected");
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
      problems.add(value.place(), key + " is " + value + ", expected keys and values");
    } else {
      problems.add(value.place(), "unknown key " + key + Spelling.hint(key, Keys.all().keySet()));
    }
  }

  /**
   * What {@code over} says wins, null included. Where both name the same group, options that were
   * written with the name below go with it.
   */
  static Map<String, Located> merge(Map<String, Located> below, Map<String, Located> over) {
    Map<String, Located> merged = new LinkedHashMap<>(below);
    for (Keys.Naming naming : Keys.NAMINGS.values()) {
      String name = naming.name().name();
      if (over.containsKey(name) && below.containsKey(name)) {
        merged.keySet().removeIf(key -> Keys.replaces(name, key));
      }
    }
    merged.putAll(over);
    return merged;
  }

  /** Without the keys that null unsets. */
  static Map<String, Located> withoutNulls(Map<String, Located> settings) {
    Map<String, Located> set = new LinkedHashMap<>(settings);
    set.values().removeIf(value -> value.content() == null);
    return set;
  }
}
