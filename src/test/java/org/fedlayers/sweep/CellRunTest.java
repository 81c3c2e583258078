package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

/** What a scored round says. */
class CellRunTest {
  /** So slow that the penalty does not change what is learnt. */
  private static final String YAML =
      """
      settings:
        data: {train: 60, test: 30}
        model: {name: mlp-2, width: 0.05}
        federation: {clients: 3}
        training: {epochs: 1, batch: 10, rate: 1.0e-12}
        rounds: 2
      """;

  @TempDir private Path folder;

  private Table rounds(String zeta) {
    List<String> set = List.of("training.man=" + zeta);
    Source source = new Source("own", "tiny", "tiny.yaml", YAML);
    RunOptions options = RunOptions.into(folder.resolve(zeta)).on(folder, 1, Executor.AUTO);
    new Sweep(
            ExperimentReader.read(source, "quick", set, List.of()), options, new SweepProgress() {})
        .run();
    return Table.read().csv(folder.resolve(zeta).resolve("quick/own/tiny/rounds.csv").toString());
  }

  @Test
  void theTrainingLossIsWithoutThePenaltyWhichStandsBesideIt() {
    Table plain = rounds("0");
    Table penalised = rounds("0.5");
    for (int row = 0; row < 2; row++) {
      assertThat(penalised.numberColumn("train_loss").getDouble(row))
          .isCloseTo(plain.numberColumn("train_loss").getDouble(row), within(1e-5));
      assertThat(plain.numberColumn("penalty").getDouble(row)).isZero();
      assertThat(penalised.numberColumn("penalty").getDouble(row)).isGreaterThan(1e-3);
    }
  }
}
