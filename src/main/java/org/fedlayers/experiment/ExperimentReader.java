package org.fedlayers.experiment;

import java.util.ArrayList;
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

  private static final Set<String> OVERLAY = Set.of("settings", "grid", "seeds", "where");
  private static final Set<String> INHERITED = Set.of("settings", "seeds");
  private static final List<String> TOP =
      List.of("title question claims like settings grid seeds where scales figures".split(" "));

  /** The kinds of figures that the report draws. */
  public static final List<String> FIGURES = List.of("curves", "points", "bars", "heat", "table");

  private final Problems problems = new Problems();
  private final Settings settings = new Settings(problems);
  private final Grid grid = new Grid(problems, settings);
  private final List<Located> where = new ArrayList<>();
  private List<Where> exceptions = List.of();
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
    exceptions = where.stream().map(entry -> Where.read(entry, grid, settings, problems)).toList();
    Where.requireUse(exceptions, grid.points(), problems);
    override(overrides);
    List<Cell> cells = cells(source.file(), chosenSeeds);
    Experiment experiment =
        new Experiment(
            source.paper(),
            source.name(),
            scale,
            text(top, "title"),
            text(top, "question"),
            words(top, "claims"),
            grid.axes(),
            cells,
            figures(top));
    problems.throwIfAny(source.file());
    return experiment;
  }

  private void requireKnown(
      Map<String, Located> map, java.util.Collection<String> known, String in) {
    map.forEach(
        (key, value) -> {
          if (!known.contains(key)) {
            problems.add(value.place(), "unknown key " + in + key + Spelling.hint(key, known));
          }
        });
  }

  /** Settings and seeds of another experiment at this scale lie under all that this one says. */
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
    grid.lay(layer.containsKey("settings") ? settings.flatten(layer.get("settings")) : Map.of());
    Located axes = layer.get("grid");
    if (axes != null && axes.isMap()) {
      axes.map().forEach(grid::put);
    } else if (axes != null && axes.content() != null) {
      problems.add(axes.place(), "grid is " + axes + ", expected keys with lists of values");
    }
    seeds = layer.getOrDefault("seeds", seeds);
    Located some = layer.get("where");
    if (some != null && some.isList() && some.list().stream().allMatch(Located::isMap)) {
      some.list().forEach(entry -> requireKnown(entry.map(), Where.KNOWN, "where."));
      where.addAll(some.list());
    } else if (some != null) {
      problems.add(some.place(), "where is " + some + ", expected a list of " + Where.KNOWN);
    }
  }

  /** Lays the chosen scale over the rest, and looks for mistakes in the others too. */
  private void checkEveryScale(Map<String, Located> top, String chosen) {
    Located scales = top.get("scales");
    if (scales == null) {
      return;
    }
    if (!scales.isMap()) {
      problems.add(scales.place(), "scales is " + scales + ", expected " + SCALES);
      return;
    }
    requireKnown(scales.map(), SCALES, "scales.");
    if (!scales.map().containsKey(chosen)) {
      problems.add(scales.place(), "no scale " + chosen + "; there are " + scales.map().keySet());
    }
    scales
        .map()
        .forEach(
            (name, layer) -> {
              if (!layer.isMap()) {
                problems.add(layer.place(), "scales." + name + " is empty, expected " + OVERLAY);
                return;
              }
              requireKnown(layer.map(), OVERLAY, "scales." + name + ".");
              if (name.equals(chosen)) {
                overlay(layer.map());
              } else if (layer.map().containsKey("settings")) {
                requireValues(settings.flatten(layer.map().get("settings")));
              }
            });
  }

  private void requireValues(Map<String, Located> flat) {
    flat.forEach(
        (key, value) -> {
          if (value.content() != null && !Keys.isOption(key)) {
            problems.attempt(value.place(), () -> Keys.named(key).read(value.plain()));
          }
        });
  }

  /** Lays what the command line says over all, in whatever order it is given. */
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
        settings.flatten(key, value, single);
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
    if (valid) {
      for (Located seed : seeds.list()) {
        valid &= seed.content() instanceof Long number && number >= 0 && read.add(number);
      }
    }
    if (!valid) {
      problems.add(
          seeds.place(), "seeds is " + seeds + ", expected different whole numbers, [0, 1]");
    }
    return read.isEmpty() ? List.of(0L) : List.copyOf(read);
  }

  /**
   * @param chosenSeeds in place of all that the file says; empty for the file's
   */
  private List<Cell> cells(String file, List<Long> chosenSeeds) {
    List<Cell> cells = new ArrayList<>();
    Set<String> ids = new LinkedHashSet<>();
    CellRules rules = new CellRules(problems, file);
    for (Grid.Point point : grid.points()) {
      int commandLine = point.layers().size() - 1;
      Map<String, Located> located = new LinkedHashMap<>();
      for (Map<String, Located> layer : point.layers().subList(0, commandLine)) {
        located = Settings.merge(located, layer);
      }
      Located own = seeds;
      for (Where exception : exceptions) {
        if (exception.holds(point)) {
          located = Settings.merge(located, exception.settings());
          own = exception.seeds() == null ? own : exception.seeds();
        }
      }
      located = Settings.merge(located, point.layers().get(commandLine));
      if (own != seeds && own.isList() && own.list().isEmpty()) {
        continue; // a part of the grid that is not to run
      }
      List<Long> seedsHere = chosenSeeds.isEmpty() ? readSeeds(own) : chosenSeeds;
      Configuration configuration = rules.read(Settings.withoutNulls(located));
      for (String arm : configuration.run().arms()) {
        for (long seed : seedsHere) {
          Cell cell = new Cell(configuration.without("arms"), Arm.named(arm), seed, point.labels());
          if (!ids.add(cell.id())) {
            problems.add(file, "two cells of the grid are the same: " + cell);
          }
          cells.add(cell);
        }
      }
    }
    requireUse(rules);
    return List.copyOf(cells);
  }

  /** What is written reaches a cell, or gives way to what lies over it; else it is a mistake. */
  private void requireUse(CellRules rules) {
    List<List<Map.Entry<String, Located>>> written = grid.written();
    List<Map.Entry<String, Located>> ofSome = new ArrayList<>();
    for (Where exception : exceptions) {
      if (grid.points().stream().anyMatch(exception::holds)) {
        ofSome.addAll(exception.settings().entrySet());
      }
    }
    written.add(written.size() - 1, ofSome);
    for (int i = 0; i < written.size(); i++) {
      List<Map.Entry<String, Located>> above =
          written.subList(i + 1, written.size()).stream().flatMap(List::stream).toList();
      for (Map.Entry<String, Located> entry : written.get(i)) {
        Located value = entry.getValue();
        if (value.content() == null
            || value.content().equals("default")
            || rules.isUsed(value)
            || above.stream().anyMatch(over -> Keys.replaces(over.getKey(), entry.getKey()))) {
          continue;
        }
        String why = rules.whyUnused(value);
        String instead =
            written.stream()
                .flatMap(List::stream)
                .filter(other -> Keys.replaces(other.getKey(), entry.getKey()))
                .filter(other -> rules.isUsed(other.getValue()))
                .sorted(Comparator.comparing(other -> !other.getKey().equals(entry.getKey())))
                .map(other -> other.getValue().place())
                .findFirst()
                .orElse("elsewhere");
        problems.add(
            value.place(),
            why != null
                ? why
                : "%s has no effect: every cell has what stands at %s"
                    .formatted(entry.getKey(), instead));
      }
    }
  }

  private String text(Map<String, Located> top, String key) {
    Located value = top.get(key);
    if (value != null && !(value.content() instanceof String)) {
      problems.add(value.place(), key + " is " + value + ", expected text");
    }
    return value != null && value.content() instanceof String text ? text.strip() : "";
  }

  private List<String> words(Map<String, Located> top, String key) {
    Located value = top.get(key);
    if (value == null) {
      return List.of();
    }
    if (!value.isList()) {
      problems.add(value.place(), key + " is " + value + ", expected a list of words");
      return List.of();
    }
    return value.list().stream().map(word -> String.valueOf(word.content())).toList();
  }

  private List<Map<String, Object>> figures(Map<String, Located> top) {
    Located value = top.get("figures");
    List<Map<String, Object>> figures = new ArrayList<>();
    if (value == null) {
      return figures;
    }
    if (!value.isList()) {
      problems.add(
          value.place(), "figures is " + value + ", expected a list of kinds with options");
      return figures;
    }
    for (Located figure : value.list()) {
      if (!figure.isMap() || !figure.map().containsKey("kind")) {
        problems.add(figure.place(), "a figure is " + figure + ", expected a map with its kind");
        continue;
      }
      Located kind = figure.map().get("kind");
      if (!FIGURES.contains(kind.content())) {
        String named = String.valueOf(kind.content());
        problems.add(
            kind.place(), "no figure of kind '" + named + "'" + Spelling.hint(named, FIGURES));
      }
      Map<String, Object> options = new LinkedHashMap<>();
      figure.map().forEach((option, content) -> options.put(option, content.plain()));
      figures.add(options);
    }
    return figures;
  }
}
