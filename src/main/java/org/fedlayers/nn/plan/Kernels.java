package org.fedlayers.nn.plan;

import java.util.List;

/**
 * Refuses oneDNN's slow reference kernels, which it chooses silently where a layout does not suit
 * the fast ones.
 */
final class Kernels {
  /**
   * Kernels that are called simple and are good enough: reorders of weights into layouts the
   * generated kernel does not know, compiled loops that run once per step over little memory.
   */
  private static final List<String> ALLOWED = List.of("reorder simple:any");

  private Kernels() {}

  static boolean isFast(String implementation) {
    return !implementation.startsWith("ref") && !implementation.startsWith("simple");
  }

  static void check(StepKind kind, String step, String implementation) {
    if (!isFast(implementation) && !ALLOWED.contains(kind + " " + implementation)) {
      throw new IllegalStateException(
          step + " would run the reference kernel " + kind + " " + implementation);
    }
  }
}
