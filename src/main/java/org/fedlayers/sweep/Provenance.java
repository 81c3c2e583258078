package org.fedlayers.sweep;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.type.TypeReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.experiment.Deviation;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;

/**
 * What is needed to run every cell of a results folder again, and to say whether equal bytes may be
 * expected: the file {@code provenance.json}.
 *
 * @param format of the file
 * @param experiment for example {@code divergence/depth}
 * @param scale for example {@code laptop}
 * @param title of the experiment
 * @param claims ids of the claims that it tests
 * @param grid keys of what varies
 * @param seeds of all cells
 * @param environments what cells ran on, see {@link Environment}
 * @param data image sets, their fingerprints and notes
 * @param cells in the order of tables
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Provenance(
    int format,
    String experiment,
    String scale,
    String title,
    List<String> claims,
    List<String> grid,
    List<Long> seeds,
    List<Map<String, Object>> environments,
    List<Map<String, Object>> data,
    List<Entry> cells) {
  private static final int FORMAT = 1;
  private static final String MEASURED = "measure.what";

  /** Of a folder that holds no results. */
  static final Provenance NONE =
      new Provenance(
          FORMAT, "", "", "", List.of(), List.of(), List.of(), List.of(), List.of(), List.of());

  /**
   * One cell.
   *
   * @param cell id
   * @param environment index of what it ran on
   * @param data index of its images
   * @param configuration its settings
   * @param deviates in what it is not as registered; null if it is
   * @param verifiable false if something it is made of (a method, a partition, ...) is not in this
   *     library, else null
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entry(
      String cell,
      String arm,
      long seed,
      int environment,
      int data,
      Map<String, Object> configuration,
      String deviates,
      Boolean verifiable) {

    /** The cell; empty if something of the user's own that it is made of is not at hand. */
    Optional<Cell> known() {
      try {
        return Optional.of(asCell());
      } catch (UserError unknown) {
        if (verifiable == null) {
          throw unknown;
        }
        return Optional.empty();
      }
    }

    Cell asCell() {
      try {
        return new Cell(Configuration.of(configuration), Arm.named(arm), seed, Map.of());
      } catch (UserError unknown) {
        throw new UserError("cell " + cell + ": " + unknown.getMessage(), unknown);
      }
    }
  }

  /**
   * @param earlier settings of cells by id: where other tables are there than would be measured
   *     now, what they measured counts too
   */
  static Provenance of(
      Experiment experiment,
      Deviation deviation,
      Map<Cell, FinishedCell> cells,
      Map<String, Map<String, Object>> earlier) {
    List<Map<String, Object>> environments = new ArrayList<>();
    List<Map<String, Object>> sets = new ArrayList<>();
    List<Entry> entries = new ArrayList<>();
    cells.forEach(
        (cell, done) ->
            entries.add(
                new Entry(
                    done.id(),
                    cell.arm().text(),
                    cell.seed(),
                    index(environments, done.environment()),
                    index(sets, done.data()),
                    Measurements.fit(cell, done.tables())
                        ? cell.configuration().chosen()
                        : measuring(
                            cell.configuration().chosen(),
                            earlier.getOrDefault(done.id(), Map.of())),
                    deviation.byGroup().get(cell.group()),
                    cell.configuration().isBuiltIn() ? null : false)));
    return new Provenance(
        FORMAT,
        experiment.path(),
        experiment.scale(),
        experiment.title(),
        experiment.claims(),
        experiment.axes(),
        cells.keySet().stream().map(Cell::seed).distinct().sorted().toList(),
        environments,
        sets,
        entries);
  }

  /** Settings with all that either measures. */
  private static Map<String, Object> measuring(
      Map<String, Object> now, Map<String, Object> earlier) {
    Set<Object> all = new LinkedHashSet<>();
    Stream.of(earlier, now)
        .map(settings -> settings.get(MEASURED))
        .flatMap(what -> what instanceof List<?> several ? several.stream() : Stream.of(what))
        .filter(what -> what != null && !what.equals("none"))
        .forEach(all::add);
    Map<String, Object> both = new TreeMap<>(earlier.isEmpty() ? now : earlier);
    if (!all.isEmpty()) {
      both.put(MEASURED, List.copyOf(all));
    }
    return both;
  }

  /** Settings of its cells by their ids. */
  Map<String, Map<String, Object>> configurations() {
    return cells.stream().collect(Collectors.toMap(Entry::cell, Entry::configuration));
  }

  private static int index(List<Map<String, Object>> known, Map<String, Object> facts) {
    if (!known.contains(facts)) {
      known.add(facts);
    }
    return known.indexOf(facts);
  }

  /**
   * @throws UserError if the file is no provenance that this version can read
   */
  static Provenance read(Path file) {
    Provenance provenance = Json.read(file, new TypeReference<>() {});
    try {
      for (Entry entry : provenance.cells) {
        entry.known(); // refuses what this library should know
        provenance.environments.get(entry.environment());
        provenance.data.get(entry.data());
      }
      return provenance;
    } catch (ClassCastException
        | NullPointerException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      throw new UserError(file + ": not a provenance that this version can read", e);
    }
  }
}
