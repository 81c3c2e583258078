package org.fedlayers.data;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes files that are there whole or not at all, whatever process or machine stops: written aside
 * in the same folder, synced, renamed over the old one, and the folder synced. What a process that
 * was killed has left aside goes when the file is written the next time.
 */
public final class AtomicFile {
  private AtomicFile() {}

  /** What writes the content. */
  @FunctionalInterface
  public interface Content {
    void to(OutputStream out) throws IOException;
  }

  public static void write(Path file, Content content) throws IOException {
    Path folder = folder(file.toAbsolutePath().getParent());
    String name = file.getFileName().toString();
    clear(folder, name);
    Path aside = folder.resolve(name + "." + ProcessHandle.current().pid() + ".part");
    try {
      writeSynced(aside, content);
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(aside);
    }
    sync(folder);
  }

  public static void write(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes a file in place, for those who can tell a whole one from a part. */
  public static void writeSynced(Path file, Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.to(out);
      out.flush();
      channel.force(true);
    }
  }

  /** Makes a folder and those above it, so that they outlast a loss of power, and returns it. */
  public static Path folder(Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(folder)) {
      folder(parent);
      Files.createDirectories(folder);
      sync(parent);
    }
    return folder;
  }

  /** Has the names in a folder, new, changed or gone, reach the disk. */
  public static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder)) {
      channel.force(true);
    }
  }

  private static void clear(Path folder, String name) throws IOException {
    Pattern aside = Pattern.compile(Pattern.quote(name) + "\\.(\\d{1,18})\\.part");
    for (String file : folder.toFile().list()) {
      Matcher part = aside.matcher(file);
      if (part.matches() && ProcessHandle.of(Long.parseLong(part.group(1))).isEmpty()) {
        Files.deleteIfExists(folder.resolve(file));
      }
    }
  }
}
