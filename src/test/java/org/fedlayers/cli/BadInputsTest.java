package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Whatever a user gets wrong: one clear message, no stack trace, exit code 2, nothing written. */
class BadInputsTest {
  @TempDir private Path folder;

  private record Result(int code, String out, String err) {}

  private Result run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    for (CommandLine command : line.getSubcommands().values()) {
      command.setOut(line.getOut()).setErr(line.getErr());
    }
    return new Result(line.execute(arguments), out.toString(), err.toString());
  }

  @BeforeEach
  void writeFiles() throws IOException {
    String valid =
        """
        title: Tiny
        settings:
          data: {train: 100, test: 50}
          model: logistic
          federation: {clients: 5}
          training: {epochs: 1}
          rounds: 1
        """;
    Files.writeString(folder.resolve("tiny.yaml"), valid);
    Files.writeString(folder.resolve("typo.yaml"), valid.replace("epochs", "epoks"));
    Files.writeString(folder.resolve("type.yaml"), valid.replace("rounds: 1", "rounds: many"));
    Files.writeString(folder.resolve("broken.yaml"), valid + "grid: [");
    Files.writeString(folder.resolve("empty.yaml"), "");
    Files.writeString(
        folder.resolve("figure.yaml"), valid + "figures:\n  - {kind: curves, serie: arm}\n");
    Files.writeString(folder.resolve("many.yaml"), valid.replace("clients: 5", "clients: 500"));
    Files.writeString(
        folder.resolve("groups.yaml"),
        valid.replace("model: logistic", "model: {name: resnet-8, normaliser: gn-5}"));
    Files.writeString(
        folder.resolve("momentum.yaml"),
        valid.replace("{epochs: 1}", "{epochs: 1, momentum: 0.9}") + "  method: scaffold\n");
    Files.writeString(
        folder.resolve("cifar.yaml"), valid.replace("{train", "{set: cifar-10, train"));
    Files.writeString(folder.resolve("images.yaml"), valid.replace("train: 100", "train: 6000"));
    Files.writeString(folder.resolve("control.yaml"), valid + "title2: \u0007\n");
    Files.writeString(folder.resolve("brackets.yaml"), valid + "grid: " + "[".repeat(60) + "\n");
    Files.writeString(
        folder.resolve("aliases.yaml"), valid + "grid: {a: &a [1, 2], b: [*a, *a, *a]}\n");
    Files.writeString(
        folder.resolve("large.yaml"), valid + "question: " + "x ".repeat(2 << 20) + "\n");
    Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xe4});
    Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nowhere"));
    Files.createDirectories(folder.resolve("nodata"));
    Files.createDirectories(folder.resolve("folder.yaml"));
    Files.createDirectories(folder.resolve("damaged/cifar-10-batches-bin"));
    Files.writeString(folder.resolve("damaged/cifar-10-batches-bin/data_batch_1.bin"), "short");
    Files.createDirectories(folder.resolve("results"));
    Files.writeString(folder.resolve("results/provenance.json"), "{}");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        // The command line.
        "fly | Unmatched argument",
        "run | Missing required parameter",
        "run divergence/depht | did you mean 'divergence/depth'",
        "run divergense | did you mean 'divergence'",
        "run @/absent.yaml | cannot read",
        "run @/folder.yaml | folder.yaml is a folder, where an experiment file is expected",
        "run @/tiny.yaml --scale labtop | did you mean 'laptop'",
        "run @/tiny.yaml --out / | / cannot hold results",
        "run @/tiny.yaml --out @/tiny.yaml | cannot hold results",
        "run @/tiny.yaml --out @/dangling | dangling is a link that leads nowhere",
        "run @/tiny.yaml --workers 0 | --workers is 0",
        "run @/tiny.yaml --workers two | two",
        "run @/tiny.yaml --executor gpu | no executor 'gpu'",
        "run @/tiny.yaml --seeds -1 | --seeds has -1",
        "run @/tiny.yaml --seeds a,b | --seeds has a, expected whole numbers from 0",
        "run @/tiny.yaml --seeds 2-0 | --seeds has 2-0, expected a range of 1 to 1000 seeds",
        "run @/tiny.yaml --seeds 0-999999999 | expected a range of 1 to 1000 seeds",
        "run @/tiny.yaml --set method={name:fedavg,name:fedavg} | --set method:",
        "run @/tiny.yaml --set model={name:[,width:1} | --set model: no YAML",
        "run @/tiny.yaml --set rounds=2 --set rounds=3 | --set rounds: rounds is set twice",
        "run @/control.yaml | control.yaml: no YAML: the character U+0007",
        "run @/brackets.yaml | brackets.yaml: no YAML: ",
        "run @/aliases.yaml | an alias (*) is not read here",
        "run @/large.yaml | large.yaml: no YAML: ",
        "run @/latin.yaml | latin.yaml is no text in UTF-8",
        "run @/tiny.yaml --checkpoint -5 | --checkpoint is -5",
        "run @/tiny.yaml --set rounds | --set rounds: expected key=value",
        "run @/tiny.yaml --set ruonds=5 | did you mean 'rounds'",
        "run @/tiny.yaml --set rounds=0 | rounds is 0",
        "run @/tiny.yaml --set model.name=resnet-9 | resnet-8",
        "run @/tiny.yaml --nonsense | Unknown option",
        "list methodes | did you mean 'methods'",
        "data cifar-11 | did you mean 'cifar-10'",
        "data --from x.zip | the one set",
        "verify @/nodata | no provenance.json there",
        "verify @/results | not a provenance",
        "figures nonsense | no experiment or paper 'nonsense'",
        "figures all --style web --out @/absent | no results",
        "figures --style poster | poster",
        // The configuration.
        "run @/typo.yaml | typo.yaml:6: unknown key training.epoks; did you mean 'training.epochs'",
        "run @/type.yaml | type.yaml:7: rounds is 'many', expected a whole number",
        "run @/broken.yaml | broken.yaml",
        "run @/figure.yaml | figure.yaml:9: unknown key serie; did you mean 'series'",
        "run @/empty.yaml | expected an experiment",
        "run @/many.yaml | federation.clients is 500, more than the 100 training images",
        "run @/groups.yaml | 5 groups do not divide",
        "run @/momentum.yaml | momentum",
        // The data.
        "run @/cifar.yaml --data @/nodata | environment/fedlayers data cifar-10",
        "run @/cifar.yaml --data @/damaged | cifar-10",
        "run @/images.yaml | 6000",
        "data cifar-10 --from @/absent.tar.gz --data @/nodata | absent.tar.gz",
      })
  void oneMessageAndExitCodeTwo(String arguments, String message) {
    String text = arguments.replace("@", folder.toString());
    if (text.startsWith("run") && !text.contains("--out")) {
      text += " --out " + folder.resolve("out");
      refused(text + " --dry-run", message); // what a run would refuse
    }
    refused(text, message);
  }

  private void refused(String text, String message) {
    Result result = run(text.split(" "));
    assertThat(result.err()).contains(message);
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err() + result.out()).doesNotContain("Exception", "\tat ");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void helpAndListsEndWell() {
    for (String kind :
        new String[] {
          "experiments",
          "methods",
          "models",
          "normalisers",
          "partitions",
          "data",
          "settings",
          "figures"
        }) {
      Result listed = run("list", kind);
      assertThat(listed.code()).isZero();
      assertThat(listed.out()).isNotBlank();
    }
    for (String command :
        new String[] {"run", "resume", "measure", "list", "data", "figures", "verify"}) {
      Result help = run(command, "--help");
      assertThat(help.code()).isZero();
      assertThat(help.out()).contains("Example");
    }
  }

  /** A longer line would be wrapped in the middle of a command. */
  @Test
  void examplesFitATerminal() {
    CommandLine line = Main.commandLine();
    for (CommandLine command : line.getSubcommands().values()) {
      assertThat(command.getCommandSpec().usageMessage().footer())
          .as(command.getCommandName())
          .allMatch(text -> text.length() < line.getUsageHelpWidth());
    }
  }

  @Test
  void aDryRunTellsTimesInUnitsOfTheirSize() {
    Path out = folder.resolve("good");
    String file = folder.resolve("tiny.yaml").toString();
    Result dry = run("run", file, "--out", out.toString(), "--dry-run", "--workers", "2");
    assertThat(dry.out().lines())
        .containsExactly(
            "own/tiny at quick scale: 1 cell, 0 finished; what is left takes roughly 1 s on"
                + " 2 cores",
            "  federated seed 0");
    assertThat(out).doesNotExist();
  }

  @Test
  void aRunThatWorksEndsWithZeroAndCanBeVerified() {
    Path out = folder.resolve("good");
    Result ran = run("run", folder.resolve("tiny.yaml").toString(), "--out", out.toString());
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    Result verified = run("verify", out.resolve("quick/own/tiny").toString());
    assertThat(verified.out()).contains("verified: equal bytes");
    assertThat(verified.code()).isZero();
  }
}
