package org.fedlayers.experiment;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Rows that a cell has produced, as lines of CSV by table: {@code rounds} and what it measures. */
final class Tables {
  private final Map<String, List<String>> rows = new TreeMap<>();

  void add(String table, String line) {
    rows.computeIfAbsent(table, none -> new ArrayList<>()).add(line);
  }

  List<String> of(String table) {
    return rows.getOrDefault(table, List.of());
  }

  @JsonValue
  Map<String, List<String>> all() {
    return rows;
  }

  @JsonCreator
  static Tables of(Map<String, List<String>> rows) {
    Tables tables = new Tables();
    rows.forEach((table, lines) -> lines.forEach(line -> tables.add(table, line)));
    return tables;
  }
}
