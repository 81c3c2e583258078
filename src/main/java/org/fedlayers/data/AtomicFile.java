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
import org.apache.commons.io.function.IOConsumer;

/**
 * Writes files that exist completely or not at all, even if the process or the machine stops: the
 * content goes to a temporary file in the same folder, is synced and renamed, and the folder is
 * synced. A temporary file of a killed process is deleted when the file is written again.
 */
public final class AtomicFile {
  private AtomicFile() {}

  public static void write(Path file, IOConsumer<OutputStream> content) throws IOException {
    Path folder = folder(file.toAbsolutePath().getParent());
    String name = file.getFileName().toString();
    clear(folder, name);
    Path temporary = folder.resolve(name + "." + ProcessHandle.current().pid() + ".part");
    try {
      writeSynced(temporary, content);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    sync(folder);
  }

  public static void write(Path file, String text) throws IOException {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes a file in place, for readers that recognise an incomplete one. */
  public static void writeSynced(Path file, IOConsumer<OutputStream> content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      content.accept(out);
      out.flush();
      channel.force(true);
    }
  }

  /** Creates a folder and its parents, durable over a loss of power, and returns it. */
  public static Path folder(Path folder) throws IOException {
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null && !Files.isDirectory(folder)) {
      folder(parent);
      Files.createDirectories(folder);
      sync(parent);
    }
    return folder;
  }

  /** Makes a file durable, or changes of the names in a folder. */
  public static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      channel.force(true);
    }
  }

  private static void clear(Path folder, String name) throws IOException {
    Pattern temporary = Pattern.compile(Pattern.quote(name) + "\\.(\\d{1,18})\\.part");
    for (String file : folder.toFile().list()) {
      Matcher part = temporary.matcher(file);
      if (part.matches() && ProcessHandle.of(Long.parseLong(part.group(1))).isEmpty()) {
        Files.deleteIfExists(folder.resolve(file));
      }
    }
  }
}
