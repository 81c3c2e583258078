package org.fedlayers.experiment;

import java.util.Map;
import java.util.TreeMap;
import org.fedlayers.results.Json;

/**
 * The unit of work: one resolved configuration, one arm, one seed.
 *
 * @param configuration its settings
 * @param arm which side of a comparison it is
 * @param seed decides partition, initialisation and order of its data
 * @param labels the value of each axis of the grid, as tables show it, in the order of the grid
 */
public record Cell(Configuration configuration, Arm arm, long seed, Map<String, String> labels) {

  /** Names the cell: the hash of all that decides its numbers. */
  public String id() {
    Map<String, Object> all = identity();
    all.put("seed", seed);
    return Configuration.hash(Json.line(all));
  }

  /** Names the cells that differ in their seed only. */
  public String group() {
    return Configuration.hash(Json.line(identity()));
  }

  /** The same but for its seed. */
  public Cell withSeed(long other) {
    return new Cell(configuration, arm, other, labels);
  }

  /**
   * The name of the model that an average selects; a central arm has a single model, the server's.
   */
  public String model(String average) {
    return arm == Arm.FEDERATED ? average : "server";
  }

  /** The model that is scored first. */
  public String model() {
    return model(configuration.scoring().first());
  }

  /** What decides its numbers; what else is measured on the way does not. */
  private Map<String, Object> identity() {
    Map<String, Object> all = new TreeMap<>();
    all.put("arm", arm.text());
    all.put("configuration", configuration.without("measure.what").chosen());
    return all;
  }

  /** For people: the labels, the arm and the seed. */
  @Override
  public String toString() {
    String axes = String.join(" ", labels.values());
    return (axes.isEmpty() ? "" : axes + " ") + arm.text() + " seed " + seed;
  }
}
