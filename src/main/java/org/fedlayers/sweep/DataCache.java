package org.fedlayers.sweep;

import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.DataSettings;
import org.fedlayers.data.Randomness;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.options.UserError;

/**
 * Image sets in memory, and the subsets of them that cells ask for. Each is read and hashed once,
 * as long as memory allows, and a set that is missing or damaged is refused once. A subset depends
 * on its size alone and not on a cell's seed: every seed partitions the same images anew.
 */
public final class DataCache {
  private static final Randomness RANDOMNESS = new Randomness(0);

  private record Subset(String set, Integer train, Integer test, double holdOut) {}

  private final Path home;
  private final Map<Object, SoftReference<DataSet>> kept = new HashMap<>();
  private final Map<String, UserError> refused = new HashMap<>();

  public DataCache(Path home) {
    this.home = home;
  }

  /**
   * @throws UserError if the set has fewer images than asked for, or as {@link #whole}
   */
  synchronized DataSet of(Configuration settings) {
    DataSettings data = settings.data();
    FederationSettings federation = settings.federation();
    Integer train =
        federation.samples() == null
            ? data.train()
            : Integer.valueOf(Math.multiplyExact(federation.samples(), federation.clients()));
    Subset wanted = new Subset(data.set(), train, data.test(), data.holdOut());
    return kept(wanted, () -> subset(wanted));
  }

  /**
   * @throws UserError if the set is missing or damaged
   */
  synchronized DataSet whole(String set) {
    if (refused.containsKey(set)) {
      throw refused.get(set);
    }
    try {
      return kept(set, () -> DataSets.load(set, home));
    } catch (UserError refusal) {
      refused.put(set, refusal);
      throw refusal;
    }
  }

  private DataSet kept(Object key, Supplier<DataSet> make) {
    SoftReference<DataSet> known = kept.get(key);
    DataSet data = known == null ? null : known.get();
    if (data == null) {
      data = make.get();
      kept.put(key, new SoftReference<>(data));
    }
    return data;
  }

  private DataSet subset(Subset part) {
    DataSet set = whole(part.set());
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
