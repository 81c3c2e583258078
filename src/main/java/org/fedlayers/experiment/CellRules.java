package org.fedlayers.experiment;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedlayers.data.Partitions;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;

/** What the settings of one cell must satisfy together. */
final class CellRules {
  private static final List<Key<?>> OF_STATISTICS =
      List.of(Keys.AVERAGING, Keys.SWITCH, Keys.SWITCH_ROUND, Keys.FREEZE_AFFINE);

  private final Problems problems;

  /** Settings that some cell had to leave out, until another cell uses them. */
  private final Map<Key<?>, String> unused = new LinkedHashMap<>();

  private final Set<Key<?>> used = new HashSet<>();

  CellRules(Problems problems) {
    this.problems = problems;
  }

  /** Checks one cell and returns its configuration without what has no effect in it. */
  Configuration check(Configuration cell, Map<String, Located> located, String file) {
    Places places = new Places(located, file);
    onlyOne(cell, places, Keys.EPOCHS, Keys.STEPS, true);
    onlyOne(cell, places, Keys.ROUNDS, Keys.TOTAL_STEPS, true);
    onlyOne(cell, places, Keys.TRAIN, Keys.SAMPLES, false);
    onlyOne(cell, places, Keys.PARTICIPATION, Keys.COHORT, false);
    onlyOne(cell, places, Keys.EVERY, Keys.POINTS, false);
    onlyOne(cell, places, Keys.SWITCH, Keys.SWITCH_ROUND, false);
    onlyOne(cell, places, Keys.DECAY_EVERY, Keys.DECAY_AT, false);
    onlyOne(cell, places, Keys.DECAY_BY, Keys.DECAY_AT, false);
    onlyWith(cell, places, Keys.DECAY_AT, Keys.DECAY);
    onlyWith(cell, places, Keys.BORDER, Keys.AUGMENTATION);
    if (cell.has(Keys.BORDER) && cell.get(Keys.AUGMENTATION).equals("resized-crop")) {
      problems.add(
          places.of(Keys.BORDER), "data.border has no effect: resized-crop adds no border");
    }
    onlyWith(cell, places, Keys.BUFFERS, Keys.MOMENTUM);
    if (cell.get(Keys.MEASURES).contains(Measurements.STATISTICS)
        && cell.get(Keys.NORMALISER).equals("hbn")) {
      problems.add(
          places.of(Keys.MEASURES),
          "statistics of hbn cannot be measured: it normalises by what would be re-estimated");
    }
    checkCohort(cell, places);
    checkRounds(cell, places);
    checkCounts(cell, places);
    problems.attempt(
        places.of("partition"),
        () -> Partitions.parse(cell.get(Keys.PARTITION), cell.options("partition")));
    problems.attempt(places.of("model"), () -> CellBuilder.network(cell));
    problems.attempt(places.of("method"), () -> CellBuilder.checkedMethod(cell));
    return withoutUnused(cell, places);
  }

  private void onlyOne(
      Configuration cell, Places places, Key<?> one, Key<?> other, boolean needed) {
    if (cell.has(one) && cell.has(other)) {
      problems.add(places.of(other), other + " and " + one + " are both set, expected one of them");
    } else if (needed && !cell.has(one) && !cell.has(other)) {
      problems.add(places.file, one + " or " + other + " is needed: " + one.meaning());
    }
  }

  private void onlyWith(Configuration cell, Places places, Key<?> one, Key<?> needed) {
    if (cell.has(one) && !cell.has(needed)) {
      problems.add(
          places.of(one), one + " has no effect without " + needed + "; set it, or leave this out");
    }
  }

  private void checkCohort(Configuration cell, Places places) {
    Integer cohort = cell.get(Keys.COHORT);
    if (cohort != null && cohort > cell.get(Keys.CLIENTS)) {
      problems.add(
          places.of(Keys.COHORT),
          "%s is %d, more than the %d clients"
              .formatted(Keys.COHORT, cohort, cell.get(Keys.CLIENTS)));
    }
    Integer train = cell.get(Keys.TRAIN);
    if (train != null && cell.get(Keys.CLIENTS) > train) {
      problems.add(
          places.of(Keys.CLIENTS),
          "%s is %d, more than the %d training images of %s"
              .formatted(Keys.CLIENTS, cell.get(Keys.CLIENTS), train, Keys.TRAIN));
    }
  }

  private void checkRounds(Configuration cell, Places places) {
    Integer total = cell.get(Keys.TOTAL_STEPS);
    Integer steps = cell.get(Keys.STEPS);
    if (total != null && (steps == null || total % steps != 0)) {
      problems.add(
          places.of(Keys.TOTAL_STEPS),
          "%s is %d, expected a multiple of %s (%s)"
              .formatted(Keys.TOTAL_STEPS, total, Keys.STEPS, steps));
      return;
    }
    Integer points = cell.get(Keys.POINTS);
    if (points != null
        && (cell.has(Keys.ROUNDS) || total != null)
        && points > Schedule.rounds(cell)) {
      problems.add(
          places.of(Keys.POINTS),
          "%s is %d, but there are only %d rounds"
              .formatted(Keys.POINTS, points, Schedule.rounds(cell)));
    }
  }

  /** Counts of steps have to fit 32 bits, those of samples 64, whatever the arm. */
  private void checkCounts(Configuration cell, Places places) {
    long images = NominalHours.images(cell);
    if (images > Integer.MAX_VALUE) {
      problems.add(
          places.of(Keys.SAMPLES),
          "%s is %d for each of %d clients, more than any image set has"
              .formatted(Keys.SAMPLES, cell.get(Keys.SAMPLES), cell.get(Keys.CLIENTS)));
    }
    long side = 2L * cell.get(Keys.LANDSCAPE_STEPS) + 1;
    if (side * side > Integer.MAX_VALUE) {
      problems.add(
          places.of(Keys.LANDSCAPE_STEPS),
          "%s is %d: a landscape of %d x %d points is beyond measuring"
              .formatted(Keys.LANDSCAPE_STEPS, cell.get(Keys.LANDSCAPE_STEPS), side, side));
    }
    if (cell.has(Keys.EPOCHS) == cell.has(Keys.STEPS)
        || cell.has(Keys.ROUNDS) == cell.has(Keys.TOTAL_STEPS)) {
      return; // refused above
    }
    Key<Integer> local = cell.has(Keys.STEPS) ? Keys.STEPS : Keys.EPOCHS;
    int batch = cell.get(Keys.BATCH);
    long batches = local == Keys.STEPS ? CellBuilder.cohort(cell) : (images - 1) / batch + 1;
    try {
      int steps = Math.toIntExact(Math.multiplyExact((long) cell.get(local), batches));
      Math.multiplyExact((long) Schedule.rounds(cell) * steps, Math.min(batch, images));
    } catch (ArithmeticException tooMany) {
      problems.add(
          places.of(local),
          "%s is %d: with %d rounds and %d images in batches of %d, steps are beyond counting"
              .formatted(local, cell.get(local), Schedule.rounds(cell), images, batch));
    }
  }

  /** Options of a normaliser that the cell does not have are left out of it. */
  private Configuration withoutUnused(Configuration cell, Places places) {
    Configuration kept = cell;
    for (Key<?> key : OF_STATISTICS) {
      if (!cell.has(key)) {
        continue;
      }
      if (CellBuilder.uses(cell, key)) {
        used.add(key);
      } else {
        kept = kept.without(key);
        unused.put(key, places.of(key));
      }
    }
    return kept;
  }

  /** After all cells: a setting that no cell could use is a mistake. */
  void checkUse() {
    unused.forEach(
        (key, place) -> {
          if (!used.contains(key)) {
            problems.add(
                place,
                key + " has no effect: no cell has a normaliser that takes it; " + key.meaning());
          }
        });
  }

  /** Where settings were written. */
  private static final class Places {
    private final Map<String, Located> located;
    private final String file;

    Places(Map<String, Located> located, String file) {
      this.located = located;
      this.file = file;
    }

    String of(Key<?> key) {
      Located value = located.get(key.name());
      return value == null ? file : value.place();
    }

    /** The last setting of a group, where a mistake in the group as a whole is looked for. */
    String of(String group) {
      return located.entrySet().stream()
          .filter(entry -> entry.getKey().startsWith(group + "."))
          .map(entry -> entry.getValue().place())
          .reduce((first, second) -> second)
          .orElse(file);
    }
  }
}
