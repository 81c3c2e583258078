package org.fedlayers;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** What disks, editors and half-finished copies do to a file. */
public enum Damage {
  FLIPPED_BIT,
  ANOTHER_DIGIT,
  CUT,
  EMPTIED,
  APPENDED_TO,
  LINE_LOST,
  A_FOLDER,
  MISSING;

  /** Whether the bytes of the file could be damaged in this way. */
  public boolean inflict(Path file, SplittableRandom random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    switch (this) {
      case FLIPPED_BIT -> {
        if (bytes.length == 0) {
          return false;
        }
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
      }
      case ANOTHER_DIGIT -> {
        int digit = at;
        while (digit < bytes.length && (bytes[digit] < '0' || bytes[digit] > '9')) {
          digit++;
        }
        if (digit == bytes.length) {
          return false;
        }
        bytes[digit] = (byte) ('0' + (bytes[digit] - '0' + 1 + random.nextInt(9)) % 10);
        Files.write(file, bytes);
      }
      case CUT -> {
        if (bytes.length == 0) {
          return false;
        }
        Files.write(file, Arrays.copyOf(bytes, at));
      }
      case EMPTIED -> {
        if (bytes.length == 0) {
          return false;
        }
        Files.write(file, new byte[0]);
      }
      case APPENDED_TO -> Files.write(file, new byte[] {'7', '\n'}, StandardOpenOption.APPEND);
      case LINE_LOST -> {
        List<String> lines = new ArrayList<>();
        lines.addAll(List.of(new String(bytes, ISO_8859_1).split("\n", -1)));
        if (lines.size() < 3) {
          return false;
        }
        lines.remove(random.nextInt(lines.size() - 1));
        Files.write(file, String.join("\n", lines).getBytes(ISO_8859_1));
      }
      case A_FOLDER -> {
        Files.delete(file);
        Files.createDirectory(file);
      }
      case MISSING -> Files.delete(file);
    }
    return true;
  }
}
