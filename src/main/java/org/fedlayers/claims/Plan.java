package org.fedlayers.claims;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.ExperimentReader;

/** What an experiment is to run: a claim about every cell needs every cell. */
@FunctionalInterface
interface Plan {

  /** The built-in experiments as they are written. */
  Plan BUILT_IN =
      (experiment, scale) ->
          ExperimentReader.read(Catalogue.find(experiment).get(0), scale, List.of(), List.of())
              .cells()
              .stream()
              .map(Plan::point)
              .distinct()
              .toList();

  private static Map<String, String> point(Cell cell) {
    Map<String, String> point = new LinkedHashMap<>(cell.labels());
    point.put("arm", cell.arm().text());
    return point;
  }

  /** The points of an experiment's grid at a scale: values by axis, and last the arm. */
  List<Map<String, String>> points(String experiment, String scale);
}
