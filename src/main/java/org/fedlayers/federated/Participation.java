package org.fedlayers.federated;

import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.fedlayers.data.Randomness;
import org.fedlayers.options.UserError;

/**
 * Who takes part in a round. The cohort depends on seed and round alone, so every method sees the
 * same clients.
 */
public sealed interface Participation {

  /** Client ids in ascending order, never none. */
  int[] cohort(int clients, int round, Randomness randomness);

  /** Every client in every round. */
  record Full() implements Participation {
    @Override
    public int[] cohort(int clients, int round, Randomness randomness) {
      return IntStream.range(0, clients).toArray();
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
    public int[] cohort(int clients, int round, Randomness randomness) {
      UniformRandomProvider random = randomness.of("cohort", round);
      int[] cohort;
      do {
        cohort =
            IntStream.range(0, clients)
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
    public int[] cohort(int clients, int round, Randomness randomness) {
      if (size > clients) {
        throw new UserError("a cohort of " + size + " needs more than the " + clients + " clients");
      }
      int[] cohort = new PermutationSampler(randomness.of("cohort", round), clients, size).sample();
      java.util.Arrays.sort(cohort);
      return cohort;
    }
  }
}
