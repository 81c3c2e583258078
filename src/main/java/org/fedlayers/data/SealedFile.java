package org.fedlayers.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A file that is accepted only if it is complete and of the expected kind: its first line states
 * the kind, the length of the content that follows, and its CRC-32C.
 */
public final class SealedFile {
  private SealedFile() {}

  /** Length and CRC-32C of a content; contents with equal seals are considered equal. */
  public static String seal(byte[] content) {
    CRC32C crc = new CRC32C();
    crc.update(content);
    return content.length + "-" + Long.toHexString(crc.getValue());
  }

  /**
   * @param what kind, version and owner of the file: one line
   */
  public static void write(Path file, String what, byte[] content) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          out.write(head(what, content).getBytes(StandardCharsets.UTF_8));
          out.write(content);
        });
  }

  /**
   * The content.
   *
   * @throws IOException that names the file, if it is missing, damaged, or not {@code what}
   */
  public static byte[] read(Path file, String what) throws IOException {
    byte[] all = bytes(file);
    int end = 0;
    while (end < all.length && all[end++] != '\n') {}
    byte[] content = Arrays.copyOfRange(all, end, all.length);
    if (new String(all, 0, end, StandardCharsets.UTF_8).equals(head(what, content))) {
      return content;
    }
    throw new IOException(
        file + " is damaged, or of another version, cell, configuration or image set");
  }

  /**
   * All bytes of any file.
   *
   * @throws IOException that names the file, if it cannot be read
   */
  public static byte[] bytes(Path file) throws IOException {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      boolean missing = e instanceof NoSuchFileException;
      throw new IOException(
          file + (missing ? " is missing" : " cannot be read: " + e.getMessage()), e);
    }
  }

  /** Bytes as the little-endian floats that files of vectors hold. */
  public static FloatBuffer floats(byte[] content) {
    return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static String head(String what, byte[] content) {
    return "fedlayers " + what + " " + seal(content) + "\n";
  }
}
