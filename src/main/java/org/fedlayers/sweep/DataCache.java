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

  /** With what is registered under the set's name: it may be replaced by another. */
  private record Kept(Object registered, SoftReference<DataSet> data) {}

  private final Path home;
  private final Map<Object, Kept> kept = new HashMap<>();
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
    return kept(data.set(), wanted, () -> subset(wanted));
  }

  /**
   * @throws UserError if the set is missing or damaged
   */
  synchronized DataSet whole(String set) {
    if (refused.containsKey(set)) {
      throw refused.get(set);
    }
    try {
      return kept(set, set, () -> DataSets.load(set, home));
    } catch (UserError refusal) {
      refused.put(set, refusal);
      throw refusal;
    }
  }

  private DataSet kept(String set, Object key, Supplier<DataSet> make) {
    Object registered = DataSets.ALL.named(set);
    Kept known = kept.get(key);
    DataSet data = known == null || known.registered != registered ? null : known.data.get();
    if (data == null) {
      data = make.get();
      kept.put(key, new Kept(registered, new SoftReference<>(data)));
    }
    return data;
  }

  /** Looks again at sets that were refused: they may have been mended. */
  public synchronized void forgetRefusals() {
    refused.clear();
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
