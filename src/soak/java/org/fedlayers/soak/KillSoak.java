package org.fedlayers.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.fedlayers.Folders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is killed again and again, at any instant, ends with the bytes of one that was not.
 */
class KillSoak {
  static final String EXPERIMENT =
      """
      title: Killed
      settings:
        data: {train: 300, test: 60, augmentation: cifar}
        model: logistic
        federation: {clients: 6, participation: 0.5}
        training: {epochs: 2, batch: 10, rate: 0.05}
        rounds: 25
        scoring: {averages: [cohort, all]}
        measure: {what: [divergence]}
      grid:
        method: [scaffold, {name: feddyn, alpha: 0.1}]
        partition: [iid, {name: equal-dirichlet, concentration: 0.3}]
      seeds: [0]
      """;

  private static final int MOST_KILLS = 4;

  @TempDir private Path folder;

  private List<String> command(String name) {
    return List.of(
        "run",
        folder.resolve("killed.yaml").toString(),
        "--checkpoint",
        "0",
        "--workers",
        "2",
        "--out",
        folder.resolve(name).toString());
  }

  @Test
  void killsAtAnyInstantLeaveNoTrace() throws Exception {
    Files.writeString(folder.resolve("killed.yaml"), EXPERIMENT);
    long start = System.nanoTime();
    Process undisturbed = Program.start(folder.resolve("log"), command("undisturbed"));
    assertThat(undisturbed.waitFor()).isZero();
    long whole = (System.nanoTime() - start) / 1_000_000;
    Map<String, String> expected = Folders.results(folder.resolve("undisturbed"));

    Tally tally = new Tally("kill -9 in mid-run");
    tally.trials(
        0, 1, random -> chain(random, "chain" + random.nextLong(), whole, expected, tally));
    tally.close();
  }

  private String chain(
      SplittableRandom random, String name, long whole, Map<String, String> expected, Tally tally)
      throws IOException, InterruptedException {
    for (int kills = 0; ; kills++) {
      Process process = Program.start(folder.resolve("log"), command(name));
      // Starting takes the first two fifths; kills belong into the work.
      long patience =
          kills < MOST_KILLS ? random.nextLong(whole * 2 / 5, whole * 4 / 5) : Long.MAX_VALUE;
      if (process.waitFor(patience, TimeUnit.MILLISECONDS)) {
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
        Program.requireEqual(expected, Folders.results(folder.resolve(name)));
        return "chain ended in equal bytes";
      }
      process.destroyForcibly().waitFor();
      tally.outcome("killed; resumed");
    }
  }
}
