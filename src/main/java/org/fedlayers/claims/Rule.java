package org.fedlayers.claims;

/** How a claim is decided. */
public interface Rule {

  /**
   * @throws org.fedlayers.results.NotMeasuredException if what it asks for has not been run at this
   *     scale
   */
  Judgement judge(Evidence evidence);

  /** The claim about the effect, if there is an effect. */
  default Decision decision() {
    return Decision.NONE;
  }

  /** The experiment whose runs decide, such as {@code man/zeta}; empty if no runs do. */
  default String experiment() {
    return "";
  }

  /** The decision in words. */
  String words();
}
