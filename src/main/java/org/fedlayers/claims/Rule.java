package org.fedlayers.claims;

/** How a claim is decided, written before the runs. */
public interface Rule {

  /**
   * @throws MissingEvidenceException if what it asks for has not been run at this scale
   */
  Judgement judge(Evidence evidence);

  /** The decision in words. */
  String words();
}
