package org.fedlayers.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/** Digests of data sets and files, in lower-case hexadecimal. */
final class Fingerprint {
  private Fingerprint() {}

  /**
   * SHA-256 of what a model will see: for each part its size, shape, number of classes, labels
   * (big-endian int) and decoded pixels.
   */
  static String of(Images... parts) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    for (Images part : parts) {
      ByteBuffer head = ByteBuffer.allocate(4 * (5 + part.size()));
      head.putInt(part.size()).putInt(part.channels()).putInt(part.height()).putInt(part.width());
      head.putInt(part.classes());
      for (int label : part.labels()) {
        head.putInt(label);
      }
      digest.update(head.array());
      digest.update(part.pixels());
    }
    return Hex.encodeHexString(digest.digest());
  }

  /** SHA-256 of a file, which need not fit into memory. */
  static String of(Path file) throws IOException {
    return new DigestUtils(DigestUtils.getSha256Digest()).digestAsHex(file);
  }

  /** SHA-256 of bytes, one array after another. */
  static String sha256(byte[]... bytes) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    Stream.of(bytes).forEach(digest::update);
    return Hex.encodeHexString(digest.digest());
  }

  /** The digests of a resource of this package in the format of sha256sum, by name. */
  static Map<String, String> listed(String resource) {
    try (InputStream in = Fingerprint.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("  ", 2))
          .collect(Collectors.toUnmodifiableMap(fields -> fields[1], fields -> fields[0]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
