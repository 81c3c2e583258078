package org.fedlayers.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;

/**
 * Settings and seeds that some cells of a grid have for themselves, for example a learning rate for
 * each normaliser: {@code {cells: {model.normaliser: gn}, settings: {training: {rate: 0.1}}}}.
 *
 * @param labels by axis, what a cell's label must be; a label with options is found by its name too
 * @param settings laid over the file's and the grid's
 * @param seeds in place of the file's, or null; none leaves the cells out
 * @param place where it was written
 */
record Where(
    Map<String, List<String>> labels, Map<String, Located> settings, Located seeds, String place) {
  static final List<String> KNOWN = List.of("cells", "settings", "seeds");

  /** Reads one entry of the list; its keys are known to be among {@link #KNOWN}. */
  static Where read(Located entry, Grid grid, Settings settings, Problems problems) {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    Located cells = entry.map().get("cells");
    if (cells == null || !cells.isMap() || cells.map().isEmpty()) {
      problems.add(entry.place(), "where needs cells, for example {model.normaliser: gn}");
    } else {
      cells
          .map()
          .forEach(
              (axis, value) -> {
                if (!grid.has(axis)) {
                  problems.add(
                      value.place(),
                      "where: the grid has no axis " + axis + Spelling.hint(axis, grid.axes()));
                }
                List<Located> wanted = value.isList() ? value.list() : List.of(value);
                labels.put(axis, wanted.stream().map(Grid::label).toList());
              });
    }
    Located own = entry.map().get("settings");
    Map<String, Located> flat = own == null ? Map.of() : settings.flatten(own);
    return new Where(labels, flat, entry.map().get("seeds"), entry.place());
  }

  boolean holds(Grid.Point point) {
    return labels.entrySet().stream()
        .allMatch(
            axis ->
                axis.getValue().stream()
                    .anyMatch(wanted -> is(point.labels().get(axis.getKey()), wanted)));
  }

  private static boolean is(String label, String wanted) {
    return label != null && (label.equals(wanted) || label.startsWith(wanted + " "));
  }

  /** Every entry must find a cell, or it is a mistake. */
  static void requireUse(List<Where> all, List<Grid.Point> points, Problems problems) {
    for (Where where : all) {
      if (points.stream().noneMatch(where::holds)) {
        problems.add(where.place, "where: the grid has no cell with " + where.labels);
      }
    }
  }
}
