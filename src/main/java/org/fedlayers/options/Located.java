package org.fedlayers.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A value of a configuration together with where it was written.
 *
 * @param content a {@code Map<String, Located>} in the order written, a {@code List<Located>}, a
 *     String, Long, Double or Boolean, or null
 * @param place for example {@code depth.yaml:12} or {@code --set rounds}
 */
public record Located(Object content, String place) {

  /** A value, and all values in it, as written at one place. */
  public static Located of(Object plain, String place) {
    if (plain instanceof Map<?, ?> map) {
      Map<String, Located> located = new LinkedHashMap<>();
      map.forEach((key, value) -> located.put(String.valueOf(key), of(value, place)));
      return new Located(located, place);
    }
    return new Located(
        plain instanceof List<?> list ? list.stream().map(one -> of(one, place)).toList() : plain,
        place);
  }

  public boolean isMap() {
    return content instanceof Map;
  }

  public boolean isList() {
    return content instanceof List;
  }

  @SuppressWarnings("unchecked") // a map's values are Located, as stated above
  public Map<String, Located> map() {
    return (Map<String, Located>) content;
  }

  @SuppressWarnings("unchecked") // a list's elements are Located, as stated above
  public List<Located> list() {
    return (List<Located>) content;
  }

  /** The same without places: maps, lists and scalars. */
  public Object plain() {
    return isMap()
        ? plain(map())
        : isList() ? list().stream().map(Located::plain).toList() : content;
  }

  /** A map without places. */
  public static Map<String, Object> plain(Map<String, Located> located) {
    Map<String, Object> plain = new LinkedHashMap<>();
    located.forEach((key, value) -> plain.put(key, value.plain()));
    return plain;
  }

  /** As a message shows it. */
  @Override
  public String toString() {
    return content instanceof String text ? "'" + text + "'" : String.valueOf(plain());
  }
}
