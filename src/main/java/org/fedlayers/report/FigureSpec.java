package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fedlayers.claims.Claim;
import org.fedlayers.claims.Claims;
import org.fedlayers.experiment.Keys;
import org.fedlayers.options.Option;
import org.fedlayers.options.Options;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.options.Values;
import org.fedlayers.results.Rows;
import org.fedlayers.results.Schema;

/** One entry of an experiment's {@code figures}: a kind, and the kind's options. */
public record FigureSpec(
    @Option("curves, points, bars, heat or table") String kind,
    @Option(
            value = "of the file, without ending; the kind if left out",
            range = "/[a-z0-9][a-z0-9-]*/ of lower-case letters, digits and hyphens")
        String name,
    @Option("one line; the name if left out") String title,
    @Option("ids of the claims that it bears on") List<String> claims,
    @Option("the file, such as layers.csv") String from,
    @Option("which rows are shown: columns and the values they must have")
        Map<String, Object> where,
    @Option("columns whose values have panels of their own") List<String> panel,
    @Option("the column along which values stand") String x,
    @Option("the column that is measured; of a heat map the upright axis") String y,
    @Option("columns whose values are told apart by colour") List<String> series,
    @Option(value = "logarithmic axes", range = "x|y|value") List<String> log,
    @Option(value = "how a run becomes a number", range = "last|last10|best|mean|gain") String over,
    @Option("rows whose accuracy has to be reached: rounds are shown") Map<String, String> reaching,
    @Option("a column, and of which value another is subtracted") Map<String, String> contrast,
    @Option("a level to compare with, in the file's unit") Double margin,
    @Option("in place of the column's own") String xTitle,
    @Option("in place of the column's own") String yTitle,
    @Option("the column that a heat map shows") String value,
    @Option("in place of the column's own") String valueTitle,
    @Option("what a place without rows stands for") Double missing,
    @Option("how many lines of equal value") Integer contours,
    @Option("columns whose values are a table's rows") List<String> rows,
    @Option("columns whose values stand side by side") List<String> columns,
    @Option("a table of published numbers to stand beside") String published) {
  private static final Options<FigureSpec> OPTIONS = new Options<>(FigureSpec.class).optional();
  private static final String COMMON = "kind name title claims from where panel ";
  private static final String ESTIMATES =
      "x! y series log over reaching contrast margin x-title y-title";

  /** By kind its options; some are needed. */
  private static final Map<String, String> KINDS =
      Map.of(
          "curves", "x y series log x-title y-title",
          "points", ESTIMATES,
          "bars", ESTIMATES,
          "heat", "x! y! value! missing contours log x-title y-title value-title",
          "table", "rows columns y over contrast published");

  public FigureSpec {
    name = name.isEmpty() ? kind : name;
    title = title.isEmpty() ? name : title;
    x = x.isEmpty() ? "samples" : x;
    where = new TreeMap<>(where);
  }

  /**
   * An entry as written, checked as far as that goes without results; one that names a {@code
   * claim} has that claim's contrast and margin.
   *
   * @param entry texts, numbers, truth values, lists and maps of these
   * @throws UserError which figure, which option, what was expected
   */
  public static FigureSpec of(Map<String, Object> entry) {
    String kind = String.valueOf(entry.get("kind"));
    if (!KINDS.containsKey(kind)) {
      throw new UserError(
          "there is no figure of kind '%s'%s".formatted(kind, Spelling.hint(kind, KINDS.keySet())));
    }
    Map<String, Object> given = withItsClaim(entry);
    String called = "the figure '%s' of kind %s".formatted(given.getOrDefault("name", kind), kind);
    String known = COMMON + KINDS.get(kind);
    FigureSpec spec = OPTIONS.only(List.of(known.replace("!", "").split(" "))).make(called, given);
    for (String option : known.split(" ")) {
      if (option.endsWith("!") && !given.containsKey(option.replace("!", ""))) {
        throw new UserError(called + " needs '" + option.replace("!", "") + "'");
      }
    }
    List<String> files = Schema.OF_FIGURES.stream().map(table -> table.name() + ".csv").toList();
    if (!spec.from.isEmpty() && !files.contains(spec.from)) {
      throw new UserError(
          "%s: from is '%s', expected %s"
              .formatted(called, spec.from, Values.oneOf(files).expected()));
    }
    if (spec.isContrast() && !spec.contrast.keySet().equals(Set.of("column", "of", "minus"))) {
      throw new UserError(
          "%s: contrast is %s, expected a map of column, of and minus"
              .formatted(called, spec.contrast));
    }
    return spec;
  }

  /**
   * Reads entries, all at once.
   *
   * @throws UserError with a line for each that is wrong
   */
  public static List<FigureSpec> check(Collection<Map<String, Object>> entries) {
    List<FigureSpec> specs = new ArrayList<>();
    Figures.each(entries, entry -> specs.add(of(entry)));
    return specs;
  }

  private static Map<String, Object> withItsClaim(Map<String, Object> entry) {
    Map<String, Object> given = new TreeMap<>(entry);
    Object id = given.remove("claim");
    if (id != null) {
      Claim.Compared compared =
          Claims.all().stream()
              .filter(claim -> claim.id().equals(id))
              .findFirst()
              .flatMap(Claim::compared)
              .orElseThrow(() -> new UserError("no claim '%s' with a difference".formatted(id)));
      given.put(
          "contrast",
          Map.of("column", compared.axis(), "of", compared.one(), "minus", compared.other()));
      if (!Double.isNaN(compared.margin())) {
        given.put("margin", compared.margin());
      }
    }
    return given;
  }

  boolean isHeat() {
    return kind.equals("heat");
  }

  boolean isTable() {
    return kind.equals("table");
  }

  boolean isContrast() {
    return !contrast.isEmpty();
  }

  /** Whether each place stands by itself, so that none lends another its standard deviation. */
  boolean isSingle() {
    return isHeat() || kind.equals("curves");
  }

  /** The column whose values are shown, as written; may be empty. */
  String shown() {
    return isHeat() ? value : y;
  }

  /** The column whose values are shown. */
  String measure() {
    return !shown().isEmpty() ? shown() : isSingle() || isContrast() ? "accuracy" : "last10";
  }

  /** Whether the figure looks at a column, to lay out or to choose rows. */
  boolean uses(String column) {
    return where.containsKey(column)
        || List.of(x, y, value).contains(column)
        || Stream.of(series, panel, rows, columns).anyMatch(several -> several.contains(column));
  }

  /**
   * Without settings that do not vary here: at a small scale the grid of an experiment has fewer
   * axes, and so have its tables fewer columns.
   */
  static List<String> varying(List<String> columns, Rows rows) {
    return columns.stream().filter(column -> rows.has(column) || !Keys.isSetting(column)).toList();
  }

  /** The title, and the claims that the figure bears on. */
  String heading() {
    return claims.isEmpty() ? title : title + " (" + String.join(", ", claims) + ")";
  }
}
