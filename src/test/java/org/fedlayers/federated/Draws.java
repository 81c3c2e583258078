package org.fedlayers.federated;

import org.fedlayers.options.Options;

/** Ways to take part in rounds, of as many clients as there are. */
final class Draws {
  private static final FederationSettings MANY =
      Options.with(new FederationSettings(), "clients", 1_000_000);

  private Draws() {}

  static FederationSettings full() {
    return MANY;
  }

  static FederationSettings bernoulli(double probability) {
    return Options.with(MANY, "participation", probability);
  }

  static FederationSettings fixed(int cohort) {
    return Options.with(MANY, "cohort", cohort);
  }

  static FederationSettings bySize(int cohort) {
    return Options.with(fixed(cohort), "sampling", "by-size");
  }

  static FederationSettings unreliable(
      FederationSettings drawn, double dropout, double stragglers) {
    return Options.with(Options.with(drawn, "dropout", dropout), "stragglers", stragglers);
  }
}
