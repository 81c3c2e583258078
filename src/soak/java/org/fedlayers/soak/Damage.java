package org.fedlayers.soak;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** What disks, editors and half-finished copies do to a file. */
enum Damage {
  FLIP,
  DIGIT,
  CUT,
  EMPTY,
  APPEND,
  LINE_LOST,
  REPLACED_BY_FOLDER,
  LOST;

  /** Whether the bytes of the file could be damaged in this way. */
  boolean inflict(Path file, SplittableRandom random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int at = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
    switch (this) {
      case FLIP -> {
        if (bytes.length == 0) {
          return false;
        }
        bytes[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, bytes);
      }
      case DIGIT -> {
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
      case CUT -> Files.write(file, java.util.Arrays.copyOf(bytes, at));
      case EMPTY -> Files.write(file, new byte[0]);
      case APPEND -> Files.write(file, new byte[] {'7', '\n'}, StandardOpenOption.APPEND);
      case LINE_LOST -> {
        List<String> lines =
            Stream.of(
                    new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).split("\n", -1))
                .toList();
        if (lines.size() < 3) {
          return false;
        }
        int lost = random.nextInt(lines.size() - 1);
        StringBuilder rest = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
          if (i != lost) {
            rest.append(lines.get(i)).append(i < lines.size() - 1 ? "\n" : "");
          }
        }
        Files.write(file, rest.toString().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      case REPLACED_BY_FOLDER -> {
        Files.delete(file);
        Files.createDirectory(file);
      }
      case LOST -> Files.delete(file);
    }
    return true;
  }

  static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(to.resolve(from.relativize(folder).toString()));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(file, to.resolve(from.relativize(file).toString()));
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
