package org.fedlayers;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.InstanceOfAssertFactories.THROWABLE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedlayers.federated.RoundListener;
import org.fedlayers.federated.RoundReport;
import org.fedlayers.federated.ServerState;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are kept, interrupted, and go on. */
class RunFolderTest {
  private static final Simulation SMALL = FrontDoorTest.SMALL;

  @Test
  void goesOnInAnotherProcess(@TempDir Path folder) {
    Simulation measured = SMALL.method("scaffold").measure("divergence");
    Simulation kept = measured.in(folder.resolve("mine"));
    kept.start(4).rounds(2);
    Run resumed = kept.run(4);
    Run atOnce = measured.run(4);
    assertThat(resumed.model().weights()).isEqualTo(atOnce.model().weights());
    assertThat(resumed.history().toString()).isEqualTo(atOnce.history().toString());
    assertThat(resumed.divergence().rowCount()).isEqualTo(4 * 2);
    assertThat(resumed.divergence().printAll()).isEqualTo(atOnce.divergence().printAll());
    assertThatThrownBy(() -> kept.seed(1).run(4))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("another folder");
  }

  private static RoundListener interrupting(int round, boolean atStart) {
    return new RoundListener() {
      @Override
      public void roundStarted(ServerState server) {
        interrupt(atStart && server.round() == round);
      }

      @Override
      public void roundEnded(ServerState server, RoundReport report) {
        interrupt(!atStart && report.round() == round);
      }

      private void interrupt(boolean now) {
        if (now) {
          Thread.currentThread().interrupt();
        }
      }
    };
  }

  @Test
  void anInterruptKeepsWhatIsDone(@TempDir Path folder) {
    Run stopped = SMALL.in(folder).start(4);
    stopped.federation().listen(interrupting(2, true));
    assertThatThrownBy(stopped::finish).isNotInstanceOf(UncheckedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(SMALL.in(folder).start(4).round()).isEqualTo(2);
  }

  @Test
  void aSecondRunInOneFolderIsRefusedBeforeItTrains(@TempDir Path folder) {
    Simulation kept = SMALL.in(folder);
    Run first = kept.start(4);
    Run second = kept.start(4);
    List<Throwable> whileTheFirstTrains = new ArrayList<>();
    first
        .federation()
        .listen(
            new RoundListener() {
              @Override
              public void roundEnded(ServerState server, RoundReport report) {
                whileTheFirstTrains.add(catchThrowable(() -> second.rounds(1)));
              }
            });
    first.rounds(1);
    assertThat(whileTheFirstTrains)
        .singleElement(as(THROWABLE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("holds the lock");
    assertThatThrownBy(() -> second.rounds(1))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("another run has gone on in " + folder);
    assertThat(second.round()).isZero();
    assertThat(kept.start(4).rounds(1).round()).isEqualTo(2);
  }

  /** The round is over, so it is only scored when the run goes on. */
  @Test
  void anInterruptWhileScoringLosesNoRow() {
    Run stopped = SMALL.start(3);
    stopped.federation().listen(interrupting(2, false));
    assertThatThrownBy(stopped::finish).isNotNull();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(stopped.round()).isEqualTo(3);
    assertThat(stopped.history().rowCount()).isEqualTo(2);
    assertThat(stopped.finish().history().toString()).isEqualTo(SMALL.run(3).history().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rounds\n", "round,samples\n1,2\n"})
  void refusesAKeptRunWithoutItsHistory(String damaged, @TempDir Path folder) throws IOException {
    Simulation kept = SMALL.in(folder);
    kept.start(4).rounds(1);
    Files.writeString(folder.resolve("history.csv"), damaged);
    assertThatThrownBy(() -> kept.run(4))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("history.csv")
        .hasMessageContaining("another folder");
    Files.delete(folder.resolve("history.csv"));
    assertThatThrownBy(() -> kept.run(4))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("history.csv");
  }
}
