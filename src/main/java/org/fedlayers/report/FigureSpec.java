package org.fedlayers.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.fedlayers.claims.Claim;
import org.fedlayers.claims.Claims;
import org.fedlayers.experiment.Keys;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Reduction;
import org.fedlayers.results.Schema;
import tech.tablesaw.api.Table;

/**
 * One entry of an experiment's {@code figures}: a kind, and the kind's options.
 *
 * @param options as written: texts, numbers, truth values, lists and maps of these
 */
public record FigureSpec(String kind, Map<String, Object> options) {
  private static final String COMMON = "name title claims from where panel ";
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

  /**
   * An entry as written, checked as far as that goes without results; one that names a {@code
   * claim} has that claim's contrast and margin.
   *
   * @throws UserError which figure, which option, what was expected
   */
  public static FigureSpec of(Map<String, Object> entry) {
    Map<String, Object> options = new TreeMap<>(entry);
    FigureSpec spec = new FigureSpec(String.valueOf(options.remove("kind")), options).ofItsClaim();
    spec.check();
    return spec;
  }

  /**
   * Checks entries, all at once.
   *
   * @throws UserError with a line for each that is wrong
   */
  public static void check(Collection<Map<String, Object>> entries) {
    List<String> refused = new ArrayList<>();
    for (Map<String, Object> entry : entries) {
      try {
        of(entry);
      } catch (UserError refusal) {
        refused.add(refusal.getMessage());
      }
    }
    if (!refused.isEmpty()) {
      throw new UserError(String.join("\n", refused));
    }
  }

  private FigureSpec ofItsClaim() {
    if (!has("claim")) {
      return this;
    }
    Claim.Compared compared =
        Claims.all().stream()
            .filter(claim -> claim.id().equals(text("claim")))
            .findFirst()
            .flatMap(Claim::compared)
            .orElseThrow(
                () -> new UserError("no claim '%s' with a difference".formatted(text("claim"))));
    Map<String, Object> more = new TreeMap<>(options);
    more.remove("claim");
    more.put(
        "contrast",
        Map.of("column", compared.axis(), "of", compared.one(), "minus", compared.other()));
    if (!Double.isNaN(compared.margin())) {
      more.put("margin", compared.margin());
    }
    return new FigureSpec(kind, more);
  }

  private void check() {
    if (!KINDS.containsKey(kind)) {
      throw new UserError(
          "there is no figure of kind '%s'%s".formatted(kind, Spelling.hint(kind, KINDS.keySet())));
    }
    if (!name().matches("[a-z0-9][a-z0-9-]*")) {
      throw new UserError(
          "a figure is named '%s', expected lower-case letters, digits and hyphens"
              .formatted(name()));
    }
    Set<String> known = new TreeSet<>();
    for (String option : (COMMON + KINDS.get(kind)).split(" ")) {
      known.add(option.replace("!", ""));
      if (option.endsWith("!")) {
        text(option.replace("!", ""));
      }
    }
    for (String option : options.keySet()) {
      if (!known.contains(option)) {
        throw new UserError(
            "a figure of kind %s has no option '%s'%s"
                .formatted(kind, option, Spelling.hint(option, known)));
      }
    }
    for (String option : List.of("margin", "missing", "contours")) {
      number(option, 0);
    }
    for (String option : List.of("where", "reaching", "contrast")) {
      conditions(option);
    }
    if (has("contrast")
        && !conditions("contrast").keySet().equals(Set.of("column", "of", "minus"))) {
      throw wrong("contrast", "a map of column, of and minus");
    }
    Reduction.named(text("over", "last10"));
    List<String> tables =
        Stream.concat(Schema.OF_CELLS.stream(), Stream.of(Schema.SUMMARY))
            .map(table -> table.name() + ".csv")
            .toList();
    if (has("from") && !tables.contains(text("from"))) {
      throw wrong("from", "one of " + String.join(", ", tables));
    }
  }

  private UserError wrong(String option, String expected) {
    return new UserError(
        "the figure '%s' has %s '%s', expected %s"
            .formatted(name(), option, options.get(option), expected));
  }

  /** With one more option, or another value of it. */
  FigureSpec with(String option, Object value) {
    Map<String, Object> more = new TreeMap<>(options);
    more.put(option, value);
    return new FigureSpec(kind, more);
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  /** Whether the figure looks at a column, to lay out or to choose rows. */
  boolean uses(String column) {
    return where().containsKey(column)
        || Stream.of("x", "y", "value", "series", "panel", "rows", "columns")
            .anyMatch(option -> words(option).contains(column));
  }

  /**
   * Without series and panels by settings that do not vary here: at a small scale the grid of an
   * experiment has fewer axes, and so have its tables fewer columns.
   */
  FigureSpec within(Table table) {
    FigureSpec fewer = this;
    for (String option : List.of("series", "panel", "rows", "columns")) {
      if (has(option)) {
        fewer =
            fewer.with(
                option,
                words(option).stream()
                    .filter(column -> table.containsColumn(column) || !isSetting(column))
                    .toList());
      }
    }
    return fewer;
  }

  /** A key, or a group such as {@code partition} that an axis may vary as a whole. */
  private static boolean isSetting(String column) {
    return Keys.all().keySet().stream()
        .anyMatch(key -> key.equals(column) || key.startsWith(column + "."));
  }

  /** The file's name, without ending. */
  String name() {
    return text("name", kind);
  }

  /** The title, and the claims that the figure bears on. */
  String title() {
    String title = text("title", name());
    return has("claims") ? title + " (" + String.join(", ", words("claims")) + ")" : title;
  }

  String text(String option, String standard) {
    Object value = options.get(option);
    return value == null ? standard : String.valueOf(value);
  }

  String text(String option) {
    String value = text(option, null);
    if (value == null) {
      throw new UserError("the figure '%s' of kind %s needs '%s'".formatted(name(), kind, option));
    }
    return value;
  }

  double number(String option, double standard) {
    if (options.getOrDefault(option, standard) instanceof Number number) {
      return number.doubleValue();
    }
    throw wrong(option, "a number");
  }

  /** One word or several. */
  List<String> words(String option) {
    Object value = options.get(option);
    if (value == null) {
      return List.of();
    }
    return value instanceof List<?> list
        ? list.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(value));
  }

  /** Which rows are shown: columns and their wanted values. */
  Map<String, Object> where() {
    return conditions("where");
  }

  /** Columns and the values that rows must have there. */
  Map<String, Object> conditions(String option) {
    if (!(options.getOrDefault(option, Map.of()) instanceof Map<?, ?> conditions)) {
      throw wrong(option, "a map of columns and values");
    }
    Map<String, Object> wanted = new TreeMap<>();
    conditions.forEach((column, text) -> wanted.put(String.valueOf(column), text));
    return wanted;
  }
}
