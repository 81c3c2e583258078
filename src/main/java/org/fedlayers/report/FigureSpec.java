package org.fedlayers.report;

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
import tech.tablesaw.api.Table;

/**
 * One entry of an experiment's {@code figures}: a kind, and the kind's options.
 *
 * @param options as written: texts, numbers, truth values, lists and maps of these
 */
public record FigureSpec(String kind, Map<String, Object> options) {
  private static final Set<String> COMMON =
      Set.of("kind", "name", "title", "claims", "from", "where", "panel");

  public static FigureSpec of(Map<String, Object> entry) {
    Map<String, Object> options = new TreeMap<>(entry);
    return new FigureSpec(String.valueOf(options.remove("kind")), options).ofItsClaim();
  }

  /** With the contrast and the margin of the claim that it names as {@code claim}. */
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

  /** Refuses options that the kind does not know. */
  FigureSpec knowing(String... own) {
    Set<String> known = new TreeSet<>(COMMON);
    known.addAll(List.of(own));
    for (String option : options.keySet()) {
      if (!known.contains(option)) {
        throw new UserError(
            "a figure of kind %s has no option '%s'%s"
                .formatted(kind, option, Spelling.hint(option, known)));
      }
    }
    return this;
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
    Map<String, Object> fewer = new TreeMap<>(options);
    for (String option : List.of("series", "panel", "rows", "columns")) {
      if (has(option)) {
        fewer.put(
            option,
            words(option).stream()
                .filter(column -> table.containsColumn(column) || !isSetting(column))
                .toList());
      }
    }
    return new FigureSpec(kind, fewer);
  }

  /** A key, or a group such as {@code partition} that an axis may vary as a whole. */
  private static boolean isSetting(String column) {
    return Keys.all().keySet().stream()
        .anyMatch(key -> key.equals(column) || key.startsWith(column + "."));
  }

  /** The file's name, without ending. */
  String name() {
    String name = text("name", kind);
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new UserError(
          "a figure is named '%s', expected lower-case letters, digits and hyphens"
              .formatted(name));
    }
    return name;
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
    Object value = options.getOrDefault(option, standard);
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new UserError(
        "the figure '%s' has %s '%s', expected a number".formatted(name(), option, value));
  }

  boolean flag(String option) {
    return Boolean.TRUE.equals(options.get(option));
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
  Map<String, ?> where() {
    return conditions("where");
  }

  /** Columns and the values that rows must have there. */
  Map<String, ?> conditions(String option) {
    Object value = options.get(option);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof Map<?, ?> conditions)) {
      throw new UserError(
          "the figure '%s' has %s '%s', expected a map of columns and values"
              .formatted(name(), option, value));
    }
    Map<String, Object> wanted = new TreeMap<>();
    conditions.forEach((column, text) -> wanted.put(String.valueOf(column), text));
    return wanted;
  }
}
