package org.fedlayers.options;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The values that an option takes.
 *
 * @param expected in words, as messages and lists have it
 * @param reader gives what was written as a String, Integer, Long, Double, Boolean or a list of
 *     these; null for what is no such value
 */
public record Values(String expected, Function<Object, Object> reader) {
  private static final Pattern INTERVAL =
      Pattern.compile("([\\[(])\\s*(\\S+),\\s*(\\S+?)\\s*([])])");

  /** Anything, with its places. */
  static final Values LOCATED = new Values("a value", content -> content);

  /** Some words, and nothing else. */
  public static Values oneOf(List<String> words) {
    return new Values(
        "one of " + String.join(", ", words), content -> words.contains(content) ? content : null);
  }

  /**
   * The values of a type.
   *
   * @param range as in {@link Option#range()}
   * @return null if an option cannot be of this type
   */
  static Values of(Type type, String range) {
    if (type instanceof ParameterizedType several) {
      Type[] of = several.getActualTypeArguments();
      if (several.getRawType() == Map.class) {
        return map(of[1]);
      }
      Values element = several.getRawType() == List.class ? of(of[0], range) : null;
      return element == null ? null : listOf(element);
    }
    if (type instanceof Class<?> choice && choice.isEnum()) {
      return oneOf(Arrays.stream(choice.getEnumConstants()).map(Values::word).toList());
    }
    return switch (type.getTypeName()) {
      case "org.fedlayers.options.Located" -> LOCATED;
      case "java.lang.String" -> words(range);
      case "boolean", "java.lang.Boolean" -> new Values("true or false", Values::bool);
      case "double", "java.lang.Double" -> number("a number", range, Values::real);
      case "int", "java.lang.Integer" ->
          number("a whole number", range, content -> whole(content, Integer.MAX_VALUE));
      case "long", "java.lang.Long" ->
          number("a whole number", range, content -> whole(content, Long.MAX_VALUE));
      default -> null;
    };
  }

  private static Values words(String range) {
    if (range.isEmpty()) {
      return new Values("a word", content -> content instanceof String ? content : null);
    }
    return range.startsWith("/") ? pattern(range) : oneOf(List.of(range.split("\\s*\\|\\s*")));
  }

  /** Keys with texts, or with any values. */
  private static Values map(Type of) {
    return new Values(
        "a map of keys and values",
        content -> {
          if (!(content instanceof Map<?, ?> map)) {
            return null;
          }
          Map<String, Object> read = new LinkedHashMap<>();
          map.forEach((key, value) -> read.put("" + key, of == String.class ? "" + value : value));
          return read;
        });
  }

  /** A constant as files spell it: {@code total-variance}. */
  public static String word(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A value of a record as files spell it. */
  static Object spelt(Object value) {
    return value instanceof List<?> several
        ? several.stream().map(Values::spelt).toList()
        : value instanceof Enum<?> ? word(value) : value;
  }

  /** A word of some form; a list of its parts is as good. */
  private static Values pattern(String range) {
    int end = range.lastIndexOf('/');
    Pattern form = Pattern.compile(range.substring(1, end));
    return new Values(
        "a word" + range.substring(end + 1),
        content -> {
          String word =
              content instanceof List<?> parts
                  ? parts.stream().map(String::valueOf).collect(Collectors.joining("-"))
                  : String.valueOf(content).replaceAll("^\\[|]$|\\s", "").replace(',', '-');
          return form.matcher(word).matches() ? word : null;
        });
  }

  private static Object bool(Object content) {
    return switch (String.valueOf(content)) {
      case "true", "on" -> true;
      case "false", "off" -> false;
      default -> null;
    };
  }

  /** A word is a number too: other readers of YAML take 1e-3 for one. */
  private static Double real(Object content) {
    boolean word = content instanceof String text && YamlSource.NUMBER.matcher(text).matches();
    double number =
        word
            ? Double.parseDouble((String) content)
            : content instanceof Number given ? given.doubleValue() : Double.NaN;
    return Double.isFinite(number) ? (Double) number : null;
  }

  private static Number whole(Object content, long most) {
    boolean word = content instanceof String text && YamlSource.WHOLE.matcher(text).matches();
    if (!(content instanceof Integer || content instanceof Long || word)) {
      return null;
    }
    long number = Long.parseLong(content.toString());
    boolean fits = number <= most && number >= -most;
    return !fits ? null : most == Integer.MAX_VALUE ? (Number) (int) number : (Number) number;
  }

  private static Values number(
      String kind, String range, Function<Object, ? extends Number> reader) {
    if (range.isEmpty()) {
      return new Values(kind, reader::apply);
    }
    if (range.contains("|")) {
      List<String> words = List.of(range.split("\\s*\\|\\s*"));
      List<?> numbers = words.stream().map(reader).toList();
      return new Values(
          oneOf(words).expected(),
          content -> numbers.contains(reader.apply(content)) ? reader.apply(content) : null);
    }
    Matcher interval = INTERVAL.matcher(range);
    if (!interval.matches()) {
      throw new IllegalArgumentException("no interval: " + range);
    }
    boolean from = interval.group(1).equals("[");
    boolean to = interval.group(4).equals("]");
    double least = Double.parseDouble(interval.group(2));
    double most = Double.parseDouble(interval.group(3));
    String words =
        "%s %s %s%s%s"
            .formatted(
                kind,
                from ? "from" : "above",
                interval.group(2),
                from ? " to " + (to ? "" : "below ") : to ? ", at most " : ", below ",
                interval.group(3));
    return new Values(
        words,
        content -> {
          Number number = reader.apply(content);
          if (number == null) {
            return null;
          }
          double value = number.doubleValue();
          boolean within =
              (from ? value >= least : value > least) && (to ? value <= most : value < most);
          return within ? number : null;
        });
  }

  /** Words each at most once, numbers in rising order; a single one needs no brackets. */
  private static Values listOf(Values element) {
    return new Values(
        element
            .expected()
            .replaceFirst("^one of", "a list of")
            .replaceFirst("^a (whole )?number", "rising $1numbers"),
        content -> {
          List<?> written = content instanceof List<?> several ? several : List.of(content);
          List<Object> read = written.stream().map(element.reader()).toList();
          boolean valid = !read.contains(null) && new HashSet<>(read).size() == read.size();
          for (int i = 1; valid && i < read.size(); i++) {
            valid =
                !(read.get(i) instanceof Number number)
                    || number.doubleValue() > ((Number) read.get(i - 1)).doubleValue();
          }
          return valid && !read.isEmpty() ? read : null;
        });
  }
}
