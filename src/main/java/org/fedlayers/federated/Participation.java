package org.fedlayers.federated;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.sampling.distribution.AliasMethodDiscreteSampler;
import org.fedlayers.data.Randomness;
import org.fedlayers.options.UserError;

/**
 * Who takes part in a round, and for how long. Both depend on seed and round alone, so every method
 * sees the same clients.
 */
public sealed interface Participation {

  /**
   * Client ids in ascending order, never none; repeated where a client was drawn more than once.
   *
   * @param samples n_i, of every client
   */
  int[] cohort(int[] samples, int round, Randomness randomness);

  /**
   * Whether the server's averages count each client as often as it was drawn, and not by its
   * samples.
   */
  default boolean isBySize() {
    return false;
  }

  /** Of so many local steps, those that a client takes in a round: at least 1. */
  default int steps(int client, int round, int all, Randomness randomness) {
    return all;
  }

  /** Every client in every round. */
  record Full() implements Participation {
    @Override
    public int[] cohort(int[] samples, int round, Randomness randomness) {
      return IntStream.range(0, samples.length).toArray();
    }
  }

  /**
   * Each client by itself with the given probability, drawn again while nobody came (as in the code
   * of arXiv 2512.08314).
   */
  record Bernoulli(double probability) implements Participation {
    public Bernoulli {
      if (!(probability > 0 && probability <= 1)) {
        throw new UserError("a participation of " + probability + " is not within (0, 1]");
      }
    }

    @Override
    public int[] cohort(int[] samples, int round, Randomness randomness) {
      UniformRandomProvider random = randomness.of("cohort", round);
      int[] cohort;
      do {
        cohort =
            IntStream.range(0, samples.length)
                .filter(client -> random.nextDouble() < probability)
                .toArray();
      } while (cohort.length == 0);
      return cohort;
    }
  }

  /** As many clients as given, drawn without replacement. */
  record Fixed(int size) implements Participation {
    public Fixed {
      if (size < 1) {
        throw new UserError("a cohort of " + size + " clients is empty");
      }
    }

    @Override
    public int[] cohort(int[] samples, int round, Randomness randomness) {
      int clients = samples.length;
      if (size > clients) {
        throw new UserError("a cohort of " + size + " needs more than the " + clients + " clients");
      }
      int[] cohort = new PermutationSampler(randomness.of("cohort", round), clients, size).sample();
      Arrays.sort(cohort);
      return cohort;
    }
  }

  /**
   * So many draws with replacement, each client with a probability in proportion to its samples;
   * the server then averages over draws (scheme I of Li et al. 2020, arXiv 1907.02189).
   */
  record BySize(int size) implements Participation {
    public BySize {
      new Fixed(size);
    }

    @Override
    public boolean isBySize() {
      return true;
    }

    @Override
    public int[] cohort(int[] samples, int round, Randomness randomness) {
      UniformRandomProvider random = randomness.of("cohort", round);
      double[] weights = IntStream.of(samples).asDoubleStream().toArray();
      return AliasMethodDiscreteSampler.of(random, weights).samples(size).sorted().toArray();
    }
  }

  /**
   * Systems heterogeneity, as of Li et al. 2020, arXiv 1812.06127: of the clients that are drawn
   * some send nothing, and some do a part of their steps alone.
   *
   * @param drawn who would take part
   * @param dropout probability that a client sends nothing, in [0, 1); drawn again while all did
   * @param stragglers probability that a client takes a number of steps that is uniform from 1 to
   *     all
   */
  record Unreliable(Participation drawn, double dropout, double stragglers)
      implements Participation {
    public Unreliable {
      new Bernoulli(1 - dropout);
    }

    @Override
    public boolean isBySize() {
      return drawn.isBySize();
    }

    @Override
    public int[] cohort(int[] samples, int round, Randomness randomness) {
      int[] cohort = drawn.cohort(samples, round, randomness);
      int[] left = {};
      for (int i = 0; left.length == 0; i++) {
        int attempt = i;
        left =
            IntStream.of(cohort)
                .filter(
                    client ->
                        randomness.of("dropout", round, attempt, client).nextDouble() >= dropout)
                .toArray();
      }
      return left;
    }

    @Override
    public int steps(int client, int round, int all, Randomness randomness) {
      UniformRandomProvider random = randomness.of("straggler", round, client);
      return random.nextDouble() < stragglers ? 1 + random.nextInt(all) : all;
    }
  }
}
