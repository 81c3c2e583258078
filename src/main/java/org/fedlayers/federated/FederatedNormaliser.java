package org.fedlayers.federated;

import org.fedlayers.nn.Normaliser;

/**
 * A normaliser of one's own, composed of what is there: layers that the executors compute, and a
 * policy for their statistics. A record, whose components are its options:
 *
 * <pre>{@code
 * record Late(double fraction) implements FederatedNormaliser {
 *   public Normaliser layers() {
 *     return Normaliser.BATCH;
 *   }
 *   public StatisticsPolicy statistics(int rounds) {
 *     return StatisticsPolicy.frozenFrom((int) (fraction * rounds));
 *   }
 * }
 * Normalisers.register("late", "our own", Late.class); // model.normaliser: [bn, late-0.8]
 * }</pre>
 */
public interface FederatedNormaliser extends Normaliser.Own {
  /**
   * What happens to its statistics; {@code statistics.averaging} overrides a part of it.
   *
   * @param rounds of the whole run
   */
  StatisticsPolicy statistics(int rounds);
}
