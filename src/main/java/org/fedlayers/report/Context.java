package org.fedlayers.report;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Json;
import org.fedlayers.results.Names;
import org.fedlayers.results.Rows;

/** What no number may be shown without: on which data, at which scale, with how many seeds. */
final class Context {
  private Context() {}

  static String of(Path directory, Rows rows) {
    List<String> context = new ArrayList<>();
    String data = data(directory, rows);
    if (!data.isEmpty()) {
      context.add(data);
    }
    Path paper = directory.toAbsolutePath().normalize().getParent();
    if (paper != null && paper.getParent() != null && paper.getParent().getFileName() != null) {
      context.add(paper.getParent().getFileName() + " scale");
    }
    String seeds = seeds(rows);
    if (!seeds.isEmpty()) {
      context.add(seeds);
    }
    if (deviates(directory, rows)) {
      context.add("deviates from the registered experiment");
    }
    return String.join(", ", context);
  }

  /** Whether there are runs that the built-in experiment of this name and scale does not have. */
  private static boolean deviates(Path directory, Rows rows) {
    Path folder = directory.toAbsolutePath().normalize();
    if (folder.getNameCount() < 3 || !rows.has("cell") && !rows.has("group")) {
      return false;
    }
    String path = folder.getParent().getFileName() + "/" + folder.getFileName();
    String scale = folder.getName(folder.getNameCount() - 3).toString();
    if (!Catalogue.paths().contains(path) || !ExperimentReader.SCALES.contains(scale)) {
      return false;
    }
    Set<String> registered = new HashSet<>();
    for (Cell cell :
        ExperimentReader.read(Catalogue.find(path).get(0), scale, List.of(), List.of()).cells()) {
      registered.add(cell.group());
      rows.bySeed().keySet().forEach(seed -> registered.add(cell.withSeed(seed).id()));
    }
    return !registered.containsAll(rows.texts(rows.has("cell") ? "cell" : "group"));
  }

  private static String data(Path directory, Rows rows) {
    return sets(directory, rows).stream().map(Names::of).collect(Collectors.joining(" and "));
  }

  /** The grid's own column of image sets if it has one, else what the provenance names. */
  static List<String> sets(Path directory, Rows rows) {
    Path provenance = directory.resolve("provenance.json");
    List<String> sets = new ArrayList<>();
    if (rows.table().containsColumn("data.set")) {
      sets.addAll(rows.texts("data.set"));
    } else if (Files.isRegularFile(provenance)) {
      Json.tree(provenance).path("data").forEach(set -> sets.add(set.path("set").asText()));
    }
    return sets.stream().distinct().toList();
  }

  private static String seeds(Rows rows) {
    if (rows.table().containsColumn("seed")) {
      return counted(rows.seeds(), rows.seeds());
    }
    if (rows.table().containsColumn("n")) {
      double[] counts = rows.numbers("n");
      return counted(
          (int) Arrays.stream(counts).min().orElse(0), (int) Arrays.stream(counts).max().orElse(0));
    }
    return "";
  }

  private static String counted(int least, int most) {
    if (least < most) {
      return least + " to " + most + " seeds";
    }
    return most == 1 ? "1 seed" : most + " seeds";
  }
}
