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
        Integer cohort,
    @Option(
            value =
                "uniform without replacement, weighed by images; or by-size, draws with"
                    + " replacement in proportion to images, of equal weight",
            paper = "Li et al. 2020, arXiv 1907.02189")
        Sampling sampling,
    @Option(
            value = "probability that a client of a round sends nothing; drawn again while all do",
            range = "[0, 0.99]",
            paper = "Li et al. 2020, arXiv 1812.06127")
        double dropout,
    @Option(
            value = "probability that a client takes from 1 to all of its steps, uniformly drawn",
            range = "[0, 1]",
            paper = "Li et al. 2020, arXiv 1812.06127")
        double stragglers) {

  /** How a cohort is drawn. */
  public enum Sampling {
    UNIFORM,
    BY_SIZE
  }

  public FederationSettings {
    if (cohort != null && participation != 1) {
      throw OptionError.both("federation.cohort", "federation.participation");
    }
    if (cohort == null && sampling == Sampling.BY_SIZE) {
      throw OptionError.without("federation.sampling", "federation.cohort");
    }
    if (cohort != null && cohort > clients) {
      throw new OptionError(
          "cohort", "federation.cohort is %d, more than the %d clients".formatted(cohort, clients));
    }
  }

  public FederationSettings() {
    this(10, null, 1, null, Sampling.UNIFORM, 0, 0);
  }

  /** Who takes part in a round. */
  public Participation whoTakesPart() {
    Participation drawn =
        sampling == Sampling.BY_SIZE
            ? new Participation.BySize(cohort)
            : cohort != null
                ? new Participation.Fixed(cohort)
                : participation == 1
                    ? new Participation.Full()
                    : new Participation.Bernoulli(participation);
    return dropout == 0 && stragglers == 0
        ? drawn
        : new Participation.Unreliable(drawn, dropout, stragglers);
  }

  /** Clients whose updates arrive in a round, on average. */
  public int expectedCohort() {
    double drawn = cohort != null ? cohort : clients * participation;
    return (int) Math.max(1, Math.round(drawn * (1 - dropout)));
  }
}
