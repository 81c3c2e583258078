package org.fedlayers.experiment;

import java.util.Map;
import java.util.TreeMap;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Partitions;
import org.fedlayers.results.Schema;

/** The table {@code partition}: how many images of each class each client has; zeros left out. */
final class PartitionTable {
  static final String NAME = Schema.PARTITION.name();

  private PartitionTable() {}

  static void add(Tables tables, Cell cell, int[][] deal, DataSet data) {
    int[][] counts = Partitions.counts(deal, data.train().labels(), data.classes());
    for (int client = 0; client < counts.length; client++) {
      for (int c = 0; c < counts[client].length; c++) {
        if (counts[client][c] > 0) {
          tables.add(
              NAME, Schema.PARTITION.line(cell.id(), cell.seed(), client, c, counts[client][c]));
        }
      }
    }
  }

  /** Equal for cells that deal the same images alike: the table shows each deal once. */
  static String deal(Cell cell) {
    Map<String, Object> settings = new TreeMap<>();
    cell.configuration()
        .chosen()
        .forEach(
            (key, value) -> {
              if (key.matches("data\\..*|partition\\..*|federation\\.(clients|samples)")) {
                settings.put(key, value);
              }
            });
    settings.put("seed", cell.seed());
    return Json.line(settings);
  }
}
