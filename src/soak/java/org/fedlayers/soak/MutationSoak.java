package org.fedlayers.soak;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Settings and command lines by mutation: each is taken, or refused in words. */
class MutationSoak {
  private static final List<String> ODD =
      List.of(
          "0",
          "-1",
          "1e308",
          "1e-320",
          "NaN",
          "2147483647",
          "9223372036854775807",
          "1e999",
          "''",
          "null",
          "[]",
          "{}",
          "[[[[",
          "]",
          "{a: b}",
          "true",
          "\u0007",
          "\u202e",
          "\ud83d\ude00",
          "*x",
          "&x [*x]",
          "!!java.net.URL [x]",
          "- -",
          "? :",
          "%",
          "@",
          "\t",
          "gn-0",
          "a".repeat(9000),
          "[".repeat(60),
          "0x1F",
          "1_000",
          "12:30:45",
          "2026-11-26",
          "../../etc",
          "i\u0307");

  @TempDir private Path folder;

  @Test
  void settingsAreTakenOrRefusedInWords() {
    List<Source> sources = Catalogue.find("all");
    Tally tally = new Tally("mutated settings");
    tally.trials(
        3000,
        120,
        random -> {
          Source source = sources.get(random.nextInt(sources.size()));
          String text = source.text();
          for (int i = random.nextInt(1, 4); i > 0; i--) {
            text = mutated(text, random);
          }
          String scale =
              ExperimentReader.SCALES.get(random.nextInt(ExperimentReader.SCALES.size()));
          try {
            ExperimentReader.read(
                new Source("own", "mutant", "mutant.yaml", text), scale, List.of(), List.of());
            return "taken";
          } catch (UserError e) {
            new Program.Ended(2, e.getMessage()).inWords();
            return "refused in words";
          }
        });
    tally.close();
  }

  /**
   * One change to a line: of a value, of a letter, of its place, or of the number of its copies.
   */
  private static String mutated(String text, SplittableRandom random) {
    List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
    int at = random.nextInt(lines.size());
    String line = lines.get(at);
    int letter = line.isEmpty() ? 0 : random.nextInt(line.length());
    String odd = ODD.get(random.nextInt(ODD.size()));
    switch (random.nextInt(8)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, line);
      case 2 -> lines.add(random.nextInt(lines.size()), lines.remove(at));
      case 3 -> lines.set(at, line.substring(0, letter));
      case 4 -> lines.set(at, line.substring(0, letter) + odd + line.substring(letter));
      case 5 -> lines.set(at, " ".repeat(random.nextInt(5)) + line);
      case 6 ->
          lines.set(
              at, line.replaceFirst(":[^:]*$", ": " + odd.replace("$", "").replace("\\", "")));
      default -> lines.set(at, line.replaceFirst("\\d+", odd.replace("$", "").replace("\\", "")));
    }
    return String.join("\n", lines);
  }

  @Test
  void commandLinesAreAnsweredInWords() throws IOException {
    List<String> words = new ArrayList<>(ODD);
    words.addAll(
        List.of(
            "list",
            "data",
            "figures",
            "claims",
            "verify",
            "resume",
            "run",
            "--help",
            "--version",
            "--scale",
            "quick",
            "laptop",
            "--seeds",
            "--set",
            "rounds=1",
            "rounds=0",
            "model=",
            "=",
            "training.man=[0,",
            "model.name=[resnet-8]",
            "--out",
            "--state",
            "--workers",
            "--executor",
            "auto",
            "plan",
            "--checkpoint",
            "--fresh",
            "--from",
            "cifar-10",
            "man/methods",
            "all",
            "divergence",
            "methods",
            "models",
            "settings",
            "--style",
            "paper",
            "--cell",
            "--"));
    Tally tally = new Tally("mutated command lines");
    List<String> roots = List.of("list", "run", "resume", "verify", "data", "figures", "claims");
    tally.trials(
        4000,
        60,
        random -> {
          String root = roots.get(random.nextInt(roots.size()));
          List<String> arguments = new ArrayList<>(List.of(root));
          for (int i = random.nextInt(5); i > 0; i--) {
            arguments.add(words.get(random.nextInt(words.size())));
          }
          arguments.addAll(harmless(root));
          int code = Program.run(arguments).inWords().code();
          return root + " ended with " + code;
        });
    tally.close();
  }

  /** Keeps a command from long work, the network and the checkout: these come last and win. */
  private List<String> harmless(String root) {
    String empty = folder.resolve("none").toString();
    return switch (root) {
      case "run", "resume" -> List.of("--set", "no.such.setting=1", "--out", empty);
      case "data" -> List.of("--from", empty, "--data", empty);
      case "figures" -> List.of("--out", empty);
      case "claims" -> List.of("--results", empty);
      case "verify" -> List.of(empty);
      default -> List.of();
    };
  }
}
