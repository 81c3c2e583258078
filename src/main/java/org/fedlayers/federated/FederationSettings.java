package org.fedlayers.federated;

import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;

/** The group {@code federation} of an experiment's settings: clients, and who takes part. */
public record FederationSettings(
    @Option(value = "number of clients", range = "[1, 1000000]") int clients,
    @Option(value = "training images a client, in place of data.train", range = "[1, 100000000]")
        Integer samples,
    @Option(value = "probability that a client takes part in a round", range = "[0.000001, 1]")
        double participation,
    @Option(
            value =
                "clients a round, drawn without replacement, in place of federation.participation",
            range = "[1, 1000000]")
        Integer cohort) {

  public FederationSettings {
    if (cohort != null && participation != 1) {
      throw OptionError.both("federation.cohort", "federation.participation");
    }
    if (cohort != null && cohort > clients) {
      throw new OptionError(
          "cohort", "federation.cohort is %d, more than the %d clients".formatted(cohort, clients));
    }
  }

  public FederationSettings() {
    this(10, null, 1, null);
  }

  /** Who takes part in a round. */
  public Participation whoTakesPart() {
    return cohort != null
        ? new Participation.Fixed(cohort)
        : participation == 1
            ? new Participation.Full()
            : new Participation.Bernoulli(participation);
  }

  /** Clients of a round, on average. */
  public int expectedCohort() {
    return cohort != null ? cohort : (int) Math.max(1, Math.round(clients * participation));
  }
}
