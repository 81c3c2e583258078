package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.fedlayers.Damage;
import org.fedlayers.Folders;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * Every file of the state of a stopped run, damaged in every way: the run that goes on warns once,
 * names the file, and ends in the bytes of one that nothing has happened to.
 */
class DamagedStateTest {
  private static final String YAML =
      """
      title: Tiny
      settings:
        data: {train: 40, test: 30}
        model: logistic
        method: METHOD
        federation: {clients: 2}
        training: {epochs: 1, batch: 10, rate: 0.05}
        rounds: 4
        scoring: {averages: [AVERAGE]}
      grid:
        partition: [iid, {name: equal-dirichlet, concentration: 0.3}]
      seeds: [0]
      """;

  /** What happens to files of state besides {@link Damage}. */
  private enum Mix {
    SWAPPED_WITH_THE_NEXT,
    THAT_OF_ANOTHER_CELL,
    THAT_OF_ANOTHER_ROUND
  }

  private static final List<Enum<?>> KINDS =
      Stream.<Enum<?>[]>of(Damage.values(), Mix.values()).flatMap(Stream::of).toList();

  @TempDir private Path folder;

  @TestFactory
  List<DynamicTest> scaffold() throws IOException {
    return tests("scaffold", "all");
  }

  @TestFactory
  List<DynamicTest> feddyn() throws IOException {
    return tests("feddyn", "cohort");
  }

  private List<DynamicTest> tests(String method, String average) throws IOException {
    Experiment experiment =
        ExperimentReader.read(
            new Source(
                "own",
                "tiny",
                "tiny.yaml",
                YAML.replace("METHOD", method).replace("AVERAGE", average)),
            "quick",
            List.of(),
            List.of());
    // Stopped after one task, after two, and so on until nothing stops it.
    List<Path> stopped = new ArrayList<>();
    Path next = folder.resolve("run-100");
    while (crashes(experiment, next, 1 + stopped.size())) {
      stopped.add(next);
      next = folder.resolve("run-" + (100 + stopped.size()));
    }
    Map<String, String> expected = results(next);
    // The first cell is finished, the second has done all rounds but the last.
    Path last = stopped.get(stopped.size() - 1);
    List<Path> others = Folders.files(folder);
    List<DynamicTest> tests = new ArrayList<>();
    for (Path file : Folders.files(last.resolve("state"))) {
      for (Enum<?> damage : KINDS) {
        Path own = last.relativize(file);
        Path place = folder.resolve(tests.size() + "-" + damage);
        Folders.copy(last, place);
        if (damaged(place.resolve(own), damage, others)) {
          tests.add(
              DynamicTest.dynamicTest(
                  role(file) + " of " + cell(file) + ": " + damage,
                  () -> {
                    List<String> warnings = warningsOf(experiment, place);
                    assertThat(results(place)).isEqualTo(expected);
                    assertThat(warnings).singleElement().asString().contains(cell(file));
                    assertThat(Folders.files(place.resolve("state")))
                        .as("nothing is left of what finished cells needed on their way")
                        .allMatch(kept -> role(kept).equals("finished"));
                  }));
        }
      }
    }
    assertThat(tests).hasSizeGreaterThan(25);
    return tests;
  }

  /** Whether there is a way to do this to the file. */
  private static boolean damaged(Path file, Enum<?> damage, List<Path> others) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    if (damage instanceof Damage plain) {
      return plain.inflict(file, new SplittableRandom(role(file).hashCode()));
    }
    if (damage == Mix.SWAPPED_WITH_THE_NEXT) {
      List<Path> all = Folders.files(file.getParent());
      Path next = all.get((all.indexOf(file) + 1) % all.size());
      Files.write(file, Files.readAllBytes(next));
      Files.write(next, bytes);
    } else {
      boolean same = damage == Mix.THAT_OF_ANOTHER_ROUND;
      for (Path other : others) {
        if (role(other).equals(role(file))
            && cell(other).equals(cell(file)) == same
            && !(same && memory(other).equals(memory(file)))) {
          Files.write(file, Files.readAllBytes(other));
          break;
        }
      }
    }
    return !Arrays.equals(Files.readAllBytes(file), bytes);
  }

  private boolean crashes(Experiment experiment, Path place, int tasks) {
    Map<Cell, String> failed = run(experiment, place, tasks).failed();
    assertThat(failed.values()).allMatch(why -> why.startsWith(SweepTest.Crash.class.getName()));
    return !failed.isEmpty();
  }

  private Sweep.Outcome run(Experiment experiment, Path place, int tasks) {
    RunOptions options =
        RunOptions.into(place.resolve("out"))
            .withState(place.resolve("state"))
            .on(folder, 1, Executor.AUTO)
            .on(threads -> new SweepTest.Dying(new ThreadEngine(threads), new AtomicInteger(tasks)))
            .checkpointing(Duration.ZERO);
    return new Sweep(experiment, options, new SweepProgress() {}).run();
  }

  private List<String> warningsOf(Experiment experiment, Path place) {
    Logger logger = (Logger) LoggerFactory.getLogger("org.fedlayers");
    ListAppender<ILoggingEvent> heard = new ListAppender<>();
    heard.start();
    logger.addAppender(heard);
    try {
      assertThat(run(experiment, place, Integer.MAX_VALUE).failed()).isEmpty();
    } finally {
      logger.detachAppender(heard);
    }
    return heard.list.stream()
        .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static Map<String, String> results(Path place) throws IOException {
    return Folders.results(place.resolve("out"));
  }

  /** What a file of state is for, whatever its version: the beginning of its name. */
  private static String role(Path file) {
    return file.getFileName().toString().replaceFirst("\\..*", "");
  }

  /** The names of clients' files that a file belongs to: those of another round differ. */
  private static List<String> memory(Path file) throws IOException {
    Path memory =
        role(file).equals("checkpoint") ? file.resolveSibling("memory") : file.getParent();
    return Folders.files(memory).stream().map(kept -> kept.getFileName().toString()).toList();
  }

  /** Below {@code state/SCALE/PAPER/EXPERIMENT}. */
  private static String cell(Path file) {
    String path = file.toString();
    return path.contains("own/tiny/") ? path.split("own/tiny/")[1].split("/")[0] : "";
  }
}
