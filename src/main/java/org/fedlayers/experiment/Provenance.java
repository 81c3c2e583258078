package org.fedlayers.experiment;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.federated.Methods;
import org.fedlayers.options.UserError;

/**
 * What is needed to run every cell of a results folder again, and to say whether equal bytes may be
 * expected: the file {@code provenance.json}.
 *
 * @param experiment for example {@code divergence/depth}
 * @param scale for example {@code laptop}
 * @param cells in the order of tables
 */
record Provenance(String experiment, String scale, List<Entry> cells) {

  /**
   * One cell.
   *
   * @param cell id
   * @param configuration what it was told
   * @param environment what it ran on, see {@link Environment}
   * @param data the image set, its fingerprint and note
   */
  record Entry(
      String cell,
      Arm arm,
      long seed,
      Configuration configuration,
      Map<String, Object> environment,
      Map<String, Object> data) {

    Cell asCell() {
      return new Cell(configuration, arm, seed, Map.of());
    }
  }

  static Map<String, Object> of(Experiment experiment, Map<Cell, FinishedCell> cells, int format) {
    List<Map<String, Object>> environments = new ArrayList<>();
    List<Map<String, Object>> sets = new ArrayList<>();
    List<Map<String, Object>> entries = new ArrayList<>();
    Deviation deviation = Deviation.of(experiment);
    cells.forEach(
        (cell, done) -> {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("cell", done.id());
          entry.put("arm", cell.arm().text());
          entry.put("seed", cell.seed());
          entry.put("environment", index(environments, done.environment()));
          entry.put("data", index(sets, done.data()));
          entry.put("configuration", cell.configuration().chosen());
          if (!deviation.of(cell).isEmpty()) {
            entry.put(Deviation.COLUMN, deviation.of(cell));
          }
          if (!Methods.ALL.isBuiltIn(cell.configuration().get(Keys.METHOD))) {
            entry.put("verifiable", false); // its method is not in this library
          }
          entries.add(entry);
        });
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("format", format);
    all.put("experiment", experiment.path());
    all.put("scale", experiment.scale());
    all.put("title", experiment.title());
    all.put("claims", experiment.claims());
    all.put("grid", experiment.axes());
    all.put("seeds", cells.keySet().stream().map(Cell::seed).distinct().sorted().toList());
    all.put("environments", environments);
    all.put("data", sets);
    all.put("cells", entries);
    return all;
  }

  private static int index(List<Map<String, Object>> known, Map<String, Object> facts) {
    if (!known.contains(facts)) {
      known.add(facts);
    }
    return known.indexOf(facts);
  }

  /**
   * @throws UserError if the file is no provenance of this format
   */
  static Provenance read(Path file) {
    Map<String, Object> all = Json.read(file);
    try {
      List<Entry> entries = new ArrayList<>();
      for (Map<String, Object> entry : maps(all.get("cells"))) {
        entries.add(
            new Entry(
                (String) entry.get("cell"),
                Arm.named((String) entry.get("arm")),
                ((Number) entry.get("seed")).longValue(),
                Configuration.of(readValues(entry)),
                maps(all.get("environments")).get((Integer) entry.get("environment")),
                maps(all.get("data")).get((Integer) entry.get("data"))));
      }
      return new Provenance((String) all.get("experiment"), (String) all.get("scale"), entries);
    } catch (ClassCastException
        | NullPointerException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      throw new UserError(file + ": not a provenance that this version can read", e);
    }
  }

  private static Map<String, Object> readValues(Map<String, Object> entry) {
    Map<String, Object> values = new LinkedHashMap<>();
    map(entry.get("configuration"))
        .forEach(
            (name, value) -> {
              Key<?> key = Keys.named(name);
              if (key == null) {
                throw new UserError(
                    "cell "
                        + entry.get("cell")
                        + " was told "
                        + name
                        + ", which this version does not know");
              }
              Object widened = value instanceof Integer whole ? Long.valueOf(whole) : value;
              values.put(name, key.read(widened));
            });
    return values;
  }

  @SuppressWarnings("unchecked") // a wrong type throws where it is used, and is caught there
  private static List<Map<String, Object>> maps(Object list) {
    return (List<Map<String, Object>>) list;
  }

  @SuppressWarnings("unchecked") // as above
  private static Map<String, Object> map(Object map) {
    return (Map<String, Object>) map;
  }
}
