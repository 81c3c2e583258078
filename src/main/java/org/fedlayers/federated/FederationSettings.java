package org.fedlayers.federated;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.sampling.distribution.AliasMethodDiscreteSampler;
import org.fedlayers.data.Randomness;
import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;
import org.fedlayers.options.UserError;

/**
 * The group {@code federation} of an experiment's settings: clients, who takes part in a round, and
 * for how long. Both depend on seed and round alone, so every method sees the same clients.
 */
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
    boolean fixed = cohort != null;
    OptionError.refuseBoth(
        fixed && participation != 1, "federation.cohort", "federation.participation");
    OptionError.refuseWithout(
        !fixed && sampling == Sampling.BY_SIZE, "federation.sampling", "federation.cohort");
    if (cohort != null && cohort > clients) {
      throw new OptionError(
          "cohort", "federation.cohort is %d, more than the %d clients".formatted(cohort, clients));
    }
  }

  public FederationSettings() {
    this(10, null, 1, null, Sampling.UNIFORM, 0, 0);
  }

  /** Whether every client takes all of its steps in every round. */
  boolean everyone() {
    boolean drawn = cohort == null ? participation < 1 : cohort < clients || isBySize();
    return !drawn && dropout == 0 && stragglers == 0;
  }

  /**
   * Whether the server's averages count each client as often as it was drawn, and not by its
   * samples (scheme I of Li et al. 2020, arXiv 1907.02189).
   */
  public boolean isBySize() {
    return sampling == Sampling.BY_SIZE;
  }

  /**
   * Those whose updates arrive: ids in ascending order, never none; repeated where a client was
   * drawn more than once.
   *
   * @param samples n_i, of every client
   */
  public int[] cohort(int[] samples, int round, Randomness randomness) {
    int[] drawn = drawn(samples, randomness.of("cohort", round));
    int[] left = dropout == 0 ? drawn : new int[0];
    for (int i = 0; left.length == 0; i++) {
      int attempt = i;
      left =
          IntStream.of(drawn)
              .filter(
                  client ->
                      randomness.of("dropout", round, attempt, client).nextDouble() >= dropout)
              .toArray();
    }
    return left;
  }

  private int[] drawn(int[] samples, UniformRandomProvider random) {
    if (isBySize()) {
      double[] weights = IntStream.of(samples).asDoubleStream().toArray();
      return AliasMethodDiscreteSampler.of(random, weights).samples(cohort).sorted().toArray();
    }
    if (cohort != null) {
      if (cohort > samples.length) {
        throw new UserError(
            "a cohort of %s needs more than the %s clients".formatted(cohort, samples.length));
      }
      int[] drawn = new PermutationSampler(random, samples.length, cohort).sample();
      Arrays.sort(drawn);
      return drawn;
    }
    int[] came = {};
    while (came.length == 0) { // as in the code of arXiv 2512.08314
      came =
          IntStream.range(0, samples.length)
              .filter(client -> random.nextDouble() < participation)
              .toArray();
    }
    return came;
  }

  /** How many of {@code all} local steps a client takes in a round: at least 1. */
  int steps(int client, int round, int all, Randomness randomness) {
    UniformRandomProvider random = randomness.of("straggler", round, client);
    return random.nextDouble() < stragglers ? 1 + random.nextInt(all) : all;
  }

  /**
   * Clients whose updates arrive in a round, on average; who comes is drawn again until somebody
   * does. Nearly so where participation and dropout are both random.
   */
  public double meanCohort() {
    double drawn =
        cohort != null
            ? cohort
            : clients * participation / (1 - StrictMath.pow(1 - participation, clients));
    return drawn * (1 - dropout) / (1 - StrictMath.pow(dropout, drawn));
  }

  /** The mean cohort as a whole number. */
  public int expectedCohort() {
    return (int) Math.round(meanCohort());
  }
}
