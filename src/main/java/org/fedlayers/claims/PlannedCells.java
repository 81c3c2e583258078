package org.fedlayers.claims;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongFunction;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.results.Samples;

/** The cells that an experiment is to run: a claim about every cell needs every cell. */
@FunctionalInterface
interface PlannedCells {

  /**
   * A cell but for its seed.
   *
   * @param point values by axis, and last the arm
   * @param id of the cell of a seed; rows of another deviate from what was registered
   * @param seeds that it is to run with
   */
  record Planned(Map<String, String> point, LongFunction<String> id, Set<Long> seeds) {

    /** Whether the cell has the wanted values, as far as it has their axes. */
    boolean fits(Map<String, String> wanted) {
      Map<String, String> own = new LinkedHashMap<>(wanted);
      own.keySet().retainAll(point.keySet());
      return Samples.isAt(point, own);
    }
  }

  /** The cells of an experiment at a scale, in the order of its grid. */
  List<Planned> cells(String experiment, String scale);

  /** The built-in experiments as they are written. */
  PlannedCells BUILT_IN =
      (experiment, scale) -> {
        Map<String, Planned> groups = new LinkedHashMap<>();
        for (Cell cell : ExperimentReader.builtIn(experiment, scale).cells()) {
          Map<String, String> point = new LinkedHashMap<>(cell.labels());
          point.put("arm", cell.arm().text());
          groups
              .computeIfAbsent(
                  cell.group(),
                  none -> new Planned(point, seed -> cell.withSeed(seed).id(), new HashSet<>()))
              .seeds
              .add(cell.seed());
        }
        return List.copyOf(groups.values());
      };
}
