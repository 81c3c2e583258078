package org.fedlayers.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Brings a set into a data directory: from its home on the network, an archive or a folder. It is
 * unpacked aside and verified there, and takes the place of what was there before only if it is
 * right.
 *
 * @param name of the set
 * @param folder its official folder
 * @param download its official archive
 * @param load reads and verifies the set in a directory
 */
record Installation(String name, String folder, Download download, Function<Path, DataSet> load) {

  /**
   * @param home the data directory
   * @param from an archive or folder of the user's, or null for the network
   */
  DataSet into(Path home, Path from, Progress progress) {
    try {
      Files.createDirectories(home);
      try (FileChannel channel =
          FileChannel.open(
              home.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        requireAlone(channel, home);
        return bring(home, from, progress);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("cannot install %s in %s: %s".formatted(name, home, e), e);
    }
  }

  /** Takes the lock, which closing the channel releases. */
  private static void requireAlone(FileChannel channel, Path home) throws IOException {
    boolean alone;
    try {
      alone = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      alone = false;
    }
    if (!alone) {
      throw new UserError("another fedlayers is installing into %s; wait for it".formatted(home));
    }
  }

  private DataSet bring(Path home, Path from, Progress progress) throws IOException {
    Path aside = home.resolve(name + ".part");
    delete(aside);
    try {
      if (from == null) {
        Path archive = home.resolve(Path.of(download.from().getPath()).getFileName());
        if (!Files.exists(archive) || !Download.md5(archive).equals(download.md5())) {
          download.to(archive, progress);
        }
        new Archive(archive).unpack(aside, progress);
        DataSet data = moveIn(aside, home);
        Files.delete(archive);
        return data;
      }
      if (Files.isDirectory(from)) {
        copy(Files.isDirectory(from.resolve(folder)) ? from.resolve(folder) : from, aside);
      } else if (Files.exists(from)) {
        new Archive(from).unpack(aside, progress);
      } else {
        throw new UserError("%s is neither a file nor a folder".formatted(from));
      }
      return moveIn(aside, home);
    } finally {
      delete(aside);
    }
  }

  /** Verifies what lies aside and puts it in its place. */
  private DataSet moveIn(Path aside, Path home) throws IOException {
    DataSet data = load.apply(aside);
    Path inner = aside.resolve(folder);
    Path place = home.resolve(folder);
    Path old = home.resolve(folder + ".old");
    delete(old);
    if (Files.exists(place)) {
      Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.move(Files.isDirectory(inner) ? inner : aside, place, StandardCopyOption.ATOMIC_MOVE);
    delete(old);
    return data;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : (Iterable<Path>) tree::iterator) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else if (Files.isRegularFile(path)) {
          Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : (Iterable<Path>) paths.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    }
  }
}
