package org.fedlayers.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.io.IOUtils;
import org.fedlayers.options.UserError;

/**
 * Exclusive use of a folder for writing, by whatever path it is reached. The folder is created if
 * it is missing and tested with a trial file; then a hidden file in it is locked. That file is
 * deleted with the lock, and so are folders created for it that are empty then. A killed process
 * leaves no lock behind.
 */
public final class WorkFolder implements AutoCloseable {
  /** Too much for a full disk, which may still take a few bytes. */
  private static final int TRIAL_BYTES = 1 << 16;

  /** Closing any channel to a file releases this process's lock of it, so none may be opened. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /** The real path of what is locked. */
  private final Path file;

  private final FileChannel channel;

  /** The nearest parent folder that existed before. */
  private final Path above;

  private WorkFolder(Path file, FileChannel channel, Path above) {
    this.file = file;
    this.channel = channel;
    this.above = above;
  }

  /**
   * Takes a folder, which is created if it is missing.
   *
   * @param what its purpose, in a word or two
   * @throws UserError if it cannot be written, or another process or thread holds it
   */
  public static WorkFolder take(Path folder, String what) {
    WorkFolder taken = takeIfFree(folder, what);
    if (taken == null) {
      throw new UserError(
          "%s in %s: another process or run holds the lock; let it end, or name another folder"
              .formatted(what, folder));
    }
    return taken;
  }

  /** The same, but null if another holds it. */
  public static WorkFolder takeIfFree(Path folder, String what) {
    Path above = folder.toAbsolutePath();
    while (above.getParent() != null && !Files.exists(above)) {
      above = above.getParent();
    }
    try {
      Path realAbove = above.toRealPath();
      Path real = AtomicFile.folder(folder).toRealPath();
      tryOut(real);
      Path file = real.resolve("." + what + ".lock");
      FileChannel channel = lock(file);
      return channel == null ? null : new WorkFolder(file, channel, realAbove);
    } catch (IOException e) {
      deleteEmpty(folder.toAbsolutePath(), above);
      throw new UserError(
          "cannot write %s in %s: %s. Choose another folder or make room; nothing was run"
              .formatted(what, folder, reason(e)),
          e);
    }
  }

  private static void tryOut(Path folder) throws IOException {
    Path trial = Files.createTempFile(folder, ".trial", null);
    try {
      Files.write(trial, new byte[TRIAL_BYTES]);
    } finally {
      Files.delete(trial);
    }
  }

  /** The locked channel; null if another process or thread holds the lock. */
  private static FileChannel lock(Path file) throws IOException {
    if (!HELD.add(file)) {
      return null;
    }
    FileChannel channel = null;
    boolean ours = false;
    try {
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
      Object before = identity(file);
      channel = FileChannel.open(file, StandardOpenOption.WRITE);
      // If the file was replaced meanwhile, the lock is of a deleted one and locks nothing.
      ours = channel.tryLock() != null && Objects.equals(before, identity(file));
    } catch (OverlappingFileLockException | FileAlreadyExistsException | NoSuchFileException e) {
      // Another class loader holds it, or another process takes or releases it this instant.
    } finally {
      if (!ours) {
        HELD.remove(file);
        IOUtils.close(channel);
      }
    }
    return ours ? channel : null;
  }

  private static Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Releases the folder. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(file);
      channel.close();
      deleteEmpty(file.getParent(), above);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release " + file.getParent(), e);
    } finally {
      HELD.remove(file);
    }
  }

  private static void deleteEmpty(Path folder, Path above) {
    try {
      for (Path empty = folder; !above.startsWith(empty); empty = empty.getParent()) {
        Files.deleteIfExists(empty);
      }
    } catch (IOException e) {
      // The folder holds results now, or there is nothing to delete.
    }
  }

  /**
   * Why a file could not be read or written, in words; Java's message is often only a path: {@code
   * "/mnt/results: Read-only file system"}.
   */
  public static String reason(IOException error) {
    if (!(error instanceof FileSystemException named)) {
      return error.getMessage() == null ? error.toString() : error.getMessage();
    }
    String why = named.getReason();
    if (named instanceof AccessDeniedException) {
      why = "permission denied";
    } else if (named instanceof FileAlreadyExistsException) {
      why = "a file is there, where a folder is wanted";
    } else if (named instanceof NoSuchFileException) {
      why = "there is no such file or folder";
    } else if (why == null) {
      why = named.getClass().getSimpleName();
    }
    return named.getFile() + ": " + why;
  }
}
