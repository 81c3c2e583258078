package org.fedlayers.claims;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** A results folder written by hand, and the plan that it follows. */
final class HandMade implements PlannedCells {
  private final Path root;
  private final Map<String, List<Map<String, String>>> points = new LinkedHashMap<>();
  private final Map<String, Set<String>> arms = new LinkedHashMap<>();
  private final Map<Path, StringBuilder> files = new LinkedHashMap<>();
  private Set<Long> seeds = Set.of();

  HandMade(Path root) {
    this.root = root;
  }

  /** Points of a grid that were planned, whether or not they have rows. */
  HandMade planned(String experiment, String axis, String... values) {
    for (String value : values) {
      point(experiment, Map.of(axis, value));
    }
    return this;
  }

  /** With how many seeds every cell was planned; else with those that have rows. */
  HandMade seeds(int count) {
    seeds = LongStream.range(0, count).boxed().collect(Collectors.toSet());
    return this;
  }

  private void point(String experiment, Map<String, String> labels) {
    List<Map<String, String>> known = points.computeIfAbsent(experiment, e -> new ArrayList<>());
    if (!known.contains(labels)) {
      known.add(new TreeMap<>(labels)); // Map.of has another order in each process
    }
  }

  /** Ten scored rounds of the same accuracy, in points, for seeds 0, 1, ... */
  HandMade accuracy(
      String path, String arm, String model, Map<String, String> labels, double... bySeed) {
    for (int seed = 0; seed < bySeed.length; seed++) {
      double[] run = new double[10];
      Arrays.fill(run, bySeed[seed]);
      run(path, arm, model, labels, seed, run);
    }
    return this;
  }

  /** One run, an accuracy in points for each round. */
  HandMade run(
      String path, String arm, String model, Map<String, String> labels, int seed, double... run) {
    for (int round = 1; round <= run.length; round++) {
      row(
          path,
          "rounds",
          "arm,seed,round,model,accuracy,status",
          labels,
          "%s,%d,%d,%s,%s,ok".formatted(arm, seed, round, model, run[round - 1] / 100));
    }
    return this;
  }

  HandMade diverged(String path, String arm, Map<String, String> labels, int seed) {
    return row(
        path,
        "rounds",
        "arm,seed,round,model,accuracy,status",
        labels,
        "%s,%d,3,,,diverged".formatted(arm, seed));
  }

  /** The divergence of each layer from the input on, in one round. */
  HandMade layers(
      String path, String measure, Map<String, String> labels, int seed, double... values) {
    for (int index = 0; index < values.length; index++) {
      row(
          path,
          "layers",
          "arm,seed,round,part,index," + measure,
          labels,
          "federated,%d,0,kernel,%d,%s".formatted(seed, index, values[index]));
    }
    return this;
  }

  HandMade curvature(
      String path, String measure, int index, Map<String, String> labels, double... bySeed) {
    for (int seed = 0; seed < bySeed.length; seed++) {
      row(
          path,
          "curvature",
          "arm,seed,measure,index,value",
          labels,
          "federated,%d,%s,%d,%s".formatted(seed, measure, index, bySeed[seed]));
    }
    return this;
  }

  /**
   * One row of any table.
   *
   * @param path for example {@code laptop/divergence/depth}
   * @param fields of the columns; the first is the arm
   */
  HandMade row(
      String path, String table, String columns, Map<String, String> labels, String fields) {
    Map<String, String> ordered = new TreeMap<>(labels);
    String experiment = path.substring(path.indexOf('/') + 1);
    point(experiment, labels);
    arms.computeIfAbsent(experiment, none -> new LinkedHashSet<>()).add(fields.split(",")[0]);
    files
        .computeIfAbsent(
            root.resolve(path).resolve(table + ".csv"),
            none ->
                new StringBuilder("cell," + columns + "," + String.join(",", ordered.keySet()))
                    .append('\n'))
        .append(id(fields.split(",")[0], labels))
        .append(',')
        .append(fields)
        .append(',')
        .append(String.join(",", ordered.values()))
        .append('\n');
    return this;
  }

  ClaimsTable verdicts() throws IOException {
    write();
    return ClaimsTable.of(root, Claims.all(), this);
  }

  private void write() throws IOException {
    for (Map.Entry<Path, StringBuilder> file : files.entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      Files.writeString(file.getKey(), file.getValue());
    }
  }

  Claim claim(String id) {
    return Claims.all().stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
  }

  ClaimsTable.Entry judged(String id) throws IOException {
    return verdicts().entries().stream()
        .filter(entry -> entry.claim().id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  Verdict verdict(String id) throws IOException {
    return judged(id).judgement().verdict();
  }

  /** Every point of the grid under every arm that has rows. */
  @Override
  public List<Planned> cells(String experiment, String scale) {
    List<Planned> all = new ArrayList<>();
    for (Map<String, String> point : points.getOrDefault(experiment, List.of())) {
      for (String arm : arms.getOrDefault(experiment, Set.of("federated"))) {
        Map<String, String> longer = new TreeMap<>(point);
        longer.put("arm", arm);
        all.add(new Planned(longer, seed -> id(arm, point), seeds));
      }
    }
    return all;
  }

  private static String id(String arm, Map<String, String> labels) {
    return String.valueOf(Math.abs((arm + new TreeMap<>(labels)).hashCode()));
  }

  Evidence evidence(String scale) throws IOException {
    write();
    return new Evidence(root, scale, this);
  }
}
