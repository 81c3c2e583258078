package org.fedlayers.data;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Digests of data sets and files, in lower-case hexadecimal. */
final class Fingerprint {
  private Fingerprint() {}

  /**
   * SHA-256 of what a model will see: for each part its size, shape, number of classes, labels
   * (big-endian int) and decoded pixels.
   */
  static String of(Images... parts) {
    MessageDigest digest = algorithm("SHA-256");
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
    return hex(digest);
  }

  static String sha256(byte[] bytes) {
    MessageDigest digest = algorithm("SHA-256");
    digest.update(bytes);
    return hex(digest);
  }

  static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  static MessageDigest algorithm(String name) {
    try {
      return MessageDigest.getInstance(name);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + name, e);
    }
  }
}
