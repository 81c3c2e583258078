package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.fedlayers.claims.Verdict.INCONCLUSIVE;
import static org.fedlayers.claims.Verdict.NOT_REPRODUCED;
import static org.fedlayers.claims.Verdict.NOT_RUN;
import static org.fedlayers.claims.Verdict.REPRODUCED;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.fedlayers.results.NotMeasuredException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each kind of rule on results whose verdict is known beforehand. */
class RulesTest {
  private static final String DEPTH = "laptop/divergence/depth";

  @TempDir Path root;
  private HandMade results;

  @BeforeEach
  void empty() {
    results = new HandMade(root);
  }

  private static Map<String, String> net(int depth) {
    return Map.of("model.name", "resnet-" + depth);
  }

  private void depth(String arm, int depth, double... bySeed) {
    results.accuracy(DEPTH, arm, "cohort", net(depth), bySeed);
  }

  private void fall(double points) {
    for (String arm : new String[] {"federated", "central-small", "central-large"}) {
      depth(arm, 8, 80, 81, 82);
      depth(arm, 20, 75, 75, 75);
    }
    depth("federated", 32, 80 - points, 81.3 - points, 81.7 - points);
    depth("central-small", 32, 70, 71.3, 71.7);
    depth("central-large", 32, 70, 71.3, 71.7);
  }

  @Test
  void aContrastIsThatOfTheDeepestNetWithItsOwnDeviation() throws IOException {
    fall(5);
    Judgement judgement = results.judged("D1").judgement();
    assertThat(judgement.verdict()).isEqualTo(REPRODUCED);
    assertThat(judgement.interval().mean()).isCloseTo(5, within(1e-9));
    // Differences 0, -0.3, 0.3 about the mean: s = 0.3, two degrees of freedom.
    assertThat(judgement.interval().high()).isCloseTo(5 + 4.303 * 0.3 / Math.sqrt(3), within(1e-3));
    assertThat(judgement.evidence()).isEqualTo("3 seeds");
    assertThat(judgement.notes())
        .containsExactly("the runs gained 0.0 points over their last third");
    assertThat(judgement.interval().n()).isEqualTo(3);
  }

  @Test
  void aContrastBelowTheMarginIsNotReproduced() throws IOException {
    fall(0.1);
    assertThat(results.verdict("D1")).isEqualTo(NOT_REPRODUCED);
  }

  @Test
  void aContrastAboutAsLargeAsItsSpreadIsInconclusive() throws IOException {
    depth("federated", 8, 80, 84, 82);
    depth("federated", 32, 82, 78, 81);
    depth("central-small", 8, 80, 84, 82);
    depth("central-small", 32, 82, 78, 81);
    depth("central-large", 8, 80, 84, 82);
    depth("central-large", 32, 82, 78, 81);
    assertThat(results.verdict("D1")).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void whileTheDeepestNetIsPlannedNoOtherStandsInForIt() throws IOException {
    fall(5);
    results.planned("divergence/depth", "model.name", "resnet-56");
    ClaimsTable.Entry entry = results.judged("D1");
    assertThat(entry.judgement().verdict()).isEqualTo(NOT_RUN);
    assertThat(entry.scale()).isEmpty();
  }

  private void driftCost(int depth, double cost) {
    depth("central-large", depth, 70, 71, 72);
    depth("federated", depth, 70 - cost, 71.2 - cost, 71.8 - cost);
  }

  @Test
  void theSlopeOnDepthIsForTenLayers() throws IOException {
    driftCost(8, 1);
    driftCost(20, 4);
    driftCost(32, 7);
    Judgement judgement = results.judged("D2").judgement();
    assertThat(judgement.verdict()).isEqualTo(REPRODUCED);
    assertThat(judgement.interval().mean()).isCloseTo(2.5, within(1e-9));
  }

  @Test
  void aFallingSlopeIsTheOpposite() throws IOException {
    driftCost(8, 7);
    driftCost(32, 1);
    assertThat(results.verdict("D2")).isEqualTo(Verdict.OPPOSITE);
  }

  @Test
  void oneSeedIsAFirstFigureWithoutAnInterval() throws IOException {
    depth("central-large", 8, 70);
    depth("federated", 8, 60);
    depth("central-large", 32, 70);
    depth("federated", 32, 20);
    ClaimsTable.Entry entry = results.judged("D2");
    assertThat(entry.judgement().verdict()).isEqualTo(Verdict.NO_VERDICT);
    assertThat(entry.judgement().interval().isKnown()).isFalse();
  }

  @Test
  void aRunThatDivergedIsCountedAndNotAveraged() throws IOException {
    driftCost(8, 1);
    driftCost(20, 4);
    driftCost(32, 7);
    results.diverged(DEPTH, "federated", net(32), 2);
    Judgement judgement = results.judged("D2").judgement();
    assertThat(judgement.interval().n()).isEqualTo(2);
    assertThat(judgement.evidence()).contains("1 diverged");
  }

  private void layers(int depth, int seed, double... values) {
    results.layers(DEPTH, "update", net(depth), seed, values);
  }

  @Test
  void oneCoefficientASeedTellsWhereDivergenceGrows() throws IOException {
    layers(8, 0, 0.1, 0.2, 0.3, 0.4); // not the deepest
    layers(32, 0, 0.9, 0.5, 0.3, 0.1);
    layers(32, 1, 0.9, 0.5, 0.1, 0.3);
    layers(32, 2, 0.9, 0.5, 0.3, 0.1);
    Judgement judgement = results.judged("D4").judgement();
    assertThat(judgement.interval().mean()).isCloseTo((1 + 0.8 + 1) / 3, within(1e-9));
    assertThat(judgement.interval().high()).as("no correlation is above 1").isEqualTo(1);
    assertThat(judgement.interval().low()).isLessThan(0.7);
    assertThat(judgement.verdict()).isEqualTo(REPRODUCED);
    // What was measured of a run until it diverged is no evidence, in any table.
    results.diverged(DEPTH, "federated", net(32), 1);
    assertThat(results.judged("D4").judgement().interval().n()).isEqualTo(2);
    assertThat(results.judged("D4").judgement().interval().mean()).isCloseTo(1, within(1e-9));
  }

  @Test
  void growthTowardsTheOutputIsTheOpposite() throws IOException {
    layers(8, 0, 0.4, 0.3, 0.2, 0.1);
    layers(32, 0, 0.1, 0.2, 0.3, 0.4);
    layers(32, 1, 0.1, 0.2, 0.4, 0.3);
    layers(32, 2, 0.1, 0.2, 0.3, 0.4);
    assertThat(results.verdict("D4")).isEqualTo(Verdict.OPPOSITE);
  }

  private void oneStep(int depth, double... federated) {
    String path = "laptop/divergence/one-step";
    results.accuracy(path, "central-large", "cohort", net(depth), 70, 71, 72);
    results.accuracy(path, "federated", "cohort", net(depth), federated);
  }

  @Test
  void equivalenceNeedsEveryCellWithinTheMargin() throws IOException {
    oneStep(8, 70.1, 71, 71.9);
    oneStep(20, 70.1, 71, 71.9);
    assertThat(results.verdict("D9")).isEqualTo(REPRODUCED);
    oneStep(32, 67.1, 68, 68.9);
    Judgement judgement = results.judged("D9").judgement();
    assertThat(judgement.verdict()).isEqualTo(NOT_REPRODUCED);
    assertThat(judgement.evidence()).isEqualTo("3 cells; weakest: ResNet-32; 3 seeds");
    assertThat(judgement.interval().mean()).isCloseTo(3, within(1e-9));
  }

  @Test
  void aCellThatHasNotRunKeepsEveryCellFromBeingReproduced() throws IOException {
    oneStep(8, 70.1, 71, 71.9);
    results.planned("divergence/one-step", "model.name", "resnet-20");
    Judgement judgement = results.judged("D9").judgement();
    assertThat(judgement.verdict()).isEqualTo(INCONCLUSIVE);
    assertThat(judgement.evidence())
        .startsWith("holds in 1 of 2 cells, 1 not run; weakest: ResNet-8")
        .doesNotContain("own standard deviation");
  }

  private static Map<String, String> method(String name, String zeta) {
    return Map.of("method", name, "training.man", zeta);
  }

  private static double[] rising(int rounds, double to) {
    double[] run = new double[rounds];
    for (int round = 1; round <= rounds; round++) {
      run[round - 1] = to * round / rounds;
    }
    return run;
  }

  @Test
  void roundsToTargetAreCountedToTheBaselinesOwnEnd() throws IOException {
    String path = "laptop/man/methods";
    for (int seed = 0; seed < 3; seed++) {
      // Each run's end is the mean of its rounds 31 to 40, which its straight line is at in 35.5.
      results.run(path, "federated", "all", method("fedavg", "0"), seed, rising(40, 40 + seed));
      results.run(path, "federated", "all", method("fedavg", "0.15"), seed, rising(40, 100));
    }
    Judgement judgement = results.judged("M3a").judgement();
    assertThat(judgement.verdict()).isEqualTo(REPRODUCED);
    // Rounds are in the ratio of 40, 41, 42 to 100; the mean of logarithms is that of the ratios.
    double ratio = Math.cbrt(0.40 * 0.41 * 0.42);
    assertThat(judgement.interval().mean()).isCloseTo(1 - ratio, within(1e-9));
  }

  @Test
  void aRunThatNeverReachesTheTargetIsCensoredAtItsEnd() throws IOException {
    String path = "laptop/man/methods";
    for (int seed = 0; seed < 3; seed++) {
      results.run(path, "federated", "all", method("fedavg", "0"), seed, rising(40, 40));
      results.run(path, "federated", "all", method("fedavg", "0.15"), seed, rising(40, 10));
    }
    Judgement judgement = results.judged("M3a").judgement();
    assertThat(judgement.interval().mean()).isCloseTo(1 - 40 / 35.5, within(1e-9));
    assertThat(judgement.verdict()).isEqualTo(Verdict.OPPOSITE);
  }

  @Test
  void curvatureFallsByAShareInEveryCellAndLayer() throws IOException {
    String path = "laptop/man/methods";
    for (String method : new String[] {"fedavg", "feddyn alpha=0.01"}) {
      for (String zeta : new String[] {"0", "0.15"}) {
        double scale = zeta.equals("0") ? 1 : 0.8;
        Map<String, String> cell = method(method, zeta);
        results.curvature(path, "eigenvalue", 0, cell, 50 * scale, 52 * scale, 50 * scale);
        results.curvature(path, "trace", 0, cell, 900 * scale, 901, 900 * scale);
        results.curvature(path, "layer", 0, cell, 5, 6, 5); // conv1 is no part of it
        results.curvature(path, "layer", 2, cell, 5 * scale, 6 * scale, 5 * scale);
        results.curvature(path, "layer", 1, cell, 5 * scale, 6 * scale, 5.1 * scale);
      }
    }
    assertThat(results.verdict("M5a")).isEqualTo(REPRODUCED);
    assertThat(results.judged("M5a").judgement().interval().mean()).isCloseTo(0.2, within(1e-9));
    assertThat(results.verdict("M4a")).isEqualTo(REPRODUCED);
    // The trace of one seed does not fall: the interval reaches below nothing.
    assertThat(results.verdict("M4b")).isEqualTo(INCONCLUSIVE);
  }

  @Test
  void partsAreRows() throws IOException {
    String path = "laptop/man/methods";
    results.curvature(path, "eigenvalue", 0, method("fedavg", "0"), 50, 52, 51);
    results.curvature(path, "eigenvalue", 0, method("fedavg", "0.15"), 40, 41, 42);
    assertThat(results.verdict("M4a")).isEqualTo(REPRODUCED);
    assertThat(results.verdict("M4b")).isEqualTo(NOT_RUN);
  }

  @Test
  void aRankingDescribesAndNeverDecides() throws IOException {
    String path = "laptop/man/methods";
    results.accuracy(path, "federated", "all", method("fedavg", "0"), 60, 61, 62);
    results.accuracy(path, "federated", "all", method("fedavg", "0.15"), 70, 71, 72);
    Judgement judgement = results.judged("M7").judgement();
    assertThat(judgement.verdict()).isEqualTo(Verdict.NO_VERDICT);
    assertThat(judgement.evidence()).contains("first are FedAvg, MAN 0.15 71.0");
  }

  /** At laptop scale the grid of man/controls has no other cells. */
  @Test
  void controlsNeedOnlyTheCellsThatTheyCompare() throws IOException {
    control("0.15", "0.001", 50, 51, 52);
    control("0", "0.002", 47, 48, 49);
    control("0", "0.004", 44, 45.5, 46);
    Judgement decay = results.judged("M1c").judgement();
    assertThat(decay.verdict()).isEqualTo(REPRODUCED);
    assertThat(decay.interval().mean()).isCloseTo((6 + 5.5 + 6) / 3, within(1e-9));
  }

  private void control(String man, String decay, double... bySeed) {
    Map<String, String> cell = Map.of("training.man", man, "training.weight-decay", decay);
    results.accuracy("laptop/man/controls", "federated", "all", cell, bySeed);
  }

  /** At laptop scale man/cifar-100 has FedSAM without MAN alone. */
  @Test
  void fedSamIsNoPairOfTheGainByMan() throws IOException {
    String path = "laptop/man/cifar-100";
    results.accuracy(path, "federated", "all", method("fedavg", "0"), 40, 41, 42);
    results.accuracy(path, "federated", "all", method("fedavg", "0.15"), 50, 51, 52);
    results.accuracy(path, "federated", "all", method("fedsam rho=0.05", "0"), 42, 43, 44.3);
    Judgement sam = results.judged("M6").judgement();
    assertThat(sam.verdict()).isEqualTo(REPRODUCED);
    assertThat(sam.interval().mean()).isCloseTo((8 + 8 + 7.7) / 3, within(1e-9));
    Judgement gain = results.judged("M1b").judgement();
    assertThat(gain.verdict()).isEqualTo(REPRODUCED);
    assertThat(gain.interval().mean()).isCloseTo(10, within(1e-9));
  }

  @Test
  void bestRatesAreChosenForEachNetAndArm() throws IOException {
    String path = "laptop/divergence/rates";
    double[][] federated = {{50, 60}, {55, 30}};
    for (int depth : new int[] {8, 32}) {
      for (int i = 0; i < 2; i++) {
        Map<String, String> cell =
            Map.of("model.name", "resnet-" + depth, "training.rate", i == 0 ? "0.01" : "0.1");
        double own = federated[depth / 32][i];
        results.accuracy(path, "federated", "cohort", cell, own, own + 1);
        results.accuracy(path, "central-small", "cohort", cell, 65 - i, 66 - i);
      }
    }
    // 65 - 60 at depth 8, 65 - 55 at 32: 5 points over 24 layers.
    Judgement judgement = results.judged("D10b").judgement();
    assertThat(judgement.interval().mean()).isCloseTo(50 / 24.0, within(1e-9));
    assertThat(results.verdict("D10a")).isEqualTo(NOT_RUN);
  }

  @Test
  void runsThatDeviateFromTheRegisteredExperimentAreNoEvidence() throws IOException {
    driftCost(8, 1);
    driftCost(20, 4);
    Evidence evidence = results.evidence("laptop");
    Path rounds = root.resolve(DEPTH).resolve("rounds.csv");
    Files.writeString(rounds, Files.readString(rounds).replaceAll("(?m)^[0-9]", "x"));
    Rule rule = results.claim("D2").rule();
    assertThatThrownBy(() -> rule.judge(evidence))
        .isInstanceOf(NotMeasuredException.class)
        .hasMessage(
            "divergence/depth at laptop scale deviates from the registered experiment: no evidence");
  }

  private void together(double gap, double... narrowed) {
    String path = "laptop/together/depth";
    for (String net : new String[] {"resnet-8", "resnet-32"}) {
      for (String zeta : new String[] {"0", "0.15"}) {
        Map<String, String> cell =
            Map.of("model.name", net, "model.normaliser", "bn", "training.man", zeta);
        double[] bySeed = new double[narrowed.length];
        for (int seed = 0; seed < narrowed.length; seed++) {
          double own = zeta.equals("0") ? gap : gap - narrowed[seed];
          bySeed[seed] = net.equals("resnet-8") ? 70 + seed : 70 + seed - own;
        }
        results.accuracy(path, "federated", "cohort", cell, bySeed);
      }
    }
  }

  @Test
  void aGapThatIsToBeClosedHasToBeThere() throws IOException {
    together(-3, 2, 2, 2.1);
    Judgement none = results.judged("T1").judgement();
    assertThat(none.verdict()).isEqualTo(Verdict.NOTHING_TO_TEST);
    assertThat(none.evidence())
        .isEqualTo("its premise is not met: -3.00 [-3.00, -3.00] at most, below the margin");
    results = new HandMade(root);
    together(-3, 2);
    Judgement single = results.judged("T1").judgement();
    assertThat(single.verdict()).as("one seed refutes no premise").isEqualTo(Verdict.NO_VERDICT);
    assertThat(single.interval().n()).isEqualTo(1);
    results = new HandMade(root).seeds(3);
    together(-3, 2, 2);
    Judgement some = results.judged("T1").judgement();
    assertThat(some.verdict()).as("nor do some of the seeds").isEqualTo(Verdict.NO_VERDICT);
    assertThat(some.evidence()).endsWith("below the margin; 2 seeds, 1 to come");
    results = new HandMade(root);
    together(5, 2, 2, 2.1);
    assertThat(results.verdict("T1")).isEqualTo(REPRODUCED);
  }

  @Test
  void whatRunsStillGainedIsThatOfTheCellsThatCount() throws IOException {
    double[] falling = {70, 70, 70, 70, 70, 70, 66, 64, 62, 60};
    double[] rising = {60, 60, 60, 60, 60, 60, 64, 66, 68, 70};
    for (String zeta : new String[] {"0", "0.15"}) {
      for (String net : new String[] {"resnet-8", "resnet-32"}) {
        for (int seed = 0; seed < 3; seed++) {
          for (String normaliser : new String[] {"bn", "fixbn"}) {
            boolean gap = normaliser.equals("fixbn") && net.equals("resnet-32");
            results.run(
                "laptop/together/depth",
                "federated",
                "cohort",
                Map.of("model.name", net, "model.normaliser", normaliser, "training.man", zeta),
                seed,
                gap
                    ? DoubleStream.of(rising).map(a -> a - 20).toArray()
                    : normaliser.equals("bn") ? falling : rising);
          }
        }
      }
    }
    assertThat(results.judged("T1").judgement().words())
        .contains("1 of 2 cells lack its premise", "the runs gained 10.0 points");
  }

  @Test
  void anEffectThatHadTheOtherSignOnTheWayIsSaidSo() throws IOException {
    for (int seed = 0; seed < 3; seed++) {
      results.run(DEPTH, "federated", "cohort", net(8), seed, 20, 40, 50 + seed);
      results.run(DEPTH, "federated", "cohort", net(32), seed, 10, 45, 60);
    }
    Judgement judgement = results.judged("D1").judgement();
    assertThat(judgement.verdict()).isEqualTo(Verdict.OPPOSITE);
    // Ends are 51 and 60 on average; the last third begins after round 2, where they were 40, 45.
    assertThat(judgement.evidence())
        .as("they gained more than they differ by")
        .isEqualTo("3 seeds; the runs gained 11.0 to 15.0 points over their last third");
    assertThat(judgement.notes()).containsExactly("the effect was +10.0 after round 1");
  }
}
