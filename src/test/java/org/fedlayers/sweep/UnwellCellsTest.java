package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.fedlayers.Folders;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.federated.ClientView;
import org.fedlayers.federated.CohortSum;
import org.fedlayers.federated.DivergedException;
import org.fedlayers.federated.LocalStep;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.fedlayers.federated.ServerView;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Csv;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cells that leave the finite numbers, and cells that fail: what is kept, and what others lose. */
class UnwellCellsTest {
  private static final String YAML =
      """
      title: Tiny
      settings:
        data: {train: 120, test: 60}
        model: {name: mlp-2, width: 0.05}
        federation: {clients: 3}
        training: {epochs: 1, batch: 10, rate: 0.05}
        rounds: 4
        scoring: {averages: [cohort, all]}
        measure: {what: [divergence], images: 60, steps: 1}
      grid:
        method: [fedavg, METHOD]
      seeds: [0]
      """;

  /** FedAvg whose clients end a round with weights all of one size, finite ones. */
  record Huge(double size, int from) implements Method {
    @Override
    public LocalStep localStep(ClientView client) {
      AtomicInteger step = new AtomicInteger();
      return (objective, weights, direction) -> {
        double loss = objective.gradient(weights, direction);
        if (step.incrementAndGet() == client.steps() && client.round() + 1 >= from) {
          for (int i = 0; i < direction.length; i++) {
            // The learning rate is a twentieth.
            direction[i] = 20 * (weights[i] - (float) size);
          }
        }
        return loss;
      };
    }
  }

  /** FedAvg that fails in client 1's second round. */
  record Failing(String how) implements Method {
    @Override
    public LocalStep localStep(ClientView client) {
      if (client.id() == 1 && client.round() == 1) {
        fail(how);
      }
      return LocalStep.SGD;
    }

    @Override
    public void aggregate(ServerView server, CohortSum sum) {
      if (how.equals("server")) {
        throw new UnsupportedOperationException("what came");
      }
      Method.super.aggregate(server, sum);
    }

    private static void fail(String how) {
      switch (how) {
        case "assertion" -> throw new AssertionError("it does not hold");
        case "stack" -> fail(how);
        case "class" -> throw new NoClassDefFoundError("org/example/Missing");
        case "memory" -> throw new OutOfMemoryError("Java heap space");
        case "array" -> System.out.println(new long[Integer.MAX_VALUE].length);
        case "server" -> {}
        case "index" -> System.out.println(new ArrayList<>(List.of(how)).get(3));
        case "divide" -> System.out.println(1 / (how.length() - 6));
        default -> throw new UserError("not for client 1");
      }
    }
  }

  @TempDir private Path folder;

  @BeforeAll
  static void register() {
    Methods.register("huge", "none", Huge.class);
    Methods.register("failing", "none", Failing.class);
  }

  private Sweep.Outcome run(String name, String yaml) {
    Experiment experiment =
        ExperimentReader.read(
            new Source("own", "tiny", "tiny.yaml", yaml), "quick", List.of(), List.of());
    RunOptions options =
        RunOptions.into(folder.resolve(name))
            .on(folder, 2, Executor.AUTO)
            .checkpointing(Duration.ZERO);
    return new Sweep(experiment, options, new SweepProgress() {}).run();
  }

  private static String with(String method) {
    return YAML.replace("METHOD", method);
  }

  /** The rows of a table that are of FedAvg, or of the other method. */
  private List<List<String>> rows(String name, String table, boolean fedAvg) throws IOException {
    Path file = folder.resolve(name).resolve("quick/own/tiny").resolve(table + ".csv");
    if (!Files.exists(file)) {
      return List.of();
    }
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .skip(1)
          .map(Csv::fields)
          .filter(row -> row.get(row.size() - 1).equals("fedavg") == fedAvg)
          .toList();
    }
  }

  private static List<String> column(List<List<String>> rows, int column) {
    return rows.stream().map(row -> row.get(column)).toList();
  }

  @ParameterizedTest
  @CsvSource({"'cohort, all'", "cohort", "all", "server", "'server, cohort, all'"})
  void aScoreThatIsNoneIsADivergenceOfItsRound(String averages) throws IOException {
    int models = averages.split(",").length;
    String yaml =
        with("{name: huge, size: 1.0e+37, from: 3}").replace("[cohort, all]", "[" + averages + "]");
    Sweep.Outcome outcome = run("huge", yaml);
    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.diverged()).hasSize(1).containsValue(DivergedException.words(3));
    List<List<String>> rounds = rows("huge", "rounds", false);
    assertThat(column(rounds, 11).subList(0, 2 * models)).containsOnly("ok");
    assertThat(rounds).as("rows before it are kept, none follows").hasSize(2 * models + 1);
    List<String> last = rounds.get(2 * models);
    assertThat(last.get(3)).isEqualTo("3");
    assertThat(last.subList(6, 10)).containsOnly("");
    assertThat(last.get(11)).isEqualTo("diverged");
    assertThat(column(rows("huge", "layers", false), 3)).containsOnly("1", "2");
    assertThat(rows("huge", "partition", true)).isNotEmpty();

    // It is counted, in every average, and averaged in none; the other cell is as ever.
    assertThat(rows("huge", "summary", false))
        .hasSize(models)
        .allMatch(
            row ->
                row.subList(3, 15)
                    .equals(List.of("0", "1", "", "", "", "", "", "", "", "", "", "")));
    run("plain", yaml.replaceAll(", \\{name: huge.*}", ""));
    for (String table : List.of("rounds", "layers", "summary")) {
      assertThat(rows("huge", table, true)).isEqualTo(rows("plain", table, true)).isNotEmpty();
    }
    // What was read back from the tables is what was written.
    String before = files("huge").toString();
    Sweep.Outcome again = run("huge", yaml);
    assertThat(again.ran()).isZero();
    assertThat(again.diverged()).as("named whenever it ran").isEqualTo(outcome.diverged());
    assertThat(files("huge").toString()).isEqualTo(before);
  }

  private Map<String, String> files(String name) throws IOException {
    return Folders.results(folder.resolve(name));
  }

  /** Weights at which logits are still finite, but those of their neighbours are not. */
  @Test
  void aLandscapeHasNoLossWhereItIsBeyondAllNumbers() throws IOException {
    String yaml =
        with("{name: huge, size: 1.48e+17, from: 4}").replace("[divergence]", "[landscape]");
    Sweep.Outcome outcome = run("landscape", yaml);
    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.diverged()).as("the run's own weights are well").isEmpty();
    assertThat(column(rows("landscape", "rounds", false), 11)).containsOnly("ok");
    List<List<String>> points = rows("landscape", "landscape", false);
    assertThat(column(points, 8)).hasSize(9).contains("").anyMatch(loss -> !loss.isEmpty());
    assertThat(points).allMatch(point -> point.get(8).isEmpty() == point.get(9).isEmpty());
  }

  /** Weights at which logits are still finite, but squares are not. */
  @Test
  void aMeasureThatIsNoneDoesNotLoseTheRounds() throws IOException {
    String measure = "curvature";
    String yaml =
        with("{name: huge, size: 5.0e+16, from: 4}")
            .replace("[divergence]", "[divergence, gradients, curvature]");
    Sweep.Outcome outcome = run(measure, yaml);
    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.diverged()).hasSize(1).containsValue(DivergedException.words(4));
    List<List<String>> rounds = rows(measure, "rounds", false);
    assertThat(column(rounds, 11).subList(0, 8)).containsOnly("ok");
    assertThat(column(rounds, 11).subList(8, rounds.size())).containsExactly("diverged");
    assertThat(column(rows(measure, "layers", false), 3)).contains("4");
    assertThat(rows(measure, "gradients", false)).isNotEmpty();
    assertThat(rows(measure, measure, false)).isEmpty();
    assertThat(rows(measure, measure, true)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "assertion, java.lang.AssertionError: it does not hold",
    "stack, java.lang.StackOverflowError",
    "class, java.lang.NoClassDefFoundError: org/example/Missing",
    "memory, java.lang.OutOfMemoryError: Java heap space; fewer --workers",
    "array, java.lang.OutOfMemoryError: Requested array size exceeds VM limit; fewer --workers",
    "index, 'java.lang.IndexOutOfBoundsException: Index 3 out of bounds for length 1, at org.fedlayers.sweep.UnwellCellsTest$Failing.fail('",
    "divide, 'java.lang.ArithmeticException: / by zero, at org.fedlayers.sweep.UnwellCellsTest$Failing.fail('",
    "server, 'java.lang.UnsupportedOperationException: what came, at org.fedlayers.sweep.UnwellCellsTest$Failing.aggregate('"
  })
  void whateverAClientFailsOfItsCellFailsAlone(String how, String why) throws IOException {
    Sweep.Outcome outcome = run(how, with("{name: failing, how: " + how + "}"));
    assertThat(outcome.failed().values())
        .singleElement(STRING)
        .startsWith((how.equals("server") ? "" : "client 1 failed in round 2: ") + why);
    assertThat(outcome.failed().keySet().iterator().next().labels())
        .containsValue("failing how=" + how);
    run("plain", YAML.replace(", METHOD", ""));
    assertThat(rows(how, "rounds", false)).isEmpty();
    for (String table : List.of("rounds", "layers", "summary", "partition")) {
      assertThat(rows(how, table, true)).isEqualTo(rows("plain", table, true)).isNotEmpty();
    }
  }

  @Test
  void aUsersMistakeInAClientStaysInItsOwnWords() {
    assertThat(run("mistake", with("{name: failing, how: user}")).failed().values())
        .containsExactly("not for client 1");
  }
}
