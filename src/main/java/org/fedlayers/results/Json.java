package org.fedlayers.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fedlayers.options.UserError;

/** Maps as JSON and back: equal maps give equal bytes on every system. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
  private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
  private static final PrettyPrinter PRETTY =
      new DefaultPrettyPrinter().withObjectIndenter(INDENT).withArrayIndenter(INDENT);

  private Json() {}

  public static String line(Object value) {
    return written(MAPPER.writer(), value);
  }

  public static String pretty(Object value) {
    return written(MAPPER.writer(PRETTY), value) + "\n";
  }

  private static String written(ObjectWriter writer, Object value) {
    try {
      return writer.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** The object that a file holds. */
  public static Map<String, Object> read(Path file) {
    return read(file, OBJECT);
  }

  /** What a file holds, to look into without knowing all of it. */
  public static JsonNode tree(Path file) {
    return read(file, new TypeReference<>() {});
  }

  /** What a file holds, as a record of its properties. */
  public static <T> T read(Path file, TypeReference<T> type) {
    try {
      return MAPPER.readValue(file.toFile(), type);
    } catch (IOException e) {
      throw new UserError(file + ": no JSON that can be read: " + e.getMessage(), e);
    }
  }

  /** What bytes that {@link #line} made hold. */
  public static <T> T read(byte[] content, TypeReference<T> type) throws IOException {
    return MAPPER.readValue(content, type);
  }

  /** The objects of a file that holds one a line. */
  public static List<Map<String, Object>> lines(Path file) {
    List<Map<String, Object>> objects = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        objects.add(MAPPER.readValue(line, OBJECT));
      }
    } catch (IOException e) {
      throw new UserError(
          "%s, line %d: no JSON that can be read: %s"
              .formatted(file, objects.size() + 1, e.getMessage()),
          e);
    }
    return objects;
  }
}
