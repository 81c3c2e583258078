package org.fedlayers.experiment;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.fedlayers.data.AtomicFile;

/**
 * Keeps a folder, by whatever path it is reached, to one holder at a time. The hidden file that is
 * locked goes with the lock, and so do folders made for it that are empty then; what a killed
 * holder has left locks nobody out.
 *
 * @param file the real path of what is locked
 * @param above the folder nearest to it that was there before
 */
record FolderLock(Path file, Path above, FileChannel channel) implements AutoCloseable {
  /** Closing any channel to a file gives up this process's lock of it, so none may be opened. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  /**
   * @param folder made if it is missing
   * @param what it is kept for
   * @return null if somebody holds it
   */
  static FolderLock take(Path folder, String what) throws IOException {
    Path above = folder.toAbsolutePath();
    while (!Files.exists(above)) {
      above = above.getParent();
    }
    Path file = AtomicFile.folder(folder).toRealPath().resolve("." + what + ".lock");
    if (!HELD.add(file)) {
      return null;
    }
    FileChannel channel = null;
    try {
      channel = lock(file);
      return channel == null ? null : new FolderLock(file, above.toRealPath(), channel);
    } catch (NoSuchFileException e) {
      return null; // its holder has let go this instant
    } finally {
      if (channel == null) {
        HELD.remove(file);
      }
    }
  }

  private static FileChannel lock(Path file) throws IOException {
    try {
      Files.createFile(file);
    } catch (FileAlreadyExistsException e) {
      // Of somebody who holds it, or was killed.
    }
    Object before = identity(file);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
    boolean ours = false;
    try {
      // Another file of that name: the one that is locked here has been deleted, and locks nothing.
      ours = channel.tryLock() != null && Objects.equals(before, identity(file));
    } catch (OverlappingFileLockException e) {
      // Held in this process, by another class loader.
    } finally {
      if (!ours) {
        channel.close();
      }
    }
    return ours ? channel : null;
  }

  private static Object identity(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
    channel.close();
    HELD.remove(file);
    try {
      for (Path empty = file.getParent(); !above.startsWith(empty); empty = empty.getParent()) {
        Files.deleteIfExists(empty);
      }
    } catch (DirectoryNotEmptyException e) {
      // It holds results now.
    }
  }
}
