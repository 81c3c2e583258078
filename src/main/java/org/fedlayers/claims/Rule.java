package org.fedlayers.claims;

import java.util.List;

/** How a claim is decided. */
public interface Rule {

  /**
   * @throws org.fedlayers.results.NotMeasuredException if what it asks for has not been run at this
   *     scale
   */
  Judgement judge(Evidence evidence);

  /** Whether it is decided by an experiment's runs, each scale apart. */
  default boolean needsRuns() {
    return true;
  }

  /** Effects from which to which are too small to matter, in margins. */
  default List<Integer> small() {
    return List.of(0, 1);
  }

  /** The decision in words. */
  String words();
}
