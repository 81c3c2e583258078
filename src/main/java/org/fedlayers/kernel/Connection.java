package org.fedlayers.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fedlayers.options.UserError;

/**
 * Jupyter's connection file: the ports of this kernel, and the key that signs every message. Other
 * users of the machine can reach the ports too; the key is all that keeps their code out.
 */
record Connection(Path file, JsonNode json) {
  /**
   * @throws UserError if the file is missing or damaged, or lets anybody else in
   */
  static Connection read(Path file) {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(file.toFile());
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
  byte[] sign(List<byte[]> parts) {
    String scheme = json.path("signature_scheme").asText();
    try {
      Mac mac = Mac.getInstance(scheme.replace("-", ""));
      mac.init(
          new SecretKeySpec(json.path("key").asText().getBytes(StandardCharsets.UTF_8), "key"));
      parts.forEach(mac::update);
      return HexFormat.of().formatHex(mac.doFinal()).getBytes(StandardCharsets.US_ASCII);
    } catch (GeneralSecurityException e) {
      throw new UserError(file + ": this kernel does not serve it: signature_scheme is " + scheme);
    }
  }
}
