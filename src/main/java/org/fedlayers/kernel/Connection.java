package org.fedlayers.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.crypto.Mac;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.HmacUtils;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;

/**
 * Jupyter's connection file, and messages of its protocol 5.3: the ports of this kernel, and the
 * key that signs every message. Other users of the machine can reach the ports too; the key is all
 * that keeps their code out.
 */
record Connection(Path file, JsonNode json) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final byte[] DELIMITER = "<IDS|MSG>".getBytes(StandardCharsets.US_ASCII);
  private static final String SESSION = UUID.randomUUID().toString();

  /**
   * A request.
   *
   * @param route the frames that lead an answer back to the sender
   */
  record Message(List<byte[]> route, JsonNode header, JsonNode content) {
    String type() {
      return header.path("msg_type").asText();
    }
  }

  /**
   * @throws UserError if the file is missing or damaged, or lets anybody else in
   */
  static Connection read(Path file) {
    JsonNode json;
    try {
      json = JSON.readTree(file.toFile());
    } catch (IOException e) {
      throw new UserError(file + ": not a connection file; Jupyter writes one and names it", e);
    }
    Connection connection = new Connection(file, json);
    connection.require(json.path("transport").asText().equals("tcp"), "transport must be tcp");
    connection.require(json.path("ip").asText().equals("127.0.0.1"), "ip must be 127.0.0.1");
    connection.require(!json.path("key").asText().isEmpty(), "key must not be empty");
    for (String name : List.of("shell", "control", "stdin", "hb", "iopub")) {
      int port = connection.port(name);
      connection.require(port > 0 && port < 65536, name + "_port must be from 1 to 65535");
    }
    connection.sign(List.of());
    return connection;
  }

  private void require(boolean holds, String rule) {
    if (!holds) {
      throw new UserError(file + ": this kernel does not serve it: " + rule);
    }
  }

  int port(String socket) {
    return json.path(socket + "_port").asInt();
  }

  /** The signature of the four parts of a message, in hexadecimal digits. */
  private byte[] sign(List<byte[]> parts) {
    String scheme = json.path("signature_scheme").asText();
    try {
      Mac mac =
          HmacUtils.getInitializedMac(scheme.replace("-", ""), bytes(json.path("key").asText()));
      parts.forEach(mac::update);
      return bytes(Hex.encodeHexString(mac.doFinal()));
    } catch (IllegalArgumentException e) {
      throw new UserError(file + ": this kernel does not serve it: signature_scheme is " + scheme);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Reads the frames of a message; nothing is parsed before its signature is verified.
   *
   * @throws IOException if they are no message, or not signed with the key
   */
  Message message(List<byte[]> frames) throws IOException {
    int at = 0;
    while (at < frames.size() && !MessageDigest.isEqual(frames.get(at), DELIMITER)) {
      at++;
    }
    if (frames.size() < at + 6) {
      throw new IOException("it has not the frames of a Jupyter message");
    }
    List<byte[]> parts = frames.subList(at + 2, at + 6);
    if (!MessageDigest.isEqual(frames.get(at + 1), sign(parts))) {
      throw new IOException("it is not signed with the key of the connection file");
    }
    JsonNode header = JSON.readTree(parts.get(0));
    JsonNode content = JSON.readTree(parts.get(3));
    if (!header.path("msg_type").isTextual() || !content.isObject()) {
      throw new IOException("it has no type or no content");
    }
    return new Message(frames.subList(0, at), header, content);
  }

  /** The frames of a signed message of this kernel; its parent is a request's header. */
  List<byte[]> frames(List<byte[]> route, String type, Object parent, Object content) {
    String id = UUID.randomUUID().toString();
    String now = Instant.now().toString();
    Map<String, String> header =
        Map.of(
            "msg_id", id,
            "session", SESSION,
            "username", "kernel",
            "date", now,
            "msg_type", type,
            "version", "5.3");
    Stream<Object> all = Stream.of(header, parent, Map.of(), content);
    // By way of a string, which may hold half a surrogate pair of a user's.
    List<byte[]> parts = all.map(Json::line).map(Connection::bytes).toList();
    Stream<byte[]> head = Stream.of(DELIMITER, sign(parts));
    return Stream.of(route.stream(), head, parts.stream()).flatMap(frames -> frames).toList();
  }
}
