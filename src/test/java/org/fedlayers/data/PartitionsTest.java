package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionsTest {
  private static final int CLASSES = 10;

  @Test
  void theIidSplitOfCifar100HasFiveImagesOfEachClassForEachOf100Clients() {
    int[] labels = labels(50_000, 100);
    int[][] split = new Iid(true).split(labels, 100, 100, new Randomness(3));
    for (int[] client : Partitions.counts(split, labels, 100)) {
      assertThat(client).containsOnly(5);
    }
  }

  @Test
  void anUnbalancedIidSplitIsAsUnevenAsChance() {
    int[] labels = labels(20_000, CLASSES);
    int[][] split = new Iid(false).split(labels, CLASSES, 100, new Randomness(3));
    // Hypergeometric: 200 of 20,000 samples, a tenth of which are of the class.
    double variance = 200 * 0.1 * 0.9 * (20_000 - 200) / (20_000 - 1);
    double spread =
        Arrays.stream(Partitions.counts(split, labels, CLASSES))
            .flatMapToInt(Arrays::stream)
            .mapToDouble(n -> (n - 20.0) * (n - 20.0))
            .average()
            .orElseThrow();
    assertThat(spread).isCloseTo(variance, within(0.25 * variance));
  }

  /** 100 clients with 2 of 200 shards of 300: each shard is one class's where 300 divides 6,000. */
  @Test
  void aClientOfTwoShardsHasAtMostTwoClasses() {
    int[] labels = labels(60_000, CLASSES);
    int[][] counts =
        Partitions.counts(
            new Shards(2).split(labels, CLASSES, 100, new Randomness(3)), labels, CLASSES);
    for (int[] client : counts) {
      assertThat(client).doesNotContain(IntStream.range(1, 300).toArray());
      assertThat(Arrays.stream(client).sum()).isEqualTo(600);
    }
    assertThat(Arrays.stream(counts).flatMapToInt(Arrays::stream)).contains(300, 600);
  }

  /** E[sum of squared shares] of Dir(a) over M clients is (a + 1) / (M a + 1); over 400 seeds. */
  @ParameterizedTest
  @ValueSource(doubles = {0.3, 1, 10})
  void sizesOfAQuantityDirichletHaveTheMomentsOfTheirLaw(double concentration) {
    int[] labels = labels(20_000, CLASSES);
    double squares = 0;
    for (int seed = 0; seed < 400; seed++) {
      var partition = new QuantityDirichlet(concentration, 1);
      int[][] split = partition.split(labels, CLASSES, 8, new Randomness(seed));
      squares += Arrays.stream(split).mapToDouble(c -> Math.pow(c.length / 20_000.0, 2)).sum();
    }
    double law = (concentration + 1) / (8 * concentration + 1);
    assertThat(squares / 400).isCloseTo(law, within(0.06 * law));
  }

  /** Two clients, 3 + 1 and 1 + 3 of two classes: q = (1/2, 1/2), q_m = (3/4, 1/4). */
  @Test
  void heterogeneityOfADealThatCanBeWorkedOutByHand() {
    var skewed = Heterogeneity.of(new int[][] {{3, 1}, {1, 3}});
    double kl = 0.75 * Math.log(1.5) + 0.25 * Math.log(0.5);
    assertThat(skewed.kl()).containsExactly(new double[] {kl, kl}, within(1e-12));
    assertThat(skewed.emd()).containsExactly(0.25, 0.25);
    double effective = Math.pow(4 / 3.0, 0.75) * Math.pow(4, 0.25);
    assertThat(skewed.effectiveClasses())
        .containsExactly(new double[] {effective, effective}, within(1e-12));

    var unequal = Heterogeneity.of(new int[][] {{3, 0}, {0, 1}});
    assertThat(unequal.samples()).containsExactly(3, 1);
    assertThat(unequal.kl())
        .containsExactly(new double[] {Math.log(4 / 3.0), Math.log(4)}, within(1e-12));
    assertThat(unequal.emd()).containsExactly(0.25, 0.75);
    assertThat(unequal.effectiveClasses()).containsExactly(1, 1);
  }

  /**
   * Shares of a class over M clients are Dir(a): E[sum of squares] = (a + 1) / (M a + 1). Averaged
   * over 50 seeds x 10 classes.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.3, 1, 10, 1000})
  void classDirichletSharesHaveTheMomentsOfTheirLaw(double concentration) {
    int clients = 8;
    int[] labels = labels(20_000, CLASSES);
    double squares = 0;
    for (int seed = 0; seed < 50; seed++) {
      var partition = new ClassDirichlet(concentration, 1);
      int[][] counts =
          Partitions.counts(
              partition.split(labels, CLASSES, clients, new Randomness(seed)), labels, CLASSES);
      squares +=
          Arrays.stream(counts)
              .flatMapToInt(Arrays::stream)
              .mapToDouble(n -> n / 2000.0)
              .map(x -> x * x)
              .sum();
    }
    double expected = (concentration + 1) / (clients * concentration + 1);
    assertThat(squares / 50 / CLASSES).isCloseTo(expected, within(0.08 * expected));
  }

  /**
   * Held against the published loop written out naively. Because everything is assigned, shares are
   * more even than the priors, whose sum of squares is (d + 1) / (C d + 1) on average.
   */
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.3, 0.6, 5})
  void equalDirichletDealsAsThePublishedLoopDoes(double delta) {
    double naive = 0;
    double ours = 0;
    int clients = 20;
    int[] labels = labels(2_000, CLASSES);
    for (int seed = 0; seed < 60; seed++) {
      int[][] split =
          new EqualDirichlet(delta).split(labels, CLASSES, clients, new Randomness(seed));
      ours += concentration(Partitions.counts(split, labels, CLASSES));
      naive += concentration(naiveEqualDirichlet(delta, clients, 100, seed));
    }
    assertThat(ours / naive).isCloseTo(1, within(0.04));
    assertThat(ours / 60).isLessThan((delta + 1) / (CLASSES * delta + 1) + 0.02);
  }

  /** The published loop, drawing again and again, with gamma draws by another generator. */
  private static int[][] naiveEqualDirichlet(double delta, int clients, int size, long seed) {
    var random = new java.util.Random(seed);
    var gamma =
        new org.apache.commons.math3.distribution.GammaDistribution(
            new org.apache.commons.math3.random.JDKRandomGenerator((int) seed), delta, 1);
    double[][] priors = new double[clients][];
    for (int m = 0; m < clients; m++) {
      double[] draw = gamma.sample(CLASSES);
      double sum = Arrays.stream(draw).sum();
      priors[m] = Arrays.stream(draw).map(g -> g / sum).toArray();
    }
    int[] left = new int[CLASSES];
    Arrays.fill(left, clients * size / CLASSES);
    int[] open = new int[clients];
    Arrays.fill(open, size);
    int[][] counts = new int[clients][CLASSES];
    for (int assigned = 0; assigned < clients * size; ) {
      int client = random.nextInt(clients);
      if (open[client] == 0) {
        continue;
      }
      for (int tries = 0; ; tries++) {
        double mark = random.nextDouble();
        int c = 0;
        while (c < CLASSES - 1 && mark >= priors[client][c]) {
          mark -= priors[client][c++];
        }
        c = tries > 1_000 ? random.nextInt(CLASSES) : c;
        if (left[c] > 0) {
          left[c]--;
          counts[client][c]++;
          break;
        }
      }
      open[client]--;
      assigned++;
    }
    return counts;
  }

  /** Mean over clients of the sum of squared class shares. */
  private static double concentration(int[][] counts) {
    return Arrays.stream(counts)
        .mapToDouble(
            client -> {
              double size = Arrays.stream(client).sum();
              return Arrays.stream(client).mapToDouble(n -> n / size * (n / size)).sum();
            })
        .average()
        .orElseThrow();
  }

  /**
   * Classes that at most ten clients ask for suffice for all of them: with 100 clients asking at
   * random for ten classes that holds for about 45 clients.
   */
  @Test
  void atTinyConcentrationClientsHaveOneClassWhereItSuffices() {
    int[] labels = labels(10_000, CLASSES);
    int[][] split = new EqualDirichlet(1e-4).split(labels, CLASSES, 100, new Randomness(1));
    long ofOne =
        Arrays.stream(Partitions.counts(split, labels, CLASSES))
            .filter(client -> Arrays.stream(client).max().orElseThrow() == 100)
            .count();
    assertThat(ofOne).isBetween(25L, 65L);
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        refusal(new Iid(false), 10, 11, "iid: 11 clients", "10 training samples"),
        refusal(new EqualDirichlet(.3), 10, 11, "equal-dirichlet: 11 clients"),
        refusal(new ClassDirichlet(.3, 10), 100, 11, "11 clients with at least 10 samples each"),
        refusal(new ClassesPerClient(2), 10, 11, "classes-per-client: 11 clients"),
        refusal(new Iid(false), 10, 0, "0 clients, expected at least 1"),
        refusal(new ClassesPerClient(11), 100, 5, "11 classes per client, but there are only 10"),
        refusal(new ClassesPerClient(1), 100, 7, "leave 3 of 10 classes without a client"),
        refusal(new EqualDirichlet(0), 100, 5, "concentration is 0.0, expected a number from"),
        refusal(new QuantityDirichlet(1, 0), 100, 5, "minimum is 0, expected a whole number"),
        refusal(new Shards(-1), 100, 5, "shards is -1, expected a whole number"),
        refusal(new ClassesPerClient(5), 20, 20, "class 0 has 2 samples for its 10 clients"));
  }

  @ParameterizedTest
  @MethodSource("impossible")
  void impossibleDealsAreRefused(Partition partition, int samples, int clients, String[] expected) {
    assertThatThrownBy(
            () -> partition.split(labels(samples, CLASSES), CLASSES, clients, new Randomness(1)))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(expected);
  }

  static Stream<Arguments> misspelt() {
    return Stream.of(
        wrong("dirichlet", Map.of(), "no partition 'dirichlet'", "equal-dirichlet"),
        wrong("iid", Map.of("ballanced", true), "no option 'ballanced'", "did you mean 'balanced'"),
        wrong("iid", Map.of("balanced", "yes"), "balanced is 'yes', expected true or false"),
        wrong(
            "equal-dirichlet",
            Map.of(),
            "needs the option 'concentration', a number from 0.0001 to 1e9"),
        wrong(
            "equal-dirichlet",
            Map.of("concentration", 0),
            "concentration is 0, expected a number from 0.0001"),
        wrong("equal-dirichlet", Map.of("concentration", Double.NaN), "concentration is NaN"),
        wrong("class-dirichlet", Map.of("concentration", -1), "concentration is -1,"),
        wrong("class-dirichlet", Map.of("concentration", .3, "minimum", 0), "minimum is 0"),
        wrong("class-dirichlet", Map.of("concentration", .3, "minimum", 1.5), "a whole number"),
        wrong(
            "classes-per-client",
            Map.of("classes", 0),
            "classes is 0, expected a whole number from 1"));
  }

  @ParameterizedTest
  @MethodSource("misspelt")
  void misspeltPartitionsAreRefused(String name, Map<String, ?> options, String[] expected) {
    assertThatThrownBy(() -> Partitions.ALL.make(name, options))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(expected);
  }

  @Test
  void partitionsAreMadeByName() {
    assertThat(Partitions.ALL.make("iid", Map.of())).isEqualTo(new Iid(false));
    assertThat(Partitions.ALL.make("iid", Map.of("balanced", true))).isEqualTo(new Iid(true));
    assertThat(Partitions.ALL.make("equal-dirichlet", Map.of("concentration", 1)))
        .isEqualTo(new EqualDirichlet(1));
    assertThat(Partitions.ALL.make("class-dirichlet", Map.of("concentration", .6)))
        .isEqualTo(new ClassDirichlet(.6, 10));
    assertThat(Partitions.ALL.make("classes-per-client", Map.of("classes", 2L)))
        .isEqualTo(new ClassesPerClient(2));
    assertThat(Partitions.ALL.all())
        .filteredOn(partition -> partition.builtIn())
        .hasSize(6)
        .allSatisfy(
            kind -> {
              assertThat(kind.description()).isNotBlank();
              assertThat(kind.paper()).contains("arXiv");
            });
  }

  private static Arguments refusal(
      Partition partition, int samples, int clients, String... expected) {
    return Arguments.of(partition, samples, clients, expected);
  }

  private static Arguments wrong(String name, Map<String, ?> options, String... expected) {
    return Arguments.of(name, options, expected);
  }

  private static int[] labels(int samples, int classes) {
    return IntStream.range(0, samples).map(i -> i % classes).toArray();
  }
}
