package org.fedlayers.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Keys;
import org.fedlayers.results.Json;
import org.fedlayers.results.Names;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;

/**
 * The images, the scale and the seeds of the numbers, which every figure and table states.
 *
 * @param data image sets and scale; or the name of a table that belongs to no experiment
 * @param deviation that runs differ from the registered experiment; empty if they do not
 * @param sets the image sets
 * @param chance the accuracy of guessing; NaN if the number of classes is not known
 */
record Context(String data, String deviation, List<String> sets, double chance) {
  private static final Map<String, String> CLASSES = Names.words("classes");
  private static final Map<String, String> USUAL =
      Stream.of("partition.name", "model.name")
          .collect(Collectors.toMap(key -> key, key -> "" + Keys.all().get(key).standard()));

  private static final Pattern SUBSET = Pattern.compile("([0-9]+) of [0-9]+ train and ");

  /**
   * @param directory of the results, whose path ends in scale, paper and experiment
   */
  static Context of(Path directory, Rows rows, ResultsFiles files) {
    JsonNode provenance = provenance(directory);
    List<JsonNode> trainedOn = new ArrayList<>();
    provenance.path("data").forEach(trainedOn::add);
    List<String> sets = sets(rows, trainedOn);
    String images =
        sets.stream().map(Names::of).collect(Collectors.joining(" and ")) + part(trainedOn);
    Path partition = directory.resolve("partition.csv");
    double classes =
        Files.isRegularFile(partition) && sets.size() == 1
            ? files.table(partition).column("class").countUnique()
            : Double.NaN;
    Path folder = directory.toAbsolutePath().normalize();
    int depth = folder.getNameCount();
    String scale = depth < 3 ? "" : folder.getName(depth - 3).toString();
    String path = depth < 3 ? "" : folder.getParent().getFileName() + "/" + folder.getFileName();
    return new Context(
        joined(images, common(provenance, rows), scale.isEmpty() ? "" : scale + " scale"),
        deviates(path, scale, rows) ? "deviates from the registered experiment" : "",
        sets,
        1 / classes);
  }

  /** The context of numbers that belong to no experiment. */
  static Context of(String text) {
    return new Context(text, "", List.of(), Double.NaN);
  }

  /** The line that stands with what is shown. */
  String text(Estimates shown) {
    return joined(data, shown.seeds(), deviation);
  }

  private static String joined(String... parts) {
    return Stream.of(parts).filter(part -> !part.isEmpty()).collect(Collectors.joining(", "));
  }

  /** The name of a column's value; classes have the names that their image set gives them. */
  String name(String column, String value) {
    String classes = sets.size() == 1 ? CLASSES.get(sets.get(0)) : null;
    return column.equals("class") && classes != null
        ? classes.split(" ")[Integer.parseInt(value)]
        : Names.of(value);
  }

  /** Whether there are runs that the built-in experiment of this name and scale does not have. */
  private static boolean deviates(String path, String scale, Rows rows) {
    String column = rows.has("cell") ? "cell" : "group";
    if (!rows.has(column)
        || !Catalogue.paths().contains(path)
        || !ExperimentReader.SCALES.contains(scale)) {
      return false;
    }
    Set<String> registered = new HashSet<>();
    Set<Long> seeds = rows.bySeed().keySet();
    for (Cell cell : ExperimentReader.builtIn(path, scale).cells()) {
      registered.add(cell.group());
      seeds.forEach(seed -> registered.add(cell.withSeed(seed).id()));
    }
    return !registered.containsAll(rows.texts(column));
  }

  /** The grid's own column of image sets if it has one, else what the provenance names. */
  private static List<String> sets(Rows rows, List<JsonNode> trainedOn) {
    Stream<String> sets =
        rows.has("data.set")
            ? rows.texts("data.set").stream()
            : trainedOn.stream().map(set -> set.path("set").asText());
    return sets.distinct().toList();
  }

  /** Empty without one. */
  private static JsonNode provenance(Path directory) {
    Path file = directory.resolve("provenance.json");
    return Files.isRegularFile(file) ? Json.tree(file) : MissingNode.getInstance();
  }

  /** How images are split, and the network: what all cells have in common and no column says. */
  private static String common(JsonNode provenance, Rows rows) {
    List<String> words = new ArrayList<>();
    for (String key : List.of("partition.name", "model.name", "model.width", "model.normaliser")) {
      Set<String> values = new HashSet<>();
      provenance.path("cells").forEach(cell -> values.add(value(cell.path("configuration"), key)));
      boolean varies = rows.has(key) || rows.has("partition") && key.startsWith("partition");
      if (values.size() == 1 && !varies) {
        words.add(Names.of(key, values.iterator().next()));
      }
    }
    return joined(words.toArray(String[]::new));
  }

  /** A value as a grid's label; of the width and the normaliser only what is not the usual one. */
  private static String value(JsonNode settings, String key) {
    String usual = USUAL.getOrDefault(key, "");
    StringJoiner label = new StringJoiner(" ").add(settings.path(key).asText(usual));
    if (key.equals("partition.name")) {
      settings
          .fieldNames()
          .forEachRemaining(
              option -> {
                if (option.startsWith("partition.") && !option.equals(key)) {
                  label.add(option.substring(10) + "=" + settings.path(option).asText());
                }
              });
    }
    return label.toString();
  }

  /** Which part of its only image set was trained on, and whether another part was held out. */
  private static String part(List<JsonNode> trainedOn) {
    if (trainedOn.size() != 1) {
      return "";
    }
    String note = trainedOn.get(0).path("note").asText();
    Matcher subset = SUBSET.matcher(note);
    return (subset.find() ? " (%s training images)".formatted(subset.group(1)) : "")
        + (note.contains("held out") ? " (tested on images held out of training)" : "");
  }

  static String counted(int seeds) {
    return seeds == 1 ? "1 seed" : seeds + " seeds";
  }
}
