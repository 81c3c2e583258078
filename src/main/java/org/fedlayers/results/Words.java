package org.fedlayers.results;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** Words that figures and tables have for what results files spell. */
public final class Words {
  private Words() {}

  public static Map<String, String> of(String name) {
    Properties words = new Properties();
    try (Reader in =
        new InputStreamReader(
            Words.class.getResourceAsStream(name + ".properties"), StandardCharsets.UTF_8)) {
      words.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> map = new HashMap<>();
    words.forEach((key, value) -> map.put((String) key, (String) value));
    return map;
  }
}
