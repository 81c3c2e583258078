package org.fedlayers.nn.cuda;

import org.fedlayers.nn.Pass;

/**
 * What a program is compiled for.
 *
 * @param samples in a batch
 * @param pass null for evaluation
 */
record ProgramPurpose(int samples, Pass pass) {
  ProgramPurpose {
    if (pass != null && pass.statistics() == Pass.Statistics.COLLECTING) {
      throw new IllegalStateException("nn/cuda has no FBN; run it with --executor plan");
    }
  }

  boolean training() {
    return pass != null;
  }

  /** Whether running statistics normalise by batch. */
  boolean given() {
    return !training() || pass.statistics() == Pass.Statistics.FROZEN;
  }

  boolean moving() {
    return training() && pass.statistics() == Pass.Statistics.MOVING;
  }

  double penalty() {
    return training() ? pass.activationPenalty() : 0;
  }
}
