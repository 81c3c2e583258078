package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fedlayers.options.Key;
import org.fedlayers.options.Located;
import org.fedlayers.options.Option;
import org.fedlayers.options.Options;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Schema;

/** One entry of an experiment's {@code figures}: a kind of figure and the options of that kind. */
public record FigureSpec(
    @Option("curves, points, bars, heat or table") String kind,
    @Option(
            value = "of the file, without ending; the kind if left out",
            range = "/[a-z0-9][a-z0-9-]*/ of lower-case letters, digits and hyphens")
        String name,
    @Option("one line; the name if left out") String title,
    @Option("ids of the claims that it bears on") List<String> claims,
    @Option("the file, such as layers.csv") String from,
    @Option("which rows are shown: columns and their values, or names of these without options")
        Map<String, Object> where,
    @Option("columns whose values each have a panel") List<String> panel,
    @Option("the column along the axis of settings") String x,
    @Option("the column that is measured; of a heat map the vertical axis") String y,
    @Option("columns whose values each have a colour") List<String> series,
    @Option(value = "logarithmic axes", range = "x|y|value") List<String> log,
    @Option("how a run becomes a number") String over,
    @Option("rows whose accuracy has to be reached: rounds are shown") Map<String, String> reaching,
    @Option("a column, and of which value another is subtracted") Map<String, String> contrast,
    @Option("a level to compare with, in the file's unit") Double margin,
    @Option("the claim whose contrast and margin are shown") Located claim,
    @Option("in place of the column's own") String xTitle,
    @Option("in place of the column's own") String yTitle,
    @Option("the column that a heat map shows") String value,
    @Option("in place of the column's own") String valueTitle,
    @Option("the value of a place without rows") Double missing,
    @Option(value = "how many lines of equal value", range = "[1, 50]") Integer contours,
    @Option("columns whose values are a table's rows") List<String> rows,
    @Option("columns whose values are a table's columns") List<String> columns,
    @Option("published numbers to show beside ours") String published) {
  private static final Options<FigureSpec> OPTIONS = Options.optional(FigureSpec.class);
  private static final String COMMON = "kind! name title claims from where panel ";
  private static final String ESTIMATES =
      "x! y series log over reaching contrast margin claim x-title y-title";

  /** The options of each kind; those with an exclamation mark must be given. */
  private static final Map<String, String> KINDS =
      new TreeMap<>(
          Map.of(
              "curves", "x y series log x-title y-title",
              "points", ESTIMATES,
              "bars", ESTIMATES,
              "heat", "x! y! value! missing contours log x-title y-title value-title",
              "table", "rows columns y over contrast claim published"));

  /** What only the summary of an experiment states of its networks. */
  public static final List<String> FACTS = List.of("weights", "depth", "receptive_field");

  private static final List<String> FILES =
      Schema.OF_FIGURES.stream().map(table -> table.name() + ".csv").toList();
  private static final List<String> REDUCTIONS =
      Reduction.NAMED.keySet().stream().sorted().toList();
  private static final Set<String> SIDES = Set.of("column", "of", "minus");

  public FigureSpec {
    name = name.isEmpty() ? kind : name;
    title = title.isEmpty() ? name : title;
    x = x.isEmpty() ? "samples" : x;
    where = new TreeMap<>(where);
  }

  /** For each option the kinds of figure that take it, with an exclamation mark if they need it. */
  public static Map<Key, List<String>> options() {
    Map<Key, List<String>> options = new LinkedHashMap<>();
    for (Key option : OPTIONS.keys()) {
      List<String> kinds = new ArrayList<>();
      KINDS.forEach(
          (kind, own) -> {
            List<String> known = List.of((COMMON + own).split(" "));
            String needed = option.name() + "!";
            if (known.contains(needed) || known.contains(option.name())) {
              kinds.add(known.contains(needed) ? kind + "!" : kind);
            }
          });
      options.put(option, kinds);
    }
    return options;
  }

  /**
   * A figure of any table, whose columns are not known yet.
   *
   * @param entry texts, numbers, truth values, lists and maps of these
   * @throws UserError with everything that is wrong: which option, and what was expected
   */
  public static FigureSpec of(Map<String, ?> entry) {
    Problems problems = new Problems();
    Object kind = entry.get("kind");
    Object name = entry.containsKey("name") ? entry.get("name") : kind;
    String place = "the figure '%s' of kind %s".formatted(name, kind);
    FigureSpec spec = read(Located.of(entry, place), problems);
    problems.throwIfAny("the figure");
    return spec;
  }

  /**
   * The figures of an experiment file. Whatever is wrong becomes a problem of its place: unknown
   * options, wrong values, columns that no results file has, two figures of one name.
   */
  static List<FigureSpec> read(List<Located> entries, Problems problems) {
    Map<String, FigureSpec> specs = new LinkedHashMap<>();
    for (Located entry : entries) {
      FigureSpec spec = read(entry, problems);
      if (spec != null) {
        spec.checkColumns(entry, problems);
        if (specs.put(spec.name, spec) != null) {
          problems.add(entry.place(), "two figures are named '" + spec.name + "'");
        }
      }
    }
    return List.copyOf(specs.values());
  }

  /** Reads one entry; one without a kind becomes a problem, and the result is null. */
  private static FigureSpec read(Located entry, Problems problems) {
    Located kind = entry.isMap() ? entry.map().get("kind") : null;
    if (kind == null) {
      problems.unexpected("a figure", entry, "a map with its kind");
      return null;
    }
    String named = String.valueOf(kind.content());
    if (!KINDS.containsKey(named)) {
      String hint = Spelling.hint(named, KINDS.keySet());
      problems.add(kind.place(), "no figure of kind '" + named + "'" + hint);
      return null;
    }
    List<String> known = List.of((COMMON + KINDS.get(named)).replace("!", "").split(" "));
    FigureSpec spec = OPTIONS.only(known).read(entry, problems);
    for (String option : known) {
      if (KINDS.get(named).contains(option + "!") && !entry.map().containsKey(option)) {
        problems.add(
            entry.place(),
            "the figure '%s' of kind %s needs '%s'".formatted(spec.name, named, option));
      }
    }
    spec.claims.forEach(id -> require(entry, problems, "claims", id, Catalogue.claimIds()));
    require(entry, problems, "from", spec.from, FILES);
    require(entry, problems, "over", spec.over, REDUCTIONS);
    refuseBoth(entry, problems, "claim", "contrast", "margin");
    refuseBoth(entry, problems, "reaching", "over");
    if (!spec.contrast.isEmpty() && !spec.contrast.keySet().equals(SIDES)) {
      problems.unexpected("contrast", entry.map().get("contrast"), "a map of column, of and minus");
    }
    return spec;
  }

  /** Refuses an option beside others that it would leave without effect. */
  private static void refuseBoth(
      Located entry, Problems problems, String option, String... others) {
    for (String other : others) {
      if (entry.map().containsKey(option) && entry.map().containsKey(other)) {
        problems.add(
            entry.map().get(other).place(),
            "%s and %s are both set, expected one of them".formatted(option, other));
      }
    }
  }

  /** Checks that the file has the columns, or that an experiment may have axes of their names. */
  private void checkColumns(Located entry, Problems problems) {
    List<String> known = new ArrayList<>(FACTS);
    Schema.OF_FIGURES.stream()
        .filter(table -> !FILES.contains(from) || from.equals(table.name() + ".csv"))
        .forEach(table -> known.addAll(table.columns()));
    known.addAll(Keys.NAMINGS.keySet());
    known.addAll(Keys.all().keySet());
    Map<String, Collection<String>> used =
        Map.of(
            "where", where.keySet(),
            "panel", panel,
            "x", List.of(x),
            "y", List.of(y),
            "value", List.of(value),
            "series", series,
            "rows", rows,
            "columns", columns,
            "reaching", reaching.keySet(),
            "contrast", List.of(contrast.getOrDefault("column", "")));
    used.forEach(
        (option, names) ->
            names.stream()
                .filter(name -> !Keys.isSetting(name))
                .forEach(name -> require(entry, problems, option, name, known)));
  }

  private static void require(
      Located entry, Problems problems, String option, String word, Collection<String> known) {
    if (entry.map().containsKey(option) && !word.isEmpty()) {
      problems.requireKnown(entry.map().get(option).place(), option, word, known);
    }
  }

  public boolean isHeat() {
    return kind.equals("heat");
  }

  public boolean isTable() {
    return kind.equals("table");
  }

  /** Whether each place stands by itself, so that none lends another its standard deviation. */
  public boolean isSingle() {
    return isHeat() || kind.equals("curves");
  }

  public boolean isContrast() {
    return !contrast.isEmpty() || hasClaim();
  }

  /** Whether contrast and margin are those of a claim, which is looked up when it is drawn. */
  public boolean hasClaim() {
    return !claim.place().isEmpty();
  }

  /** The column whose values are shown, as written; may be empty. */
  public String shown() {
    return isHeat() ? value : y;
  }

  /** The column whose values are shown. */
  public String measure() {
    return !shown().isEmpty() ? shown() : isSummarised() ? "last10" : "accuracy";
  }

  /** Whether it shows what the summary of an experiment has, unless another file is named. */
  public boolean isSummarised() {
    return !isSingle() && !isContrast() && reaching.isEmpty() && over.isEmpty();
  }

  /** Whether the figure looks at a column, to lay out or to choose rows. */
  public boolean uses(String column) {
    return where.containsKey(column)
        || List.of(x, y, value).contains(column)
        || Stream.of(series, panel, rows, columns).anyMatch(several -> several.contains(column));
  }

  /** The title, and the claims that the figure bears on. */
  public String heading() {
    return claims.isEmpty() ? title : title + " (" + String.join(", ", claims) + ")";
  }
}
