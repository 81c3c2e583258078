package org.fedlayers.claims;

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

  /** The decision in words. */
  String words();
}
