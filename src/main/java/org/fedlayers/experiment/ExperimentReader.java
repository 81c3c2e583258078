package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fedlayers.options.Key;
import org.fedlayers.options.Located;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.options.YamlSource;

/**
 * Reads an experiment file strictly: whatever is unknown, of the wrong type or impossible is
 * refused before any work, all of it at once, each with file, line and key.
 */
public final class ExperimentReader {
  /** The scales an experiment may have. */
  public static final List<String> SCALES = List.of("quick", "laptop", "paper");

  /** Exact in a CSV file, where numbers are doubles. */
  private static final long LARGEST_SEED = 999_999_999_999_999L;

  private static final Set<String> OVERLAY = Set.of("settings", "grid", "seeds", "where");
  private static final Set<String> INHERITED = Set.of("settings", "seeds");
  private static final List<String> TOP =
      List.of("title question claims like settings grid seeds where scales figures".split(" "));

  private final Problems problems = new Problems();
  private final Grid grid = new Grid(problems);
  private final List<Located> where = new ArrayList<>();
  private Located seeds = new Located(List.of(), "");

  private ExperimentReader() {}

  /**
   * @param source the file
   * @param scale one of {@link #SCALES}; a file without scales is the same at each of them
   * @param overrides settings that win over the file's, each {@code key=value}; a list of values
   *     makes an axis of the grid
   * @param seeds in place of the file's; empty for the file's
   * @throws UserError with everything that is wrong
   */
  public static Experiment read(
      Source source, String scale, List<String> overrides, List<Long> seeds) {
    if (!SCALES.contains(scale)) {
      throw new UserError("no scale '" + scale + "'" + Spelling.hint(scale, SCALES));
    }
    return new ExperimentReader().experiment(source, scale, overrides, seeds);
  }

  /** The scales that a file names, or all of them if it names none. */
  public static Collection<String> scales(Source source) {
    Located root = YamlSource.document(source.file(), source.text(), new Problems());
    Located scales = root.isMap() ? root.map().get("scales") : null;
    return scales != null && scales.isMap() ? scales.map().keySet() : SCALES;
  }

  /** A built-in experiment, as it is registered. */
  public static Experiment builtIn(String path, String scale) {
    return read(Source.builtIn(path), scale, List.of(), List.of());
  }

  private Experiment experiment(
      Source source, String scale, List<String> overrides, List<Long> chosenSeeds) {
    Located root = YamlSource.document(source.file(), source.text(), problems);
    if (!root.isMap()) {
      throw new UserError(source.file() + ": expected an experiment, see 'fedlayers run --help'");
    }
    Map<String, Located> top = root.map();
    requireKnown(top, TOP, "");
    inherit(top, scale);
    overlay(top);
    checkEveryScale(top, scale);
    where.forEach(grid::except);
    override(overrides);
    List<Cell> cells = cells(source.file(), chosenSeeds);
    Experiment experiment =
        new Experiment(
            source.paper(),
            source.name(),
            scale,
            text(top, "title"),
            text(top, "question"),
            list(top, "claims", "a list of words").stream().map(this::claim).toList(),
            grid.axes(),
            cells,
            FigureSpec.read(list(top, "figures", "a list of kinds with options"), problems));
    problems.throwIfAny(source.file());
    return experiment;
  }

  private String claim(Located written) {
    String id = String.valueOf(written.content());
    problems.requireKnown(written.place(), "claims", id, Catalogue.claimIds());
    return id;
  }

  private void requireKnown(Map<String, Located> map, Collection<String> known, String in) {
    map.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            problems.add(value.place(), "unknown key " + in + key + Spelling.hint(key, known));
          }
        });
  }

  /** Reads settings and seeds of another experiment at this scale, which this one's override. */
  private void inherit(Map<String, Located> top, String scale) {
    Located like = top.get("like");
    Source source =
        like == null
            ? null
            : problems.attempt(like.place(), () -> Source.builtIn(String.valueOf(like.content())));
    if (source != null) {
      Map<String, Located> other =
          new LinkedHashMap<>(YamlSource.document(source.file(), source.text(), problems).map());
      inherit(other, scale);
      for (Map<String, Located> layer :
          List.of(other, new LinkedHashMap<>(other.get("scales").map().get(scale).map()))) {
        layer.keySet().retainAll(INHERITED);
        overlay(layer);
      }
    }
  }

  /** Lays settings, grid and seeds over what was read before. */
  private void overlay(Map<String, Located> layer) {
    grid.lay(layer.containsKey("settings") ? grid.flatten(layer.get("settings")) : Map.of());
    Located axes = layer.get("grid");
    if (axes != null && axes.isMap()) {
      axes.map().forEach(grid::put);
    } else if (axes != null && axes.content() != null) {
      problems.unexpected("grid", axes, "keys with lists of values");
    }
    seeds = layer.getOrDefault("seeds", seeds);
    Located some = layer.get("where");
    if (some != null && some.isList() && some.list().stream().allMatch(Located::isMap)) {
      some.list().forEach(entry -> requireKnown(entry.map(), Grid.EXCEPTION, "where."));
      where.addAll(some.list());
    } else if (some != null) {
      problems.unexpected("where", some, "a list of " + Grid.EXCEPTION);
    }
  }

  /** Lays the chosen scale over the rest, and looks for mistakes in the others too. */
  private void checkEveryScale(Map<String, Located> top, String chosen) {
    Located scales = top.get("scales");
    if (scales == null) {
      return;
    }
    if (!scales.isMap()) {
      problems.unexpected("scales", scales, SCALES.toString());
      return;
    }
    requireKnown(scales.map(), SCALES, "scales.");
    if (!scales.map().containsKey(chosen)) {
      problems.add(scales.place(), "no scale " + chosen + "; there are " + scales.map().keySet());
    }
    for (Map.Entry<String, Located> scale : scales.map().entrySet()) {
      String name = "scales." + scale.getKey();
      Located layer = scale.getValue();
      if (!layer.isMap()) {
        problems.add(layer.place(), name + " is empty, expected " + OVERLAY);
        continue;
      }
      requireKnown(layer.map(), OVERLAY, name + ".");
      if (scale.getKey().equals(chosen)) {
        overlay(layer.map());
      } else if (layer.map().containsKey("settings")) {
        requireValues(grid.flatten(layer.map().get("settings")));
      }
    }
  }

  private void requireValues(Map<String, Located> flat) {
    flat.forEach(
        (key, value) -> {
          if (value.content() != null && !Keys.isOption(key)) {
            problems.attempt(value.place(), () -> Keys.named(key).read(value.plain()));
          }
        });
  }

  /** Applies the options of the command line, which override the file, in any order. */
  private void override(List<String> assignments) {
    Map<String, Located> single = new LinkedHashMap<>();
    Map<String, Located> lists = new LinkedHashMap<>();
    for (String assignment : assignments) {
      int equals = assignment.indexOf('=');
      String key = equals < 0 ? assignment : assignment.substring(0, equals).strip();
      String place = "--set " + key;
      if (equals < 1) {
        problems.add(
            "--set " + assignment,
            "expected key=value, for example training.rate=0.05, or key= for the default");
        continue;
      }
      Located value = YamlSource.value(place, assignment.substring(equals + 1));
      Key known = Keys.named(Keys.canonical(key));
      if (!value.isList() || known != null && known.standard() instanceof List) {
        grid.flatten(key, value, single);
      } else if (lists.put(key, value) != null) {
        problems.add(place, key + " is set twice");
      }
    }
    grid.lay(single);
    lists.forEach(grid::put);
  }

  private List<Long> readSeeds(Located seeds) {
    Set<Long> read = new LinkedHashSet<>();
    boolean valid = seeds.isList();
    for (Located seed : valid ? seeds.list() : List.<Located>of()) {
      valid &= seed.content() instanceof Long n && n >= 0 && n <= LARGEST_SEED && read.add(n);
    }
    if (!valid) {
      problems.unexpected(
          "seeds",
          seeds,
          "different whole numbers from 0, of at most 15 digits, for example [0, 1]");
    }
    return read.isEmpty() ? List.of(0L) : List.copyOf(read);
  }

  /**
   * @param chosenSeeds in place of all seeds of the file; empty for the file's
   */
  private List<Cell> cells(String file, List<Long> chosenSeeds) {
    List<Cell> cells = new ArrayList<>();
    Map<String, Cell> known = new LinkedHashMap<>();
    CellRules rules = new CellRules(problems, file);
    for (Grid.Point point : grid.points()) {
      if (point.seeds() != null && List.of().equals(point.seeds().content())) {
        continue; // a part of the grid that is not to run
      }
      Located own = point.seeds() == null ? seeds : point.seeds();
      List<Long> seedsHere = chosenSeeds.isEmpty() ? readSeeds(own) : chosenSeeds;
      Configuration configuration = rules.read(point.settings());
      for (String arm : configuration == null ? List.<String>of() : configuration.run().arms()) {
        for (long seed : seedsHere) {
          Cell cell = new Cell(configuration.without("arms"), Arm.named(arm), seed, point.labels());
          Cell twin = known.put(cell.id(), cell);
          if (twin != null && seed == seedsHere.get(0)) {
            problems.add(file, "two cells of the grid are the same: " + twin + " and " + cell);
          }
          cells.add(cell);
        }
      }
    }
    requireUse(rules);
    return List.copyOf(cells);
  }

  /** Reports every value that is written but reaches no cell, unless a later layer overrides it. */
  private void requireUse(CellRules rules) {
    List<List<Map.Entry<String, Located>>> written = grid.written();
    for (int i = 0; i < written.size(); i++) {
      var above = written.subList(i + 1, written.size()).stream().flatMap(List::stream).toList();
      for (Map.Entry<String, Located> entry : written.get(i)) {
        Located value = entry.getValue();
        if (value.content() != null
            && !value.content().equals("default")
            && !rules.isUsed(value)
            && above.stream().noneMatch(over -> Keys.replaces(over.getKey(), entry.getKey()))) {
          String why = rules.whyUnused(value);
          problems.add(value.place(), why != null ? why : replaced(entry.getKey(), written, rules));
        }
      }
    }
  }

  private static String replaced(
      String key, List<List<Map.Entry<String, Located>>> written, CellRules rules) {
    String instead =
        written.stream()
            .flatMap(List::stream)
            .filter(other -> Keys.replaces(other.getKey(), key) && rules.isUsed(other.getValue()))
            .min(Comparator.comparing(other -> !other.getKey().equals(key)))
            .map(other -> other.getValue().place())
            .orElse("elsewhere");
    return "%s has no effect: every cell has what stands at %s".formatted(key, instead);
  }

  private String text(Map<String, Located> top, String key) {
    Located value = top.getOrDefault(key, new Located("", ""));
    if (value.content() instanceof String text) {
      return text.strip();
    }
    problems.unexpected(key, value, "text");
    return "";
  }

  private List<Located> list(Map<String, Located> top, String key, String expected) {
    Located value = top.getOrDefault(key, new Located(List.of(), ""));
    if (value.isList()) {
      return value.list();
    }
    problems.unexpected(key, value, expected);
    return List.of();
  }
}
