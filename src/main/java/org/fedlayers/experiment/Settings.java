package org.fedlayers.experiment;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;

/**
 * Nested settings as a flat map from dotted keys, checked against {@link Keys}. A word in place of
 * a group that has a name stands for the name: {@code partition: iid}.
 */
final class Settings {
  /** Groups whose other keys are options of what is named; another name drops them. */
  private static final Set<String> TAGGED = Set.of("partition", "method");

  private static final Map<String, String> NAMED =
      Map.of(
          "partition", "partition.name",
          "method", "method.name",
          "model", "model.name",
          "data", "data.set",
          "measure", "measure.what");

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

  /** Flattens one setting. */
  Map<String, Located> flatten(String key, Located value) {
    Map<String, Located> flat = new LinkedHashMap<>();
    flatten(key, value, flat);
    return flat;
  }

  private void flatten(String key, Located value, Map<String, Located> flat) {
    boolean group = Keys.isGroup(key);
    if (value.isMap() && group) {
      value.map().forEach((inner, content) -> flatten(key + "." + inner, content, flat));
    } else if (Keys.named(key) != null && !value.isMap()) {
      flat.put(key, value);
    } else if (NAMED.containsKey(key) && !value.isList()) {
      flat.put(NAMED.get(key), value);
    } else if (group) {
      problems.add(value.place(), key + " is " + value + ", expected keys and values");
    } else {
      problems.add(value.place(), "unknown key " + key + Spelling.hint(key, Keys.all().keySet()));
    }
  }

  /** What {@code over} says wins; a new name of a tagged group drops the options of the old one. */
  static Map<String, Located> merge(Map<String, Located> base, Map<String, Located> over) {
    Map<String, Located> merged = new LinkedHashMap<>(base);
    for (String group : TAGGED) {
      if (over.containsKey(group + ".name")) {
        merged.keySet().removeIf(key -> key.startsWith(group + "."));
      }
    }
    merged.putAll(over);
    merged.values().removeIf(value -> value.content() == null);
    return merged;
  }

  /** Reads every value by its key; what cannot be read becomes a problem and is left out. */
  Map<String, Object> read(Map<String, Located> flat) {
    Map<String, Object> values = new HashMap<>();
    flat.forEach(
        (key, value) -> {
          Object read = problems.attempt(value.place(), () -> Keys.named(key).read(value.plain()));
          if (read != null) {
            values.put(key, read);
          }
        });
    return values;
  }
}
