package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.Problem;
import org.fedlayers.federated.Score;
import org.fedlayers.federated.Setting;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Pass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the three arms promise each other: equal images, passes and rates, and whose steps. */
class ArmsTest {
  private final DataCache cache = new DataCache(Path.of("unused"));

  private CellBuilder.Built build(Arm arm, Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>();
    values.put("model.name", "logistic");
    values.put("data.train", 400);
    values.put("data.test", 100);
    values.put("federation.clients", 4);
    values.put("training.batch", 20);
    values.put("training.rate", 0.2);
    values.put("training.decay", 0.5);
    values.put("training.momentum", 0.9);
    values.put("rounds", 3);
    values.putAll(more);
    Cell cell = new Cell(Configuration.of(values), arm, 5, Map.of());
    return new CellBuilder(cache, Executor.GRAPH).build(cell);
  }

  /** Rates are chosen on images that are held out; else they would be on the test set. */
  @Test
  void imagesAreHeldOutAndClientsGetSoMany() {
    Map<String, Object> heldOut = Map.of("training.epochs", 1, "data.hold-out", 0.25);
    assertThat(build(Arm.FEDERATED, heldOut).data().note())
        .contains("held out in place of the test set");
    Map<String, Object> few = Map.of("training.epochs", 1, "federation.samples", 50);
    assertThat(build(Arm.FEDERATED, few).data().train().size()).isEqualTo(200);
  }

  private static int steps(CellBuilder.Built built) {
    return built.setting().training().stepsIn(built.problem().batchesPerEpoch(0));
  }

  @Test
  void epochsWithEveryoneGiveEqualPasses() {
    Map<String, Object> epochs = Map.of("training.epochs", 2);
    CellBuilder.Built federated = build(Arm.FEDERATED, epochs);
    CellBuilder.Built small = build(Arm.CENTRAL_SMALL, epochs);
    CellBuilder.Built large = build(Arm.CENTRAL_LARGE, epochs);
    assertThat(federated.problem().clients()).isEqualTo(4);
    assertThat(small.problem().clients()).isEqualTo(1);
    assertThat(small.problem().samples(0)).isEqualTo(400);
    assertThat(steps(federated)).isEqualTo(10);
    assertThat(steps(small)).isEqualTo(40);
    assertThat(steps(large)).isEqualTo(10);
    assertThat(small.weights()).isEqualTo(federated.weights());
    for (int round = 0; round < 3; round++) {
      assertThat(large.setting().training().rate(round, 0, 3))
          .isEqualTo(federated.setting().training().rate(round, 0, 3));
    }
    assertThat(small.setting().training().buffers()).isEqualTo(TrainingSettings.Momentum.LOCAL);
    assertThat(large.setting().randomness()).isEqualTo(federated.setting().randomness());
  }

  @Test
  void stepsARoundAreMultipliedForSmallBatchesOnly() {
    Map<String, Object> steps = Map.of("training.steps", 7);
    assertThat(steps(build(Arm.FEDERATED, steps))).isEqualTo(7);
    assertThat(steps(build(Arm.CENTRAL_SMALL, steps))).isEqualTo(28);
    assertThat(steps(build(Arm.CENTRAL_LARGE, steps))).isEqualTo(7);
  }

  @Test
  void aPartOfTheClientsCountsAsTheExpectedCohort() {
    // 2 of 4 clients, and 1 / (1 - 0.5^4) times that as a round with none is drawn again.
    Map<String, Object> half = Map.of("training.epochs", 2, "federation.participation", 0.5);
    assertThat(steps(build(Arm.CENTRAL_SMALL, half))).isEqualTo(21);
    assertThat(steps(build(Arm.CENTRAL_LARGE, half))).isEqualTo(11);
    Map<String, Object> cohort = Map.of("training.epochs", 2, "federation.cohort", 3);
    assertThat(steps(build(Arm.CENTRAL_SMALL, cohort))).isEqualTo(30);
    Map<String, Object> dropout = Map.of("training.epochs", 2, "federation.dropout", 0.5);
    assertThat(steps(build(Arm.CENTRAL_SMALL, dropout))).as("half of them drop out").isEqualTo(21);
  }

  /** Batches that no client fills, and last ones that none does. */
  @ParameterizedTest
  @CsvSource({
    "epochs, 2, 50, 10, 5",
    "epochs, 2, 15, 10, 5",
    "steps, 3, 50, 10, 10",
    "steps, 3, 50, 10, 5",
    "epochs, 1, 30, 8, 8",
    "steps, 4, 30, 8, 4"
  })
  void everyArmSeesAsManyImages(String unit, int count, int batch, int clients, int cohort) {
    Map<String, Object> values = new HashMap<>();
    values.put("training." + unit, count);
    values.put("training.batch", batch);
    values.put("federation.clients", clients);
    values.put("federation.cohort", cohort);
    Map<Arm, Long> samples = new EnumMap<>(Arm.class);
    for (Arm arm : Arm.values()) {
      CellBuilder.Built built = build(arm, values);
      try (Engine engine = new ThreadEngine(1)) {
        Federation federation = built.federation(engine, ClientMemory.onHeap(), false);
        federation.round();
        samples.put(arm, federation.server().samples());
      }
    }
    long federated = samples.get(Arm.FEDERATED);
    // To half a batch, of which there are as large ones as a cohort.
    assertThat(samples.get(Arm.CENTRAL_SMALL)).isCloseTo(federated, within(batch / 2L));
    assertThat(samples.get(Arm.CENTRAL_LARGE)).isCloseTo(federated, within(cohort * batch / 2L));
  }

  /** A cohort that is seldom near a whole number of clients. */
  @ParameterizedTest
  @CsvSource({"2, , 0.74, 0", "4, 3, 1, 0.5", "10, , 0.95, 0", "20, , 0.3, 0.3"})
  void armsSeeAsManyImagesOfARandomCohort(
      int clients, Integer cohort, double participation, double dropout) {
    FederationSettings federation =
        new FederationSettings(
            clients, null, participation, cohort, FederationSettings.Sampling.UNIFORM, dropout, 0);
    int[] samples = new int[clients];
    Arrays.fill(samples, 1);
    double came =
        IntStream.range(0, 20_000)
            .mapToDouble(round -> federation.cohort(samples, round, new Randomness(3)).length)
            .average()
            .orElseThrow();
    assertThat(federation.meanCohort()).isCloseTo(came, withinPercentage(1));
    Map<String, Object> values = new HashMap<>();
    values.put("training.epochs", 5);
    values.put("federation.clients", clients);
    if (cohort != null) {
      values.put("federation.cohort", cohort);
    }
    values.put("federation.participation", participation);
    values.put("federation.dropout", dropout);
    assertThat((double) steps(build(Arm.CENTRAL_SMALL, values)))
        .isCloseTo(5 * came * 400 / clients / 20, withinPercentage(2));
  }

  @Test
  void fixBnSwitchesAtAShareOfTheRoundsOrAtARound() {
    Map<String, Object> fixbn = new HashMap<>();
    fixbn.put("model.name", "resnet-8");
    fixbn.put("model.normaliser", "fixbn");
    fixbn.put("training.epochs", 1);
    fixbn.put("rounds", 10);
    assertThat(freezeFrom(fixbn)).as("by default").isEqualTo(5);
    fixbn.put("statistics.switch", 0.25);
    assertThat(freezeFrom(fixbn)).isEqualTo(3);
    fixbn.remove("statistics.switch");
    fixbn.put("statistics.switch-round", 7);
    assertThat(freezeFrom(fixbn)).isEqualTo(7);
    fixbn.put("model.normaliser", "bn");
    assertThat(freezeFrom(fixbn)).isEqualTo(Integer.MAX_VALUE);
  }

  /** By hand: with 20 rounds, rounds 0 to 5, 6 to 11 and 12 to 19 of three rates, in every arm. */
  @ParameterizedTest
  @EnumSource(Arm.class)
  void theRateDropsAtSharesOfTheRounds(Arm arm) {
    Map<String, Object> drops = new HashMap<>();
    drops.put("training.steps", 5);
    drops.put("training.decay", 0.1);
    drops.put("training.decay-at", List.of(0.3, 0.6));
    drops.put("rounds", 20);
    Setting setting = build(arm, drops).setting();
    for (int round = 0; round < 20; round++) {
      double expected = round < 6 ? 0.2 : round < 12 ? 0.02 : 0.002;
      assertThat(setting.training().rate(round, 100L * round, setting.rounds()))
          .as("round %d", round)
          .isCloseTo(expected, within(1e-15));
    }
  }

  /** By hand: 0.2 times 1, cos(pi/8)^2, 1/2 and sin(pi/8)^2 at 0, 1/4, 1/2 and 3/4 of the run. */
  @ParameterizedTest
  @EnumSource(Arm.class)
  void theRateFallsAlongHalfACosine(Arm arm) {
    Map<String, Object> cosine = new HashMap<>();
    cosine.put("training.steps", 5);
    cosine.put("training.decay", 1);
    cosine.put("training.schedule", "cosine");
    cosine.put("rounds", 20);
    Setting setting = build(arm, cosine).setting();
    assertThat(setting.training().rate(0, 0, setting.rounds())).isEqualTo(0.2);
    assertThat(setting.training().rate(5, 0, setting.rounds()))
        .isCloseTo(0.2 * (2 + Math.sqrt(2)) / 4, within(1e-15));
    assertThat(setting.training().rate(10, 7, setting.rounds())).isCloseTo(0.1, within(1e-15));
    assertThat(setting.training().rate(15, 0, setting.rounds()))
        .isCloseTo(0.2 * (2 - Math.sqrt(2)) / 4, within(1e-15));
    double last = setting.training().rate(19, 0, setting.rounds());
    assertThat(last).isBetween(1e-3, 1.3e-3);
    for (int after : new int[] {20, 30}) {
      assertThat(setting.training().rate(after, 0, setting.rounds()))
          .as("what is trained after the run, to see what clients would gain")
          .isEqualTo(last);
    }
  }

  @Test
  void theAugmentationReachesTheClientsAndItsBorderIsMeanByDefault() {
    float[] standard = firstGradient(Map.of());
    assertThat(firstGradient(Map.of("data.augmentation", "resized-crop"))).isNotEqualTo(standard);
    assertThat(firstGradient(Map.of("data.border", "mean"))).isEqualTo(standard);
    assertThat(firstGradient(Map.of("data.border", "black"))).isNotEqualTo(standard);
  }

  /** A central arm trains on each client's images as that client sees them. */
  @Test
  void featureShiftChangesTrainingImagesAloneAndForAllArmsAlike() {
    Map<String, Object> shift = Map.of("data.feature-shift", 0.5, "training.epochs", 1);
    CellBuilder.Built federated = build(Arm.FEDERATED, shift);
    CellBuilder.Built central = build(Arm.CENTRAL_SMALL, shift);
    CellBuilder.Built plain = build(Arm.FEDERATED, Map.of("training.epochs", 1));
    assertThat(wholeGradient(federated)).isNotEqualTo(wholeGradient(plain));
    assertThat(wholeGradient(central)).containsExactly(wholeGradient(federated), within(1e-5f));
    assertThat(score(federated)).isEqualTo(score(plain));
  }

  /** Over all images, one batch after the other: their mean gradient. */
  private static float[] wholeGradient(CellBuilder.Built built) {
    float[] sum = new float[built.weights().length];
    float[] gradient = new float[sum.length];
    try (Problem.Worker worker = built.problem().newWorker()) {
      for (int client = 0; client < built.problem().clients(); client++) {
        for (int k = 0; k < built.problem().batchesPerEpoch(client); k++) {
          worker.batch(client, k, new float[0], Pass.TRAINING).gradient(built.weights(), gradient);
          for (int i = 0; i < sum.length; i++) {
            sum[i] += gradient[i] / 20;
          }
        }
      }
    }
    return sum;
  }

  private static Score score(CellBuilder.Built built) {
    try (Problem.Worker worker = built.problem().newWorker()) {
      return worker.score(0, built.weights(), new float[0]);
    }
  }

  private float[] firstGradient(Map<String, Object> more) {
    Map<String, Object> cropped = new HashMap<>(Map.of("data.augmentation", "always-crop"));
    cropped.put("training.epochs", 1);
    cropped.putAll(more);
    CellBuilder.Built built = build(Arm.FEDERATED, cropped);
    float[] gradient = new float[built.weights().length];
    try (Problem.Worker worker = built.problem().newWorker()) {
      worker.batch(0, 0, new float[0], Pass.TRAINING).gradient(built.weights(), gradient);
    }
    return gradient;
  }

  private int freezeFrom(Map<String, Object> settings) {
    return build(Arm.FEDERATED, settings).setting().statistics().freezeFrom();
  }

  @Test
  void seedsChangeDealAndWeights() {
    Configuration configuration =
        Configuration.of(
            Map.of(
                "model.name",
                "logistic",
                "data.train",
                400,
                "data.test",
                100,
                "training.epochs",
                1,
                "rounds",
                1));
    CellBuilder builder = new CellBuilder(cache, Executor.GRAPH);
    CellBuilder.Built zero = builder.build(new Cell(configuration, Arm.FEDERATED, 0, Map.of()));
    CellBuilder.Built one = builder.build(new Cell(configuration, Arm.FEDERATED, 1, Map.of()));
    assertThat(zero.weights()).isNotEqualTo(one.weights());
    assertThat(zero.split()).isNotEqualTo(one.split());
    assertThat(zero.data()).isSameAs(one.data());
  }
}
