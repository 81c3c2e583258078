package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** What every split keeps, whatever the numbers: no sample lost or doubled, sizes as promised. */
class PartitionProperties {

  @Property(tries = 1000)
  void everySampleGoesToExactlyOneClient(
      @ForAll("partitions") Partition partition,
      @ForAll @IntRange(min = 1, max = 12) int classes,
      @ForAll @IntRange(min = 1, max = 40) int clients,
      @ForAll @IntRange(max = 400) int extra,
      @ForAll long seed) {
    int[] labels = labels(2 * classes * clients, extra, classes, seed);
    Assume.that(possible(partition, classes, clients));
    int[][] split = partition.split(labels, classes, clients, new Randomness(seed));

    assertThat(split).hasNumberOfRows(clients);
    assertThat(Arrays.stream(split).flatMapToInt(Arrays::stream).sorted().toArray())
        .isEqualTo(IntStream.range(0, labels.length).toArray());
    assertThat(List.of(split)).allSatisfy(own -> assertThat(own).isNotEmpty().isSorted());
  }

  @Property(tries = 100)
  void equalSizesDifferByOneAtMost(
      @ForAll boolean dirichlet,
      @ForAll("concentrations") double concentration,
      @ForAll @IntRange(min = 1, max = 60) int clients,
      @ForAll @IntRange(min = 60, max = 500) int samples,
      @ForAll long seed) {
    Partition partition = dirichlet ? new EqualDirichlet(concentration) : new Iid(false);
    int[][] split = partition.split(labels(0, samples, 7, seed), 7, clients, new Randomness(seed));
    assertThat(Arrays.stream(split).mapToInt(own -> own.length))
        .allMatch(size -> size == samples / clients || size == (samples + clients - 1) / clients);
  }

  @Property(tries = 100)
  void aBalancedDealGivesEachClientTheSameOfEachClass(
      @ForAll @IntRange(min = 1, max = 20) int classes,
      @ForAll @IntRange(min = 1, max = 20) int clients,
      @ForAll @IntRange(min = 1, max = 5) int each,
      @ForAll @IntRange(max = 19) int spare,
      @ForAll long seed) {
    int[] labels =
        IntStream.range(0, classes * (clients * each + spare)).map(i -> i % classes).toArray();
    int[][] split = new Iid(true).split(labels, classes, clients, new Randomness(seed));
    int least = each + spare / clients;
    int most = each + (spare + clients - 1) / clients;
    assertThat(List.of(Partitions.counts(split, labels, classes)))
        .allSatisfy(ofClient -> assertThat(ofClient).matches(c -> isWithin(least, most, c)));
  }

  @Property(tries = 200)
  void eachClientHasExactlyItsNumberOfClasses(
      @ForAll @IntRange(min = 1, max = 12) int classes,
      @ForAll @IntRange(min = 1, max = 12) int each,
      @ForAll @IntRange(min = 1, max = 30) int clients,
      @ForAll long seed) {
    var partition = new ClassesPerClient(each);
    Assume.that(possible(partition, classes, clients));
    int[] labels = IntStream.range(0, classes * clients * 3).map(i -> i % classes).toArray();
    int[][] split = partition.split(labels, classes, clients, new Randomness(seed));
    int[][] counts = Partitions.counts(split, labels, classes);
    assertThat(List.of(counts))
        .allSatisfy(c -> assertThat(Arrays.stream(c).filter(n -> n > 0).count()).isEqualTo(each));
    for (int c = 0; c < classes; c++) {
      int ofClass = c;
      long holders = Arrays.stream(counts).filter(client -> client[ofClass] > 0).count();
      assertThat(holders * classes).isCloseTo((long) clients * each, within((long) classes - 1));
    }
  }

  @Property(tries = 100)
  void noClientOfAClassDirichletFallsShort(
      @ForAll("concentrations") double concentration,
      @ForAll @IntRange(min = 1, max = 30) int clients,
      @ForAll @IntRange(min = 1, max = 10) int minimum,
      @ForAll long seed) {
    int[] labels = labels(0, 300, 10, seed);
    int[][] split =
        new ClassDirichlet(concentration, minimum).split(labels, 10, clients, new Randomness(seed));
    assertThat(Arrays.stream(split).mapToInt(own -> own.length)).allMatch(size -> size >= minimum);
  }

  @Property(tries = 60)
  void aSeedRepeatsItsDealAndAnotherSeedDoesNot(
      @ForAll("partitions") Partition partition, @ForAll long seed) {
    int[] labels = labels(400, 200, 10, 1);
    int[][] split = partition.split(labels, 10, 10, new Randomness(seed));
    assertThat(partition.split(labels, 10, 10, new Randomness(seed))).isDeepEqualTo(split);
    assertThat(Arrays.deepEquals(partition.split(labels, 10, 10, new Randomness(seed + 1)), split))
        .isFalse();
  }

  /** From one class a client to all but even. */
  @Provide
  Arbitrary<Double> concentrations() {
    return Arbitraries.integers().between(-4, 9).map(exponent -> Math.pow(10, exponent));
  }

  @Provide
  Arbitrary<Partition> partitions() {
    return Arbitraries.oneOf(
        Arbitraries.of(new Iid(false), new Iid(true)),
        concentrations().map(EqualDirichlet::new),
        Combinators.combine(concentrations(), Arbitraries.integers().between(1, 2))
            .as(ClassDirichlet::new),
        Combinators.combine(concentrations(), Arbitraries.integers().between(1, 2))
            .as(QuantityDirichlet::new),
        Arbitraries.integers().between(1, 2).map(Shards::new),
        Arbitraries.integers().between(1, 10).map(ClassesPerClient::new));
  }

  private static boolean possible(Partition partition, int classes, int clients) {
    return !(partition instanceof ClassesPerClient k)
        || (k.classesEach() <= classes && clients * k.classesEach() >= classes);
  }

  /** So many labels of classes in turn, so many more of classes at random. */
  private static int[] labels(int inTurn, int more, int classes, long seed) {
    var random = new Randomness(seed).of("labels");
    return IntStream.range(0, inTurn + more)
        .map(i -> i < inTurn ? i % classes : random.nextInt(classes))
        .toArray();
  }

  private static boolean isWithin(int least, int most, int[] counts) {
    return Arrays.stream(counts).allMatch(n -> n >= least && n <= most);
  }
}
