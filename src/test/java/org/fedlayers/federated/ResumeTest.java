package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.ThreadEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is taken up from server state and client memory gives the bytes of one that was not.
 */
class ResumeTest {
  @TempDir Path folder;

  private final Quadratic problem = Quadratic.of(6, 10, 40, 30, 5).withBatches(2).withScale();

  private Federation federation(Setting setting, ClientMemory memory, ThreadEngine engine) {
    return new Federation(
        problem, setting, new float[] {1, 2, 3, 4, 5, 6}, new float[] {0, 1}, engine, memory, true);
  }

  @Test
  void goesOnWhereItStopped() throws IOException {
    TrainingSettings plain = TrainingSettings.epochs(2, 0.05).with("decay", 0.9);
    TrainingSettings momentum =
        plain.with("momentum", 0.9).with("buffers", TrainingSettings.Momentum.LOCAL);
    TrainingSettings sent =
        plain.with("momentum", 0.9).with("buffers", TrainingSettings.Momentum.GLOBAL);
    for (Setting setting :
        List.of(
            setting(new FedDc(0.1), plain, StatisticsPolicy.PERSONAL),
            setting(new FedSpeed(0.1, 0.1), momentum, StatisticsPolicy.frozenFrom(4)),
            setting(new FedSam(0.1), plain, StatisticsPolicy.GLOBAL),
            setting(new FedAvgM(0.5), sent, StatisticsPolicy.AVERAGED))) {
      try (var engine = new ThreadEngine(2)) {
        Federation whole = federation(setting, ClientMemory.onHeap(), engine);
        for (int round = 0; round < 6; round++) {
          whole.round();
        }
        Path own = folder.resolve(setting.method().toString());
        ClientMemory memory = ClientMemory.in(own, 100);
        Federation stopped = federation(setting, memory, engine);
        for (int round = 0; round < 3; round++) {
          stopped.round();
        }
        ServerState server = stopped.server();
        Map<String, String> files = memory.save();
        memory.checkpointed(files);
        // Rounds after the checkpoint are lost in the crash.
        stopped.round();

        ClientMemory restored = ClientMemory.in(own, 100);
        restored.restore(files);
        Federation resumed = federation(setting, restored, engine);
        resumed.restore(server);
        for (int round = 3; round < 6; round++) {
          resumed.round();
        }
        for (Average average : Average.values()) {
          assertThat(resumed.average(average).weights())
              .as("%s %s", setting.method(), average)
              .containsExactly(whole.average(average).weights());
          assertThat(resumed.average(average).statistics())
              .containsExactly(whole.average(average).statistics());
        }
      }
    }
  }

  private static Setting setting(
      Method method, TrainingSettings training, StatisticsPolicy statistics) {
    return new Setting(method, training, Draws.fixed(2), statistics, 1, new Randomness(8));
  }
}
