package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedlayers.federated.ClientView;
import org.fedlayers.federated.LocalResult;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** How a run ended, to whoever was not there. */
class ExitStatusTest {
  /** An experiment of a second, to which more may be added. */
  static final String SMALL =
      """
      settings:
        data: {train: 60, test: 30}
        model: logistic
        federation: {clients: 3}
        training: {epochs: 1, batch: 10}
        rounds: 1
      """;

  /** FedAvg that fails. */
  record Broken() implements Method {
    @Override
    public void afterLocal(ClientView client, LocalResult result) {
      throw new AssertionError("broken");
    }
  }

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int execute(String... arguments) {
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    for (CommandLine command : line.getSubcommands().values()) {
      command.setOut(line.getOut()).setErr(line.getErr());
    }
    return line.execute(arguments);
  }

  @Test
  void keepsModelsAndMeasuresThemLater() throws IOException {
    String yaml = SMALL + "  measure: {what: [gradients], images: 10}\n";
    String file = Files.writeString(folder.resolve("own.yaml"), yaml).toString();
    String results = folder.resolve("out").toString();
    List<String> seeds = List.of(file, "--out", results, "--seeds", "0-1,1");
    List<String> run = new ArrayList<>(List.of("run", "--keep-models", "--set", "measure=none"));
    run.addAll(seeds);
    assertThat(execute(run.toArray(String[]::new))).isZero();
    List<String> measure = new ArrayList<>(List.of("measure"));
    measure.addAll(seeds);
    assertThat(execute(measure.toArray(String[]::new))).isZero();
    assertThat(out).asString().contains("measured 2 of 2 cells");
    assertThat(execute(measure.toArray(String[]::new))).isZero();
    assertThat(out).asString().contains("every cell has what is asked for already");
    assertThat(folder.resolve("out/quick/own/own/gradients.csv")).exists();
  }

  /** Results of a scale that the file once had, or that it had none. */
  @Test
  void figuresOfOtherScalesAreDrawnWhereOneIsGone() throws IOException {
    String yaml = SMALL + "figures: [{kind: curves, x: round}]\n";
    Path file = Files.writeString(folder.resolve("own.yaml"), yaml);
    String results = folder.resolve("out").toString();
    assertThat(execute("run", file.toString(), "--out", results)).isZero();
    Files.writeString(file, yaml + "scales: {laptop: {}}\n");
    assertThat(execute("run", file.toString(), "--out", results, "--scale", "laptop")).isZero();
    assertThat(execute("figures", file.toString(), "--out", results)).isZero();
    assertThat(out).asString().contains("not drawn, its file has no scale quick");
    assertThat(folder.resolve("out/laptop/own/own/curves.svg")).exists();
    assertThat(folder.resolve("out/quick/own/own/curves.svg")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({"0.05, fedavg, 0", "9.0e+5, fedavg, 3", "0.05, broken, 1", "9.0e+5, broken, 1"})
  void saysWhetherACellDivergedOrFailed(String rate, String method, int status) throws IOException {
    Methods.register("broken", "none", Broken.class);
    String yaml =
        """
        title: Tiny
        settings:
          data: {train: 60, test: 30}
          model: logistic
          federation: {clients: 3}
          training: {epochs: 1, batch: 10, rate: RATE, weight-decay: RATE}
          rounds: 3
        grid:
          method: [fedavg, METHOD]
        """
            .replace("RATE", rate)
            .replace(
                method.equals("fedavg") ? ", METHOD" : "METHOD",
                method.equals("fedavg") ? "" : method);
    String file = Files.writeString(folder.resolve("tiny.yaml"), yaml).toString();
    String results = folder.resolve("out").toString();
    // The second run finds cells finished, or fails again: nothing else is to be told.
    for (int attempt = 0; attempt < 2; attempt++) {
      err.getBuffer().setLength(0);
      assertThat(execute("run", file, "--out", results)).isEqualTo(status);
      assertThat(err.toString().contains("fedavg federated seed 0: diverged in round "))
          .isEqualTo(rate.equals("9.0e+5"));
      assertThat(err.toString().contains("lower learning rate (training.rate)"))
          .isEqualTo(rate.equals("9.0e+5"));
      assertThat(
              err.toString()
                  .contains("client 0 failed in round 1: java.lang.AssertionError: broken"))
          .isEqualTo(method.equals("broken"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "resume"})
  void helpNamesTheStatus(String command) {
    assertThat(execute(command, "--help")).isZero();
    assertThat(out.toString()).containsPattern("Exit status:(?s:.*)3 .*diverged");
  }
}
