package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExperimentReaderTest {
  private static final String VALID =
      """
      title: A title
      claims: [D1]
      settings:
        model: {name: mlp-2, width: 0.5}
        training: {epochs: 1, batch: 20}
        rounds: 3
      grid:
        training.rate: [0.1, 0.01]
        partition: [iid, {name: equal-dirichlet, concentration: 0.3}]
      seeds: [0, 1]
      scales:
        quick:
          seeds: [7]
        laptop:
          settings: {rounds: 30, model: {width: 2}}
          grid: {training.rate: [0.5], model.normaliser: null}
      figures:
        - {kind: curves, y: accuracy}
      """;

  private static Experiment read(String text, String scale, String... overrides) {
    Source source = new Source("own", "test", "test.yaml", text);
    return ExperimentReader.read(source, scale, List.of(overrides), List.of());
  }

  private static UserError refusal(String text, String... overrides) {
    try {
      read(text, "quick", overrides);
    } catch (UserError refused) {
      return refused;
    }
    throw new AssertionError("accepted: " + text);
  }

  @Test
  void figuresAreCheckedBeforeAnyWork() {
    Source pie =
        new Source("own", "x", "x.yaml", "settings: {rounds: 1}\nfigures:\n- {kind: pie}\n");
    assertThatThrownBy(() -> ExperimentReader.read(pie, "quick", List.of(), List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("x.yaml:3: no figure of kind 'pie'; there are: bars, curves");
  }

  @Test
  void theGridIsACrossProductWithTheLastAxisFastestThenArmsThenSeeds() {
    Experiment experiment = read(VALID, "quick", "arms=[federated, central-small]");
    assertThat(experiment.axes()).containsExactly("training.rate", "partition");
    assertThat(experiment.cells()).hasSize(8);
    assertThat(experiment.cells().get(0)).hasToString("0.1 iid federated seed 7");
    assertThat(experiment.cells().get(1)).hasToString("0.1 iid central-small seed 7");
    assertThat(experiment.cells().get(2))
        .hasToString("0.1 equal-dirichlet concentration=0.3 federated seed 7");
    assertThat(experiment.cells().get(4)).hasToString("0.01 iid federated seed 7");
    Configuration dirichlet = experiment.cells().get(2).configuration();
    assertThat(dirichlet.get("partition.name")).isEqualTo("equal-dirichlet");
    assertThat(dirichlet.options("partition")).isEqualTo(Map.of("concentration", 0.3));
    assertThat(experiment.figures())
        .containsExactly(FigureSpec.of(Map.of("kind", "curves", "y", "accuracy")));
  }

  @Test
  void aScaleLiesOverTheRestKeyByKey() {
    Experiment laptop = read(VALID, "laptop");
    assertThat(laptop.cells()).hasSize(4);
    Configuration cell = laptop.cells().get(0).configuration();
    assertThat(cell.rounds()).isEqualTo(30);
    assertThat(cell.get("model.name")).isEqualTo("mlp-2");
    assertThat(cell.chosen()).containsEntry("model.width", 2.0);
    assertThat(cell.training().rate()).isEqualTo(0.5);
    assertThat(cell.training().batch()).isEqualTo(20);
    assertThat(laptop.seeds()).containsExactly(0L, 1L);
  }

  @Test
  void anotherNameOfAGroupDropsTheOptionsOfTheOldOne() {
    String text =
        VALID
            .replace("  partition: [iid, {name: equal-dirichlet, concentration: 0.3}]\n", "")
            .replace(
                "  rounds: 3",
                "  partition: {name: equal-dirichlet, concentration: 2}\n  rounds: 3")
            .replace("    seeds: [7]", "    settings: {partition: iid}");
    assertThat(read(text, "quick").cells().get(0).configuration().options("partition")).isEmpty();
    assertThat(
            refusal(
                VALID.replace(
                    "  rounds: 3",
                    "  partition: {name: equal-dirichlet, concentration: 2}\n  rounds: 3")))
        .hasMessageContaining("test.yaml:6: partition.name has no effect")
        .hasMessageContaining("test.yaml:6: partition.concentration has no effect");
  }

  @Test
  void overridesReplaceValuesAndAxesAndMakeNewAxes() {
    Experiment experiment =
        read(VALID, "quick", "training.rate=1e-3", "partition=iid", "training.batch=[5,10]");
    assertThat(experiment.axes()).containsExactly("training.rate", "partition", "training.batch");
    assertThat(experiment.cells()).hasSize(2);
    assertThat(experiment.cells().get(1)).hasToString("0.001 iid 10 federated seed 7");
  }

  /** Ids name results that are checked in: should they change, every result is orphaned. */
  @Test
  void idsAreStable() {
    Cell cell = read(VALID, "quick").cells().get(0);
    assertThat(cell.configuration().canonical())
        .isEqualTo(
            "{\"model.name\":\"mlp-2\",\"model.width\":0.5,\"rounds\":3,\"training.batch\":20,"
                + "\"training.epochs\":1}");
    assertThat(cell.id()).isEqualTo("5749a53e3905");
    assertThat(cell.group()).isEqualTo("cd5e8f6fbc45");
    assertThat(cell.withSeed(8).group()).isEqualTo(cell.group());
    assertThat(cell.withSeed(8).id()).isNotEqualTo(cell.id());
  }

  @Test
  void spellingADefaultOutChangesNoId() {
    Cell plain = read(VALID, "quick").cells().get(0);
    Cell spelt =
        read(
                VALID,
                "quick",
                "training.momentum=0",
                "model.skips=on",
                "model.width=0.50",
                "federation.clients=10")
            .cells()
            .get(0);
    assertThat(spelt.id()).isEqualTo(plain.id());
  }

  @Test
  void everythingWrongIsSaidAtOnceWithItsLine() {
    String text =
        VALID
            .replace("batch: 20", "bach: 20")
            .replace("rounds: 3\n", "rounds: three\n")
            .replace("name: mlp-2", "name: resnet-21")
            .replace("claims: [D1]", "claim: [D1]");
    assertThat(refusal(text).getMessage().lines())
        .anyMatch(line -> line.matches(" *test.yaml:2: unknown key claim; did you mean 'claims'.*"))
        .anyMatch(line -> line.matches(" *test.yaml:4: .*resnet-20.*"))
        .anyMatch(
            line -> line.matches(" *test.yaml:5: unknown key training.bach.*training.batch.*"))
        .anyMatch(line -> line.matches(" *test.yaml:6: rounds is 'three', expected a whole.*"));
  }

  @Test
  void aClaimThatNobodyStatesIsRefused() {
    assertThat(refusal(VALID.replace("claims: [D1]", "claims: [D1, DD2]")))
        .hasMessageContaining("test.yaml:2: claims: there is no 'DD2'; did you mean 'D");
  }

  /** A mistake that every cell has is one problem: refused cells are not compared. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rounds=three | --set rounds: rounds is 'three', expected a whole number from 1 to 1000000",
        "model.width=-1 | --set model.width: model.width is -1, expected a number",
        "federation.cohort=30 | --set federation.cohort: federation.cohort is 30, more than the 10",
        "model.width=[0.5, 0.50] | --set model.width: grid: model.width has 0.5 twice",
        "training.rate=[1, 1.0] | test.yaml: two cells of the grid are the same: 1 federated seed 7 and 1.0 f",
      })
  void aMistakeOfSeveralCellsIsSaidOnce(String override, String message) {
    String severalSeeds = VALID.replace("[7]", "[7, 8]").replaceAll("(?m)^  partition: .*\\n", "");
    assertThat(refusal(severalSeeds, override)).hasMessageStartingWith(message);
  }

  @Test
  void mistakesInOtherScalesAreFoundToo() {
    String text = VALID.replace("settings: {rounds: 30", "settings: {rouns: 30");
    assertThat(refusal(text)).hasMessageContaining("test.yaml:15: unknown key rouns");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{clients: 4, cohort: 2, sampling: by-size}", "{clients: 4, stragglers: 0.5}"})
  void noCentralArmSeesAsManyImagesAsClientsThatDoLess(String federation) {
    assertThat(refusal(VALID, "arms=[federated, central-small]", "federation=" + federation))
        .hasMessageContaining("set arms to [federated]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "training.epochs=0 | training.epochs is 0, expected a whole number from 1 to 100000",
        "training.rate=fast | training.rate is 'fast', expected a number above 0",
        "training.decay=1.5 | expected a number above 0, at most 1",
        "training.steps=3 | both set, expected one of them",
        "total-steps=100 | both set, expected one of them",
        "model.initialisation=xavier | is 'xavier', expected one of pytorch, he",
        "data.border=white | data.border is 'white', expected one of mean, black",
        "data.border=black | data.border has no effect without data.augmentation",
        "training.decay-at=[0.3,0.6] | training.decay-at has no effect without training.decay",
        "training.decay-at=[0.6,0.3] | rising numbers above 0, below 1",
        "training.decay-at=[0.3,1] | rising numbers",
        "training.decay-at=[0] | rising numbers",
        "training.decay-at=half | training.decay-at is 'half', expected rising numbers above 0, below 1",
        "data.augmentation=flip | one of none, cifar, always-crop, resized-crop",
        "data={augmentation: resized-crop, border: black} | resized-crop adds no border",
        "model.normaliser=batchnorm | batchnorm",
        "partition={name: classes} | partition",
        "partition={name: equal-dirichlet, alpha: 1} | alpha",
        "partition=equal-dirichlet | concentration",
        "federation.clients=ten | federation.clients is 'ten'",
        "federation.cohort=11 | more than the 10 clients",
        "federation.participation=0 | a number from 0.000001 to 1",
        "scoring.points=20 | there are only 3 rounds",
        "scoring.averages=[cohort,mean] | a list of cohort, all, server",
        "arms=[federated,central] | a list of federated, central-small, central-large",
        "training.buffers=local | no effect without training.momentum",
        "statistics.switch=0.4 | no effect: no cell has a normaliser",
        "measure.images=50 | measure.images has no effect: no cell measures activations, curvature",
        "measure.features=50 | measure.features has no effect: no cell measures cka",
        "measure.steps=5 | measure.steps has no effect: no cell measures landscape",
        "method=fedavgg | did you mean 'fedavg'",
        "method={name: fedprox, nu: 1} | did you mean 'method.mu'",
        "model.dilation=3 | mlp-2",
        "training=5 | training is 5, expected keys and values",
        "traning.rate=5 | unknown key traning.rate",
        "rounds | expected key=value",
        "training.rate=[] | expected a list of values",
        "training.rate=[0.1, 0.1] | has 0.1 twice",
        "training.rate={a: 1} | training.rate",
      })
  void impossibleSettingsAreRefused(String override, String message) {
    assertThat(refusal(VALID, override)).hasMessageContaining(message);
  }

  private static final String WHERE =
      VALID
          + """
          where:
            - {cells: {partition: equal-dirichlet}, seeds: [7, 8]}
            - {cells: {partition: iid, training.rate: [0.1, 1]}, settings: {training: {batch: 10}}}
          """;

  @Test
  void someCellsHaveSettingsAndSeedsOfTheirOwn() {
    List<Cell> cells = read(WHERE, "quick").cells();
    assertThat(cells)
        .extracting(Cell::toString)
        .containsExactly(
            "0.1 iid federated seed 7",
            "0.1 equal-dirichlet concentration=0.3 federated seed 7",
            "0.1 equal-dirichlet concentration=0.3 federated seed 8",
            "0.01 iid federated seed 7",
            "0.01 equal-dirichlet concentration=0.3 federated seed 7",
            "0.01 equal-dirichlet concentration=0.3 federated seed 8");
    assertThat(cells)
        .extracting(cell -> cell.configuration().training().batch())
        .containsExactly(10, 20, 20, 20, 20, 20);
    assertThat(cells.get(1).id()).isEqualTo(read(VALID, "quick").cells().get(1).id());
  }

  @Test
  void aPartOfTheGridIsLeftOutWithoutSeeds() {
    String text = VALID + "where:\n  - {cells: {partition: iid, training.rate: 0.1}, seeds: []}\n";
    Source source = new Source("own", "test", "test.yaml", text);
    for (List<Long> seeds : List.of(List.<Long>of(), List.of(4L))) {
      long seed = seeds.isEmpty() ? 7 : 4;
      assertThat(ExperimentReader.read(source, "quick", List.of(), seeds).cells())
          .extracting(Cell::toString)
          .containsExactly(
              "0.1 equal-dirichlet concentration=0.3 federated seed " + seed,
              "0.01 iid federated seed " + seed,
              "0.01 equal-dirichlet concentration=0.3 federated seed " + seed);
    }
  }

  @Test
  void whatAnotherExperimentSaysAtThisScaleLiesUnderneath() {
    String text =
        """
        title: Like another
        like: fixbn/steps-per-round
        settings:
          training: {rate: 0.5, decay-by: null, decay-every: null, steps: 10}
        grid:
          model.normaliser: [bn, gn]
        scales:
          laptop: {settings: {total-steps: 500}}
          paper: {}
        """;
    List<Cell> cells = read(text, "laptop").cells();
    assertThat(cells)
        .extracting(Cell::toString)
        .containsExactly(
            "bn federated seed 0",
            "bn federated seed 1",
            "bn federated seed 2",
            "gn federated seed 0",
            "gn federated seed 1",
            "gn federated seed 2");
    Map<String, Object> chosen = new HashMap<>(cells.get(0).configuration().chosen());
    assertThat(chosen).containsEntry("model.width", 0.5).containsEntry("total-steps", 500);
    assertThat(chosen).containsEntry("training.rate", 0.5).containsEntry("training.batch", 20);
    assertThat(chosen).doesNotContainKeys("training.decay-by", "partition.name");
    assertThat(read(text, "paper").cells().get(0).configuration().run().totalSteps())
        .isEqualTo(64000);
    assertThat(refusal(text.replace("fixbn/steps-per-round", "fixbn/claims")))
        .hasMessageContaining("test.yaml:2: no experiment 'fixbn/claims'");
    assertThat(
            refusal(text.replace("steps-per-round", "steps-per-rond").replace("laptop", "quick")))
        .hasMessageContaining("test.yaml:2: no experiment 'fixbn/steps-per-rond'")
        .hasMessageContaining("did you mean 'fixbn/steps-per-round'");
  }

  @Test
  void theCommandLineWinsOverWhatSomeCellsHave() {
    assertThat(read(WHERE, "quick", "training.batch=5").cells())
        .extracting(cell -> cell.configuration().training().batch())
        .containsOnly(5);
    assertThat(read(WHERE, "quick", "training.batch=[5, 6]", "training.rate=0.01").cells())
        .extracting(cell -> cell.configuration().training().batch())
        .containsExactly(5, 6, 5, 5, 6, 6);
    Source source = new Source("own", "test", "test.yaml", WHERE);
    assertThat(ExperimentReader.read(source, "quick", List.of(), List.of(3L)).cells())
        .hasSize(4)
        .allMatch(cell -> cell.seed() == 3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "where: 5 | where is 5, expected a list of [cells, settings, seeds]",
        "where: [{seeds: [1]}] | where needs cells, for example {model.normaliser: gn}",
        "where: [{cells: {training.rat: 1}}] | no axis training.rat; did you mean 'training.rate'",
        "where: [{cells: {training.rate: 3}}] | the grid has no cell with {training.rate=[3]}",
        "where: [{cell: {training.rate: 3}}] | unknown key where.cell; did you mean 'cells'",
        "where: [{cells: {partition: iid}, settings: {bach: 1}}] | unknown key bach",
        "where: [{cells: {partition: iid}, settings: {training: {batch: 0}}}] | training.batch is 0",
        "where: [{cells: {partition: iid}, seeds: [1, 1]}] | seeds is [1, 1], expected different",
        "where: [{cells: {partition: iid}, seeds: [1000000000000000]}] | at most 15 digits",
      })
  void impossibleExceptionsAreRefused(String where, String message) {
    assertThat(refusal(VALID + where + "\n"))
        .hasMessageContaining("test.yaml:19: ")
        .hasMessageContaining(message);
  }

  @Test
  void drawsBySizeNeedACohortAndAMethodWithoutClientMemory() {
    String bySize = "federation.sampling=by-size";
    assertThat(refusal(VALID, bySize))
        .hasMessageContaining("--set federation.sampling: ")
        .hasMessageContaining("has no effect without federation.cohort");
    assertThat(refusal(VALID, bySize, "federation.cohort=3", "method=scaffold"))
        .hasMessageContaining("--set method: the method keeps the mean of what clients remember")
        .hasMessageContaining("federation.sampling at --set federation.sampling");
  }

  @Test
  void adamWHasNoMomentumAndRefusesWhatNeedsPlainSgd() {
    String adamW = "training.optimiser=adamw";
    assertThat(refusal(VALID, adamW, "training.momentum=0.5"))
        .hasMessageContaining("training.optimiser and training.momentum are both set");
    assertThat(refusal(VALID, adamW, "training.buffers=global"))
        .hasMessageContaining("--set training.buffers: ")
        .hasMessageContaining("AdamW's moments are not sent");
    assertThat(refusal(VALID, adamW, "training.buffers=local", "federation.participation=0.5"))
        .hasMessageContaining("set training.buffers to reset");
    assertThat(read(VALID, "quick", adamW, "training.buffers=local").cells()).isNotEmpty();
    String all = "federation.cohort=10"; // of ten clients
    assertThat(read(VALID, "quick", adamW, "training.buffers=local", all).cells()).isNotEmpty();
    assertThat(refusal(VALID, adamW, "training.buffers=local", "federation.cohort=9"))
        .hasMessageContaining("set training.buffers to reset");
    assertThat(refusal(VALID, adamW, "method=scaffold"))
        .hasMessageContaining("--set method: scaffold reads a client's mean gradient")
        .hasMessageContaining("training.optimiser at --set training.optimiser");
  }

  @Test
  void aPenaltyNeedsALayerToPenalise() {
    assertThat(refusal(VALID, "model=logistic", "model.normaliser=", "training.man=0.1"))
        .hasMessageContaining("--set training.man: ")
        .hasMessageContaining("training.man has no effect: logistic has no activations");
  }

  @Test
  void aRateFallsInOneWay() {
    String drops = "training.decay-at=[0.3,0.6]";
    assertThat(refusal(VALID, drops, "training.decay=0.1", "training.decay-every=2"))
        .hasMessageContaining("training.decay-at and training.decay-every are both set");
    for (String more :
        List.of("training.decay=0.1", "training.decay-every=2", "training.decay-by=samples")) {
      assertThat(refusal(VALID, "training.schedule=cosine", more))
          .hasMessageContaining("training.schedule and training.decay")
          .hasMessageContaining(" are both set");
    }
    for (String without : List.of("training.decay-every=2", "training.decay-by=samples")) {
      assertThat(refusal(VALID, without))
          .hasMessageContaining("has no effect without training.decay;");
    }
    assertThat(refusal(VALID, drops, "training.decay=0.1", "training.decay-by=samples"))
        .hasMessageContaining("training.decay-at and training.decay-by are both set");
  }

  @Test
  void groupsMustDivideChannels() {
    assertThat(refusal(VALID.replace("name: mlp-2", "name: resnet-8, normaliser: gn-3")))
        .hasMessageContaining("test.yaml:4: ")
        .hasMessageContaining("3 groups do not divide");
  }

  @Test
  void methodsRefuseTheTrainingTheyCannotTake() {
    assertThat(refusal(VALID, "method=scaffold", "training.momentum=0.9"))
        .hasMessageContaining("momentum");
  }

  @Test
  void notEveryTextIsYaml() {
    assertThat(refusal("settings: [")).hasMessageContaining("test.yaml:");
    assertThat(refusal("just words")).hasMessageContaining("expected an experiment");
    assertThat(refusal("title: a\ntitle: b\n" + VALID)).hasMessageContaining("written twice");
    assertThat(refusal("a: &x [*x]")).hasMessageContaining("test.yaml:1");
  }

  @Test
  void unknownScalesAreNamed() {
    assertThatThrownBy(() -> read(VALID, "labtop")).hasMessageContaining("did you mean 'laptop'");
    assertThatThrownBy(() -> read(VALID, "paper")).hasMessageContaining("no scale paper");
  }
}
