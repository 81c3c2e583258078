package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import org.fedlayers.options.Located;
import org.fedlayers.options.UserError;

/**
 * A setting of an experiment: its name in files and on the command line, what it means, and how its
 * value is read.
 *
 * @param <T> the type of its values: Integer, Long, Double, Boolean, String or a list of words
 */
public final class Key<T> {
  private final String name;
  private final T standard;
  private final String expected;
  private final String meaning;
  private final Function<Object, T> reader;

  private Key(
      String name, T standard, String expected, String meaning, Function<Object, T> reader) {
    this.name = name;
    this.standard = standard;
    this.expected = expected;
    this.meaning = meaning;
    this.reader = reader;
  }

  static Key<Integer> whole(String name, Integer standard, int least, String meaning) {
    return new Key<>(
        name,
        standard,
        "a whole number of at least " + least,
        meaning,
        content ->
            content instanceof Long number && number >= least && number <= Integer.MAX_VALUE
                ? number.intValue()
                : null);
  }

  static Key<Double> number(
      String name, Double standard, String expected, DoublePredicate valid, String meaning) {
    return new Key<>(
        name,
        standard,
        expected,
        meaning,
        content ->
            content instanceof Number number && valid.test(number.doubleValue())
                ? (Double) number.doubleValue()
                : null);
  }

  static Key<Boolean> flag(String name, Boolean standard, String meaning) {
    return new Key<>(
        name,
        standard,
        "true or false",
        meaning,
        content -> content instanceof Boolean value ? value : null);
  }

  static Key<String> choice(String name, String standard, List<String> names, String meaning) {
    return new Key<>(
        name,
        standard,
        "one of " + String.join(", ", names),
        meaning,
        content -> names.contains(content) ? (String) content : null);
  }

  /** A word that some registry knows; the registry's own refusal is the message. */
  static Key<String> word(String name, String standard, Consumer<String> check, String meaning) {
    return new Key<>(
        name,
        standard,
        "a name",
        meaning,
        content -> {
          if (!(content instanceof String text)) {
            return null;
          }
          String word = text.strip().toLowerCase(Locale.ROOT);
          check.accept(word);
          return word;
        });
  }

  /** Some of the given words, each at most once. */
  static Key<List<String>> words(
      String name, List<String> standard, List<String> names, String meaning) {
    return new Key<>(
        name,
        standard,
        (standard.isEmpty() ? "none, or a list of " : "a list of ") + String.join(", ", names),
        meaning,
        content -> {
          if (standard.isEmpty() && "none".equals(content)) {
            return List.of();
          }
          List<?> list = content instanceof List<?> several ? several : List.of(content);
          List<String> words = list.stream().map(String::valueOf).toList();
          boolean known =
              names.containsAll(words) && words.stream().distinct().count() == words.size();
          return known && !words.isEmpty() ? words : null;
        });
  }

  /** Shares of a whole, each between 0 and 1 and above the one before. */
  static Key<List<Double>> shares(String name, String meaning) {
    return new Key<>(
        name,
        List.of(),
        "rising shares between 0 and 1, for example [0.3, 0.6]",
        meaning,
        content -> {
          List<Double> shares = new ArrayList<>();
          for (Object entry : content instanceof List<?> several ? several : List.of(content)) {
            double above = shares.isEmpty() ? 0 : shares.get(shares.size() - 1);
            if (!(entry instanceof Number share)
                || !(share.doubleValue() > above && share.doubleValue() < 1)) {
              return null;
            }
            shares.add(share.doubleValue());
          }
          return shares;
        });
  }

  /** An option of something that has a registry; the reader refuses by null or a UserError. */
  static Key<Object> option(
      String name,
      Object standard,
      String expected,
      Function<Object, Object> reader,
      String meaning) {
    return new Key<>(name, standard, expected, meaning, reader);
  }

  public String name() {
    return name;
  }

  /** The value if left out; null for none. */
  public T standard() {
    return standard;
  }

  public String expected() {
    return expected;
  }

  public String meaning() {
    return meaning;
  }

  /**
   * @param content as in {@link Located#plain()}
   * @throws UserError if it is no value of this key
   */
  T read(Object content) {
    T value = content == null ? null : reader.apply(content);
    if (value == null) {
      String shown = content instanceof String ? "'" + content + "'" : String.valueOf(content);
      throw new UserError(name + " is " + shown + ", expected " + expected);
    }
    return value;
  }

  @Override
  public String toString() {
    return name;
  }
}
