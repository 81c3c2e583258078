package org.fedlayers.kernel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A request in Jupyter's protocol 5.3.
 *
 * @param route the frames that lead an answer back to the sender
 */
record Message(List<byte[]> route, JsonNode header, JsonNode content) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
  private static final String SESSION = UUID.randomUUID().toString();

  /**
   * Reads the frames of a message; nothing is parsed before its signature is verified.
   *
   * @throws IOException if they are no message, or not signed with the key
   */
  static Message read(List<byte[]> frames, Connection connection) throws IOException {
    int at = 0;
    while (at < frames.size() && !MessageDigest.isEqual(frames.get(at), DELIMITER)) {
      at++;
    }
    if (frames.size() < at + 6) {
      throw new IOException("it has not the frames of a Jupyter message");
    }
    List<byte[]> parts = frames.subList(at + 2, at + 6);
    if (!MessageDigest.isEqual(frames.get(at + 1), connection.sign(parts))) {
      throw new IOException("it is not signed with the key of the connection file");
    }
    JsonNode header = JSON.readTree(parts.get(0));
    JsonNode content = JSON.readTree(parts.get(3));
    if (!header.path("msg_type").isTextual() || !content.isObject()) {
      throw new IOException("it has no type or no content");
    }
    return new Message(frames.subList(0, at), header, content);
  }

  String type() {
    return header.path("msg_type").asText();
  }

  /** The frames of a signed message of this kernel; its parent is a request's header. */
  static List<byte[]> write(
      List<byte[]> route, String type, Object parent, Object content, Connection connection) {
    Map<String, String> header =
        Map.of(
            "msg_id",
            UUID.randomUUID().toString(),
            "session",
            SESSION,
            "username",
            "kernel",
            "date",
            Instant.now().toString(),
            "msg_type",
            type,
            "version",
            "5.3");
    List<byte[]> parts = List.of(json(header), json(parent), json(Map.of()), json(content));
    Stream<byte[]> head = Stream.of(DELIMITER, connection.sign(parts));
    return Stream.of(route.stream(), head, parts.stream()).flatMap(frames -> frames).toList();
  }

  /** By way of a string, which may hold half a surrogate pair of a user's. */
  private static byte[] json(Object value) {
    try {
      return JSON.writeValueAsString(value).getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
