package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedlayers.options.Key;
import org.fedlayers.options.UserError;
import org.fedlayers.options.YamlSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written, at whatever level, reaches a cell or is refused with its place. */
class NothingIsDroppedTest {

  /** Groups that most keys go with; what a key excludes or needs makes a refusal, which is fine. */
  private static final List<String> CONTEXTS =
      List.of(
          "model: resnet-8, training.epochs: 1, rounds: 20",
          "model: {name: resnet-8, normaliser: fixbn}, training.steps: 5, rounds: 20",
          "model: mlp-2, training.steps: 5, total-steps: 100",
          "model: mlp-2, training.epochs: 1",
          "model: mlp-2, training.steps: 5",
          "model: mlp-2, rounds: 20",
          "model: mlp-2, measure: {what: [cka, landscape]}, training.epochs: 1, rounds: 20",
          "model: mlp-2, training: {epochs: 1, momentum: 0.5, decay: 0.5}, rounds: 20",
          "model: cnn-8, data.augmentation: cifar, training.epochs: 1, rounds: 20",
          "federation.cohort: 2, model: mlp-2, training.epochs: 1, rounds: 20",
          "partition: {name: class-dirichlet, concentration: 1}, training.epochs: 1, rounds: 20");

  private static final List<String> LEVELS = List.of("settings", "grid", "scale", "--set");

  /** Each key with some of the values that it takes, written at each level over each context. */
  static Stream<Arguments> everyKeyAtEveryLevel() {
    return Keys.all().values().stream()
        .flatMap(key -> LEVELS.stream().map(level -> Arguments.of(key.name(), level)));
  }

  private static final List<Object> CANDIDATES =
      List.of(
          "1",
          "100",
          "2",
          "3",
          "5",
          "11",
          "0.5",
          "0.25",
          "1e-3",
          "true",
          "false",
          "[0.3, 0.6]",
          "[server]",
          "[central-small]",
          "[cka]",
          "black",
          "samples",
          "local",
          "cifar",
          "he",
          "gn-2",
          "7x7",
          "1-1-2",
          "tanh",
          "total-variance",
          "cifar-10",
          "mlp-4",
          "fedavgm",
          "balanced",
          "fedsam",
          "shards",
          "cosine",
          "adamw",
          "by-size",
          "word");

  private static List<String> values(Key key) {
    return CANDIDATES.stream()
        .map(String::valueOf)
        .filter(
            text -> {
              try {
                Object written = YamlSource.value("", text).plain();
                return !key.read(written).equals(key.standard());
              } catch (UserError none) {
                return false;
              }
            })
        .limit(5)
        .toList();
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("everyKeyAtEveryLevel")
  void aValueReachesACellOrIsRefusedWithItsPlace(String name, String level) {
    Key key = Keys.all().get(name);
    List<String> values = values(key);
    assertThat(values).as("values of %s", name).isNotEmpty();
    boolean reached = false;
    for (String context : CONTEXTS) {
      for (String value : values) {
        reached |= reaches(context, name, value, level);
      }
    }
    // What other tests register says nothing of itself.
    boolean needsItsName = Keys.isOwned(name) || key.meaning().isEmpty();
    assertThat(reached || needsItsName).as("some context takes %s", name).isTrue();
  }

  private static boolean reaches(String context, String name, String value, String level) {
    String line = "%s: %s".formatted(name, value);
    Map<String, String> file = new LinkedHashMap<>();
    file.put("settings", "settings: {%s}".formatted(context));
    List<String> overrides = List.of();
    String place;
    switch (level) {
      case "settings" -> {
        file.put(
            "settings",
            "settings:\n  " + context.replaceAll(", (?![^{]*})", "\n  ") + "\n  " + line);
        place = "test.yaml:" + (2 + context.split(", (?![^{]*})").length);
      }
      case "grid" -> {
        file.put("grid", "grid: {%s: [%s]}".formatted(name, value));
        place = "test.yaml:2";
      }
      case "scale" -> {
        file.put("scales", "scales: {quick: {settings: {%s}}}".formatted(line));
        place = "test.yaml:2";
      }
      default -> {
        overrides = List.of(name + "=" + value);
        place = "--set " + name;
      }
    }
    String text = file.values().stream().collect(Collectors.joining("\n", "", "\n"));
    try {
      Experiment experiment =
          ExperimentReader.read(
              new Source("own", "test", "test.yaml", text), "quick", overrides, List.of());
      Object read = Keys.all().get(name).read(YamlSource.value("", value).plain());
      assertThat(experiment.cells())
          .as(text + overrides)
          .anyMatch(
              cell ->
                  name.equals("arms")
                      ? ((List<?>) read).contains(cell.arm().text())
                      : read.equals(cell.configuration().chosen().get(name)));
      return true;
    } catch (UserError refusal) {
      if (!refusal.getMessage().contains(" is needed: ")) {
        assertThat(refusal.getMessage()).as(text + overrides).contains(place);
      }
      return false;
    }
  }

  private static final String GRID =
      """
      settings: {method.mu: 0.5, model: mlp-2, training: {epochs: 1, rate: 0.5}, rounds: 2}
      grid:
        method: [fedavg, fedprox]
      """;

  private static String cells(String text, String... overrides) {
    try {
      return ExperimentReader.read(
              new Source("own", "test", "test.yaml", text), "quick", List.of(overrides), List.of())
          .cells()
          .stream()
          .map(cell -> cell.configuration().canonical())
          .collect(Collectors.joining(" "));
    } catch (UserError refusal) {
      return refusal.getMessage();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // A word stands for the name of its group, in any order and at any level.
        "model=mcmahan-cnn | \"model.name\":\"mcmahan-cnn\"",
        "method=fedprox method.mu=0.25 | \"method.mu\":0.25,\"method.name\":\"fedprox\"",
        "method.mu=0.25 method=fedprox | \"method.mu\":0.25,\"method.name\":\"fedprox\"",
        "method.mu=0.25 | \"method.mu\":0.25,\"method.name\":\"fedprox\"",
        "training.batch=10 | \"method.mu\":0.5,\"method.name\":\"fedprox\"",
        "model.name=[mlp-2,mlp-4] model=mlp-3 | --set model: model.name has no effect",
        "model=mlp-3 model.name=mlp-4 | --set model.name: model.name is set twice",
        "rounds=3 rounds=4 | --set rounds: rounds is set twice",
        "method.rho=0.5 | --set method.rho: method fedprox has no option 'rho'; there are: mu",
        "method=fedavg method.mu=1 | --set method.mu: method fedavg has no option 'mu'",
        "partition.concentration=1 | --set partition.concentration: partition iid has no option",
        "model.dilation=2 | --set model.dilation: model mlp-2 has no option 'dilation'",
        "training.rate= | \"rounds\":2,\"training.epochs\":1}",
        "scoring.averages=[] | scoring.averages is []",
        "measure.what=[] | \"training.epochs\":1",
        "training.decay-at=[] | \"training.epochs\":1",
      })
  void theCommandLineInAnyOrder(String overrides, String expected) {
    assertThat(cells(GRID, overrides.split(" "))).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "settings: {rounds: 2, training.epochs: 1} / grid: {rounds: [3, 4]} | test.yaml:1: rounds has no effect: every cell has what stands at test.yaml:2",
        "settings: {method: fedprox, training.epochs: 1, rounds: 2} / grid: {method: [fedavg, scaffold]} | test.yaml:1: method.name has no effect",
        "settings: {model: mlp-2, model.name: mlp-4, training.epochs: 1, rounds: 2} | test.yaml:1: model.name is set twice",
        "settings: {training.epochs: 1, rounds: 2} / grid: {model: [mlp-2], model.name: [mlp-4]} | test.yaml:2: grid: model.name is written twice, also as model",
        "settings: {training.epochs: 1, rounds: 2} / grid: {partition: [iid, {name: equal-dirichlet, concentration: 1}]} / scales: {quick: {settings: {partition.concentration: 2}}} | test.yaml:3: partition.concentration is set by values of the grid's axis partition",
      })
  void files(String text, String expected) {
    assertThat(cells(text.replace(" / ", "\n"))).contains(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "federation.participation=1e-12 | a number from 0.000001 to 1",
        "training.epochs=2147483647 | a whole number from 1 to 100000",
        "training.steps=2147483647 | a whole number from 1 to 10000000",
        "rounds=2147483647 | a whole number from 1 to 1000000",
        "federation.clients=2147483647 | a whole number from 1 to 1000000",
        "training.rate=1e308 | a number above 0, below 1e6",
        "measure.steps=2147483647 | a whole number from 1 to 1000",
        "method={name: fedprox, mu: 1e300} | a number from 0 to 1e6",
      })
  void everyNumberHasABoundThatItsUseCanBear(String override, String expected) {
    assertThat(cells(GRID, override)).contains("--set", "expected " + expected);
  }

  @Test
  void everyNumberOfListSettingsHasBothBounds() {
    assertThat(Keys.all().values())
        .filteredOn(key -> key.values().expected().matches("a (whole )?number.*"))
        .filteredOn(key -> !key.meaning().isEmpty())
        .allSatisfy(
            key -> assertThat(key.values().expected()).containsPattern("(to|at most|below) [0-9]"));
  }
}
