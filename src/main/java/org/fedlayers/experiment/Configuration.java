package org.fedlayers.experiment;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A value for every key: what one run is told, but for its arm and seed. Values at their default
 * are left out of the canonical form, so a key that is added later leaves the ids of older cells as
 * they are.
 */
public final class Configuration {
  private final Map<String, Object> chosen;

  private Configuration(Map<String, Object> chosen) {
    this.chosen = Collections.unmodifiableMap(chosen);
  }

  /**
   * @param values by key name, as the keys read them
   */
  static Configuration of(Map<String, ?> values) {
    Map<String, Object> chosen = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          if (value != null && !Objects.equals(value, Keys.named(name).standard())) {
            chosen.put(name, value);
          }
        });
    return new Configuration(chosen);
  }

  /** The value of a key: the chosen one, else the default, which may be null. */
  @SuppressWarnings("unchecked") // of() holds values of the keys' own types
  public <T> T get(Key<T> key) {
    return (T) chosen.getOrDefault(key.name(), key.standard());
  }

  /** Whether the key was given a value of its own. */
  boolean has(Key<?> key) {
    return chosen.containsKey(key.name());
  }

  /** What differs from the defaults, by key name. */
  public Map<String, Object> chosen() {
    return chosen;
  }

  /** The options of a group such as {@code partition}, by their own names, its name left out. */
  Map<String, Object> options(String group) {
    return chosen.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(group + "."))
        .filter(entry -> !entry.getKey().equals(group + ".name"))
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().substring(group.length() + 1),
                Map.Entry::getValue,
                (a, b) -> a,
                TreeMap::new));
  }

  Configuration with(Key<?> key, Object value) {
    Map<String, Object> more = new TreeMap<>(chosen);
    more.put(key.name(), value);
    return of(more);
  }

  Configuration without(Key<?> key) {
    Map<String, Object> fewer = new TreeMap<>(chosen);
    fewer.remove(key.name());
    return of(fewer);
  }

  /** One line of JSON with sorted keys. */
  public String canonical() {
    return Json.line(chosen);
  }

  /** The first 12 hexadecimal digits of the SHA-256 of a text. */
  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that && chosen.equals(that.chosen);
  }

  @Override
  public int hashCode() {
    return chosen.hashCode();
  }

  @Override
  public String toString() {
    return canonical();
  }
}
