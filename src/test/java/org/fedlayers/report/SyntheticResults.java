package org.fedlayers.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.experiment.FigureSpec;

/**
 * A results folder whose numbers are chosen, so that what figures must show is known: with depth d
 * and seed s, the accuracy after round r of 12 is base + r / 100 + s / 1000, where base is 0.6 for
 * the central arm and 0.6 - d / 100 for the federated one. The mean over the end of the run, rounds
 * 9 to 12, is therefore base + 0.105 + s / 1000, and central minus federated d / 100 for every
 * seed.
 */
final class SyntheticResults {
  static final int ROUNDS = 12;
  static final int[] DEPTHS = {8, 20};
  static final String ROUNDS_HEADER =
      "cell,arm,seed,round,steps,samples,model,accuracy,loss,train_loss,cohort,status,model.name\n";

  private SyntheticResults() {}

  static double accuracy(String arm, int depth, int seed, int round) {
    double base = 0.6 - (arm.equals("federated") ? depth / 100.0 : 0);
    return base + round / 100.0 + seed / 1000.0;
  }

  /**
   * @param root a temporary folder
   * @return the experiment's folder
   */
  static Path write(Path root) throws IOException {
    Path folder = Files.createDirectories(root.resolve("results/laptop/divergence/depth"));
    StringBuilder rounds = new StringBuilder(ROUNDS_HEADER);
    StringBuilder summary =
        new StringBuilder(
            "group,arm,model,n,diverged,last,last_low,last_high,last10,last10_low,last10_high,"
                + "best,best_low,best_high,train_loss,steps,samples,weights,depth,receptive_field,"
                + "model.name\n");
    for (int depth : DEPTHS) {
      for (String arm : new String[] {"federated", "central-large"}) {
        for (int seed = 0; seed < 3; seed++) {
          for (int round = 1; round <= ROUNDS; round++) {
            rounds.append(
                "%s%d,%s,%d,%d,%d,%d,cohort,%.6f,%.6f,%.6f,10,ok,resnet-%d\n"
                    .formatted(
                        arm,
                        depth,
                        arm,
                        seed,
                        round,
                        8 * round,
                        40_000 * round,
                        accuracy(arm, depth, seed, round),
                        1.0 / round,
                        0.5 / round,
                        depth));
          }
        }
        double last10 = accuracy(arm, depth, 1, 0) + 0.075;
        summary.append(
            String.format(
                Locale.ROOT,
                "%s,%s,cohort,3,0,%f,%f,%f,%f,%f,%f,%f,%f,%f,0.1,96,480000,%d,%d,%d,resnet-%d\n",
                arm,
                arm,
                last10 + 0.1,
                last10,
                last10 + 0.2,
                last10,
                last10 - 0.02,
                last10 + 0.02,
                last10 + 0.3,
                last10,
                last10 + 0.6,
                depth * 1000,
                depth,
                depth * 6,
                depth));
      }
    }
    Files.writeString(folder.resolve("rounds.csv"), rounds);
    Files.writeString(folder.resolve("summary.csv"), summary);
    Files.writeString(
        folder.resolve("partition.csv"),
        """
        cell,seed,client,class,samples
        c,0,0,1,30
        c,0,2,0,50
        c,0,10,1,20
        """);
    Files.writeString(
        folder.resolve("provenance.json"), "{\"data\":[{\"set\":\"cifar-10\",\"note\":\"\"}]}");
    return folder;
  }

  static final FigureSpec CURVES =
      FigureSpec.of(Map.of("kind", "curves", "series", "arm", "panel", "model.name"));
  static final FigureSpec GAP =
      FigureSpec.of(
          Map.of(
              "kind", "points",
              "name", "gap",
              "x", "depth",
              "contrast", Map.of("column", "arm", "of", "central-large", "minus", "federated"),
              "margin", 0.01));
  static final FigureSpec DEPTH =
      FigureSpec.of(Map.of("kind", "points", "name", "depth", "x", "depth", "series", "arm"));
  static final FigureSpec BARS =
      FigureSpec.of(Map.of("kind", "bars", "name", "bars", "x", "model.name", "series", "arm"));
  static final FigureSpec PARTITION =
      FigureSpec.of(
          Map.of(
              "kind", "heat",
              "name", "partition",
              "from", "partition.csv",
              "x", "client",
              "y", "class",
              "value", "samples",
              "missing", 0));
}
