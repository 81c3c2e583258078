package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.fedlayers.claims.Verdict.INCONCLUSIVE;
import static org.fedlayers.claims.Verdict.NOT_REPRODUCED;
import static org.fedlayers.claims.Verdict.NO_VERDICT;
import static org.fedlayers.claims.Verdict.REPRODUCED;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules that several cells decide, on results made by hand. */
class CellByCellTest {
  @TempDir Path root;
  private HandMade results;

  @BeforeEach
  void empty() {
    results = new HandMade(root);
  }

  private void accuracies(String name, int steps, String split, double... bySeed) {
    results.accuracy(
        "laptop/fixbn/steps-per-round",
        "federated",
        "cohort",
        Map.of("model.normaliser", name, "training.steps", "" + steps, "partition", split),
        bySeed);
  }

  private void normaliser(String name, int steps, String split, double accuracy) {
    accuracies(name, steps, split, accuracy, accuracy + 1 + steps % 3 * 0.05, accuracy + 2);
  }

  private void sweep(double fixedInTheCorner) {
    for (String split : new String[] {"iid", "classes-per-client classes=2"}) {
      for (int steps : new int[] {1, 500}) {
        boolean skewed = !split.equals("iid");
        normaliser("bn", steps, split, skewed ? 40 : 80);
        normaliser("gn", steps, split, skewed || steps == 1 ? 60 : 75);
        normaliser("fixbn", steps, split, !skewed ? 80 : steps == 1 ? fixedInTheCorner : 60);
      }
    }
  }

  @Test
  void noWorseIsJudgedCellByCellAndAgainstBoth() throws IOException {
    sweep(65);
    for (String part : new String[] {"B4a", "B4b", "B4c", "B4d", "B4e", "B1a", "B2a", "B2f"}) {
      assertThat(results.verdict(part)).as(part).isEqualTo(REPRODUCED);
    }
    // In the corner FixBN gains 25 over BN, elsewhere 0, 0 and 20.
    assertThat(results.judged("B4e").judgement().interval().mean())
        .isCloseTo(25 - 20 / 3.0, within(1e-9));
  }

  @Test
  void whereCellsOwnDeviationsGiveAnotherVerdictItIsSaidWithEveryCell() throws IOException {
    accuracies("gn", 1, "iid", 60, 60, 60);
    accuracies("fixbn", 1, "iid", 65, 65, 65);
    accuracies("gn", 500, "iid", 60, 60, 60);
    accuracies("fixbn", 500, "iid", 61, 63, 65);
    Judgement judgement = results.judged("B4c").judgement();
    // Pooled s^2 = (0 + 8) / 4 and t(4) = 2.776; alone s = 2 and t(2) = 4.303.
    assertThat(judgement.verdict()).isEqualTo(REPRODUCED);
    assertThat(judgement.interval().low()).isCloseTo(3 - 2.776 * Math.sqrt(2 / 3.0), within(1e-3));
    assertThat(judgement.evidence())
        .endsWith(
            "; 3 seeds; inconclusive with each cell's own standard deviation: 3.00 [-1.97, 7.97]");
    assertThat(judgement.notes())
        .anyMatch(note -> note.contains("steps 1: 5.00 ["))
        .anyMatch(note -> note.contains("steps 500: 3.00 [0.73, 5.27]"));
  }

  @Test
  void anIntervalThatWouldRefuteIfItWereTheOnlyOneIsShownAsItDecides() throws IOException {
    for (int steps : new int[] {1, 500}) {
      accuracies("gn", steps, "iid", 60, 60, 60);
      accuracies("fixbn", steps, "iid", 56.3, 57, 57.7);
    }
    // s = 0.7: for two cells at once pooled t(4) = 3.495, alone t(2) = 6.205; for one 4.303.
    Judgement judgement = results.judged("B4c").judgement();
    assertThat(judgement.verdict()).isEqualTo(NOT_REPRODUCED);
    assertThat(judgement.evidence())
        .endsWith(
            "inconclusive with each cell's own standard deviation: -3.00 [-5.51, -0.49], corrected"
                + " for 2 cells");
  }

  @Test
  void oneCellWorseThanGnRefutesB4() throws IOException {
    sweep(45);
    Judgement judgement = results.judged("B4d").judgement();
    assertThat(judgement.verdict()).isEqualTo(NOT_REPRODUCED);
    assertThat(judgement.evidence())
        .isEqualTo("2 cells; weakest: 2 classes a client, steps 1; 3 seeds");
    assertThat(judgement.interval().mean()).isCloseTo(-15, within(1e-9));
  }

  @Test
  void aCellOfOneSeedHidesNoRefutation() throws IOException {
    accuracies("gn", 1, "iid", 60, 61, 62);
    accuracies("fixbn", 1, "iid", 45, 46.2, 47);
    accuracies("gn", 500, "iid", 60);
    accuracies("fixbn", 500, "iid", 40);
    Judgement judgement = results.judged("B4c").judgement();
    assertThat(judgement.verdict()).isEqualTo(NOT_REPRODUCED);
    assertThat(judgement.evidence())
        .isEqualTo("an interval in 1 of 2 cells, 1 of one seed; weakest: IID, steps 1; 3 seeds");
  }

  /** Whoever stops where he likes what he sees errs more often than in 5 % of cases. */
  @Test
  void noVerdictIsReadOffSomeOfTheSeeds() throws IOException {
    results.seeds(3);
    for (int steps : new int[] {1, 500}) {
      accuracies("gn", steps, "iid", 60, 61);
      accuracies("fixbn", steps, "iid", 45, 46.2);
    }
    Judgement some = results.judged("B4c").judgement();
    assertThat(some.verdict()).isEqualTo(NO_VERDICT);
    assertThat(some.decides()).isFalse();
    assertThat(some.evidence()).isEqualTo("2 cells; weakest: IID, steps 1; 2 seeds, 1 to come");
    assertThat(some.interval().high()).isLessThan(-1);
  }

  @Test
  void aCellWithSeedsToComeRefutesNothing() throws IOException {
    results.seeds(3);
    accuracies("gn", 1, "iid", 60, 61, 62);
    accuracies("fixbn", 1, "iid", 65, 66.2, 67);
    accuracies("gn", 500, "iid", 60, 61, 62);
    accuracies("fixbn", 500, "iid", 45, 46.2);
    Judgement judgement = results.judged("B4c").judgement();
    assertThat(judgement.verdict()).isEqualTo(INCONCLUSIVE);
    assertThat(judgement.evidence())
        .isEqualTo("holds in 1 of 2 cells, 1 with seeds to come; weakest: IID, steps 1; 3 seeds");
  }

  @Test
  void aSeedThatDivergedIsNotToCome() throws IOException {
    results.seeds(3);
    accuracies("gn", 500, "iid", 60, 61, 62);
    accuracies("fixbn", 500, "iid", 65, 66.2);
    Map<String, String> cell =
        Map.of("model.normaliser", "fixbn", "training.steps", "500", "partition", "iid");
    results.diverged("laptop/fixbn/steps-per-round", "federated", cell, 2);
    assertThat(results.judged("B4c").judgement().evidence())
        .isEqualTo("IID, steps 500; 2 seeds; 1 diverged");
  }

  private void diverged(int steps) {
    for (int seed = 0; seed < 3; seed++) {
      Map<String, String> cell =
          Map.of("model.normaliser", "fixbn", "training.steps", "" + steps, "partition", "iid");
      results.diverged("laptop/fixbn/steps-per-round", "federated", cell, seed);
    }
  }

  @Test
  void aCellThatDivergedAtEverySeedIsNotOneThatHasNotRun() throws IOException {
    accuracies("gn", 1, "iid", 60, 61, 62);
    accuracies("fixbn", 1, "iid", 65, 66.2, 67);
    accuracies("gn", 500, "iid", 60, 61, 62);
    diverged(500);
    Judgement judgement = results.judged("B4c").judgement();
    assertThat(judgement.verdict()).isEqualTo(INCONCLUSIVE);
    assertThat(judgement.evidence())
        .isEqualTo(
            "holds in 1 of 2 cells, 1 lost to runs that diverged; weakest: IID, steps 1; 3 seeds;"
                + " 3 diverged");
  }

  @Test
  void whereEveryRunDivergedThereIsNoVerdictButEvidence() throws IOException {
    for (int steps : new int[] {1, 500}) {
      accuracies("gn", steps, "iid", 60, 61, 62);
      diverged(steps);
    }
    ClaimsTable.Entry entry = results.judged("B4c");
    assertThat(entry.judgement().verdict()).isEqualTo(NO_VERDICT);
    assertThat(entry.judgement().evidence())
        .isEqualTo("a number in 0 of 2 cells, 2 lost to runs that diverged; 6 diverged");
    assertThat(entry.scale()).isEqualTo("laptop");
  }

  private static Map<String, String> method(String method, String zeta) {
    return Map.of("method", method, "training.man", zeta);
  }

  /** What is measured at the end alone has no row of a run that diverged before. */
  @Test
  void whatDivergedBeforeItWasMeasuredIsSaidSoToo() throws IOException {
    String path = "laptop/man/methods";
    results.curvature(path, "eigenvalue", 0, method("fedavg", "0"), 50, 52, 50);
    results.curvature(path, "eigenvalue", 0, method("fedavg", "0.15"), 40, 41, 40.2);
    results.curvature(path, "eigenvalue", 0, method("feddyn alpha=0.01", "0"), 50, 52, 50);
    results.diverged(path, "federated", method("feddyn alpha=0.01", "0.15"), 0);
    assertThat(results.judged("M4a").judgement().evidence())
        .isEqualTo(
            "holds in 1 of 2 cells, 1 lost to runs that diverged; weakest: FedAvg; 3 seeds; 1 diverged");
  }

  @Test
  void aSeedWithoutARatioIsLeftOutAndSaidSo() throws IOException {
    String path = "laptop/man/methods";
    results.curvature(path, "eigenvalue", 0, method("fedavg", "0"), 50, 52, 50);
    results.curvature(path, "eigenvalue", 0, method("fedavg", "0.15"), 40, 41, 40.2);
    results.curvature(path, "eigenvalue", 0, method("feddyn alpha=0.01", "0"), 50, 52, 50);
    results.curvature(path, "eigenvalue", 0, method("feddyn alpha=0.01", "0.15"), 40.5, 42, -1);
    Judgement judgement = results.judged("M4a").judgement();
    assertThat(judgement.verdict()).isEqualTo(REPRODUCED);
    assertThat(judgement.evidence())
        .isEqualTo(
            "2 cells; weakest: FedDyn alpha 0.01; 2 seeds;"
                + " 1 without a ratio, as a side is not above 0");
  }

  /** A second cell whose arms have no seed in common. */
  @Test
  void ofSomeCellsNothingIsKnownOfEvery() throws IOException {
    String path = "laptop/man/cifar-100";
    results.accuracy(path, "federated", "all", method("fedavg", "0"), 50, 51, 52);
    results.accuracy(path, "federated", "all", method("fedavg", "0.15"), 50.5, 51.6, 52.5);
    results.run(path, "federated", "all", method("feddyn alpha=0.01", "0"), 0, 50);
    results.run(path, "federated", "all", method("feddyn alpha=0.01", "0.15"), 1, 60);
    Judgement judgement = results.judged("M1b").judgement();
    assertThat(judgement.verdict()).isEqualTo(INCONCLUSIVE);
    assertThat(judgement.evidence())
        .isEqualTo("weaker than claimed in 1 of 2 cells, 1 not run; weakest: FedAvg; 3 seeds");
  }

  private void depthGap(String normaliser, double gap, int shift) {
    for (String net : new String[] {"resnet-8", "resnet-32"}) {
      for (String zeta : new String[] {"0", "0.15"}) {
        Map<String, String> cell =
            Map.of("model.name", net, "model.normaliser", normaliser, "training.man", zeta);
        boolean deep = net.equals("resnet-32");
        for (int seed = 0; seed < 3; seed++) {
          double lost = deep ? gap - (zeta.equals("0") ? 0 : 2 + 0.1 * seed) : 0;
          int at = seed + (deep ? shift : 0);
          results.run("laptop/together/depth", "federated", "cohort", cell, at, 70 - lost);
        }
      }
    }
  }

  @Test
  void cellsThatLackThePremiseAreCounted() throws IOException {
    depthGap("bn", 5, 0);
    depthGap("gn", -3, 0);
    Judgement judgement = results.judged("T1").judgement();
    assertThat(judgement.verdict()).isEqualTo(REPRODUCED);
    assertThat(judgement.evidence()).isEqualTo("1 of 2 cells lack its premise; BN; 3 seeds");
  }

  @Test
  void ofAPremiseNothingIsKnownWhereACellHasNotRun() throws IOException {
    depthGap("bn", -3, 0);
    depthGap("gn", 5, 3); // no seed is both shallow and deep
    Judgement judgement = results.judged("T1").judgement();
    assertThat(judgement.verdict()).isEqualTo(INCONCLUSIVE);
    assertThat(judgement.evidence())
        .isEqualTo(
            "its premise is not met: -3.00 [-3.00, -3.00] at most, below the margin;"
                + " a number in 1 of 2 cells, 1 not run");
  }

  /** Each loses a fifth, or a little more: ResNet-8 with every seed the same. */
  @Test
  void netsLendEachOtherNoStandardDeviation() throws IOException {
    String path = "laptop/together/scaled";
    for (String net : new String[] {"resnet-8", "resnet-20"}) {
      double spread = net.equals("resnet-8") ? 0 : 4;
      results.curvature(path, "eigenvalue", 0, scaled(net, "0"), 50, 50, 50);
      results.curvature(path, "eigenvalue", 0, scaled(net, "0.15"), 40 - spread, 40, 40 + spread);
    }
    Judgement judgement = results.judged("T5b").judgement();
    assertThat(judgement.evidence()).startsWith("2 cells; weakest: ResNet-8");
    assertThat(judgement.interval().low()).isCloseTo(0.2, within(1e-9));
  }

  private static Map<String, String> scaled(String net, String zeta) {
    return Map.of("model.name", net, "training.man", zeta);
  }
}
