package org.fedlayers.experiment;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Randomness;
import org.fedlayers.data.UserError;

/**
 * Image sets in memory, each loaded once, and the parts of them that cells ask for. A part depends
 * on its size alone, not on a cell's seed: every seed deals the same images out anew.
 */
final class DataShelf {
  private static final Randomness RANDOMNESS = new Randomness(0);

  private record Part(String set, Integer train, Integer test, double holdOut) {}

  private final Path home;
  private final Map<String, DataSet> sets = new ConcurrentHashMap<>();
  private final Map<Part, DataSet> parts = new ConcurrentHashMap<>();

  DataShelf(Path home) {
    this.home = home;
  }

  /**
   * @throws UserError if the set is missing or damaged, or has fewer images than asked for
   */
  DataSet of(Configuration settings) {
    Integer samples = settings.get(Keys.SAMPLES);
    Integer train =
        samples == null
            ? settings.get(Keys.TRAIN)
            : Integer.valueOf(Math.multiplyExact(samples, settings.get(Keys.CLIENTS)));
    Part wanted =
        new Part(
            settings.get(Keys.DATA), train, settings.get(Keys.TEST), settings.get(Keys.HOLD_OUT));
    return parts.computeIfAbsent(wanted, this::cut);
  }

  private DataSet cut(Part part) {
    DataSet set = sets.computeIfAbsent(part.set(), name -> DataSets.load(name, home));
    if (part.holdOut() > 0) {
      set = set.holdOut(part.holdOut(), RANDOMNESS);
    }
    if (part.train() == null && part.test() == null) {
      return set;
    }
    return set.subset(
        part.train() == null ? set.train().size() : part.train(),
        part.test() == null ? set.test().size() : part.test(),
        RANDOMNESS);
  }
}
