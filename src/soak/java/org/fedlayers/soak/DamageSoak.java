package org.fedlayers.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.fedlayers.Damage;
import org.fedlayers.Folders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of state and of results are damaged in every way, one at a time. */
class DamageSoak {
  @TempDir private Path folder;

  @BeforeEach
  void writeExperiment() throws IOException {
    Files.writeString(folder.resolve("killed.yaml"), KillSoak.EXPERIMENT);
  }

  private List<String> run(Path out, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of("run", folder.resolve("killed.yaml").toString(), "--out", out.toString()));
    command.addAll(List.of("--checkpoint", "0", "--workers", "2"));
    command.addAll(List.of(more));
    return command;
  }

  @Test
  void damagedStateIsStartedAgain() throws Exception {
    Path undisturbed = folder.resolve("undisturbed");
    assertThat(Program.run(run(undisturbed)).code()).isZero();
    Map<String, String> expected = Folders.results(undisturbed);
    Path stopped = stoppedState();

    Tally tally = new Tally("damaged state");
    List<Path> files = Folders.files(stopped);
    assertThat(files).hasSizeGreaterThan(4);
    tally.trials(
        1000,
        12,
        random -> {
          Path file = files.get(random.nextInt(files.size()));
          Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
          return resumed(stopped, file, damage, random, expected);
        });
    tally.close();
  }

  /** What a kill leaves once every kind of file of state is there. */
  private Path stoppedState() throws IOException, InterruptedException {
    Path out = folder.resolve("stopped");
    Path state = folder.resolve("stopped-state");
    Process process = Program.start(folder.resolve("log"), run(out));
    while (process.isAlive() && !(has(state, "finished") && has(state, "checkpoint"))) {
      Thread.sleep(5);
    }
    process.destroyForcibly().waitFor();
    return state;
  }

  private static boolean has(Path state, String name) {
    try {
      return Files.isDirectory(state)
          && Folders.files(state).stream().anyMatch(file -> file.endsWith(name));
    } catch (UncheckedIOException e) {
      // A file went while the folder was being listed.
      return false;
    }
  }

  private String resumed(
      Path stopped, Path file, Damage damage, SplittableRandom random, Map<String, String> expected)
      throws IOException {
    Path out = Files.createTempDirectory(folder, "trial").resolve("out");
    Path state = out.resolveSibling("out-state");
    Folders.copy(stopped, state);
    Path victim = state.resolve(stopped.relativize(file).toString());
    if (!damage.inflict(victim, random)) {
      return "nothing to damage";
    }
    Program.Ended ended = Program.run(run(out)).inWords();
    assertThat(ended.code()).as("%s %s: %s", file, damage, ended.text()).isZero();
    Program.requireEqual(expected, Folders.results(out));
    return "equal bytes";
  }

  @Test
  void damagedResultsAreNamed() throws Exception {
    Path whole = folder.resolve("whole");
    assertThat(Program.run(run(whole)).code()).isZero();
    List<Path> files = Folders.files(whole);
    Tally tally = new Tally("damaged results");
    tally.trials(
        2000,
        12,
        random -> {
          Path results = Files.createTempDirectory(folder, "results").resolve("out");
          Folders.copy(whole, results);
          Path victim =
              results.resolve(whole.relativize(files.get(random.nextInt(files.size()))).toString());
          Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
          if (!damage.inflict(victim, random)) {
            return "nothing to damage";
          }
          return read(results, random);
        });
    tally.close();
  }

  private String read(Path results, SplittableRandom random) {
    String experiment = folder.resolve("killed.yaml").toString();
    List<List<String>> commands =
        List.of(
            List.of("figures", experiment, "--out", results.toString()),
            List.of("claims", "--results", results.toString()),
            List.of("verify", results.resolve("quick/own/killed").toString()),
            List.of(
                "resume",
                experiment,
                "--out",
                results.toString(),
                "--state",
                results.resolveSibling("state").toString()));
    List<String> command = commands.get(random.nextInt(commands.size()));
    return command.get(0) + " ended with " + Program.run(command).inWords().code();
  }
}
