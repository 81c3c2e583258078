package org.fedlayers.experiment;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

  Map<String, List<String>> all() {
    return rows;
  }

  static Tables of(Map<String, List<String>> rows) {
    Tables tables = new Tables();
    rows.forEach((table, lines) -> lines.forEach(line -> tables.add(table, line)));
    return tables;
  }

  void write(DataOutputStream out) throws IOException {
    out.writeInt(rows.size());
    for (Map.Entry<String, List<String>> table : rows.entrySet()) {
      out.writeUTF(table.getKey());
      byte[] lines = String.join("\n", table.getValue()).getBytes(StandardCharsets.UTF_8);
      out.writeInt(lines.length);
      out.write(lines);
    }
  }

  static Tables read(DataInputStream in) throws IOException {
    Tables tables = new Tables();
    for (int left = in.readInt(); left > 0; left--) {
      String table = in.readUTF();
      String lines = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
      lines.lines().forEach(line -> tables.add(table, line));
    }
    return tables;
  }
}
