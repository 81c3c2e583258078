package org.fedlayers.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * What one attack tried and how often each outcome was seen. Trials are counted, never timed, and
 * each has its own generator, made from its number: a failing trial can be repeated alone.
 */
public final class Tally {
  /** How many times as many trials as {@code make test} makes. */
  static final int EFFORT = Integer.getInteger("soak.effort", 1);

  private static final String HEADER = "attack,outcome,trials";

  private final String attack;
  private final Map<String, Integer> outcomes = new TreeMap<>();
  private final List<String> violations = new ArrayList<>();

  public Tally(String attack) {
    this.attack = attack;
  }

  /** A trial that makes its own choices and says how it ended. */
  public interface Trial {
    String run(SplittableRandom random) throws Exception;
  }

  /**
   * @param first number of the first trial
   * @param count how many trials at effort 1
   */
  public void trials(int first, int count, Trial trial) {
    for (int number = first; number < first + count * EFFORT; number++) {
      one("trial " + number, number, trial);
    }
  }

  public void one(String name, long seed, Trial trial) {
    try {
      outcome(trial.run(new SplittableRandom(seed)));
    } catch (Exception | AssertionError | StackOverflowError | OutOfMemoryError e) {
      violations.add(name + ": " + e);
    }
  }

  public void outcome(String outcome) {
    outcomes.merge(outcome, 1, Integer::sum);
  }

  /** Fails where any trial did; else records what was seen, if that is asked for. */
  public void close() {
    assertThat(violations).as(attack).hasSize(0);
    String record = System.getProperty("soak.record");
    if (record != null) {
      record(Path.of(record));
    }
  }

  private void record(Path table) {
    try {
      List<String> rows = new ArrayList<>();
      if (Files.exists(table)) {
        Files.readAllLines(table).stream()
            .skip(1)
            .filter(row -> !row.startsWith(attack + ","))
            .forEach(rows::add);
      }
      outcomes.forEach((outcome, trials) -> rows.add(attack + "," + outcome + "," + trials));
      rows.sort(null);
      rows.add(0, HEADER);
      Files.createDirectories(table.toAbsolutePath().getParent());
      Files.writeString(table, String.join("\n", rows) + "\n", StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot record the soak in " + table, e);
    }
  }
}
