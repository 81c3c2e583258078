package org.fedlayers.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.apache.commons.io.file.PathUtils;
import org.fedlayers.options.UserError;

/**
 * Installs an image set in a data directory, from its address on the network, an archive or a
 * folder. The set is unpacked and verified in a temporary folder and replaces what was there before
 * only if it is correct.
 *
 * @param layout of the set
 * @param download its official archive
 */
record Installation(Layout layout, Download download) implements ImageSet {

  @Override
  public Facts facts() {
    return layout.facts();
  }

  /** Loads the set; an error message ends with the command that repairs it. */
  @Override
  public DataSet load(Path home) {
    try {
      return layout.load(home);
    } catch (UserError e) {
      throw new UserError("%s%nMend it with: %s".formatted(e.getMessage(), command(home)), e);
    }
  }

  /** The command that installs the set, as it is typed in the working directory. */
  private String command(Path home) {
    Path launcher = Path.of(System.getProperty("fedlayers.home", "")).toAbsolutePath();
    launcher = Path.of("").toAbsolutePath().relativize(launcher.resolve("environment/fedlayers"));
    String command = "%s data %s".formatted(quoted(launcher), layout.name());
    return home.equals(DataHome.resolve(null)) ? command : command + " --data " + quoted(home);
  }

  /** A path as a POSIX shell takes it. */
  private static String quoted(Path path) {
    String plain = path.toString();
    return plain.matches("[\\w./+@,-]+") ? plain : "'" + plain.replace("'", "'\\''") + "'";
  }

  /**
   * @param home the data directory
   * @param from an archive or folder of the user's, or null for the network
   */
  DataSet into(Path home, Path from, Progress progress) {
    WorkFolder alone = WorkFolder.take(home, "installation");
    try {
      return bring(home, from, progress);
    } catch (IOException | UncheckedIOException e) {
      throw new UserError("cannot install %s in %s: %s".formatted(layout.name(), home, e), e);
    } finally {
      alone.close();
    }
  }

  private DataSet bring(Path home, Path from, Progress progress) throws IOException {
    Path temporary = home.resolve(layout.name() + ".part");
    Path place = home.resolve(layout.folder());
    Path old = home.resolve(layout.folder() + ".old");
    if (!Files.exists(place) && Files.exists(old)) {
      // An earlier installation was killed between its two renames.
      Files.move(old, place, StandardCopyOption.ATOMIC_MOVE);
    }
    PathUtils.delete(temporary);
    Path source = from == null ? fetched(home, progress) : from;
    try {
      if (Files.isDirectory(source)) {
        source = located(source, home);
        copy(source, temporary);
      } else if (Files.exists(source)) {
        new Archive(source).unpack(temporary, progress);
      } else {
        throw new UserError("%s is neither a file nor a folder".formatted(source));
      }
      DataSet data = layout.load(temporary);
      Path inner = temporary.resolve(layout.folder());
      PathUtils.delete(old);
      if (Files.exists(place)) {
        Files.move(place, old, StandardCopyOption.ATOMIC_MOVE);
      }
      Files.move(
          Files.isDirectory(inner) ? inner : temporary, place, StandardCopyOption.ATOMIC_MOVE);
      PathUtils.delete(old);
      if (from == null) {
        Files.delete(source);
      }
      return data;
    } catch (UserError e) {
      // The temporary folder is gone when this is read; the user knows the source.
      throw new UserError(e.getMessage().replace(temporary.toString(), source.toString()), e);
    } finally {
      PathUtils.delete(temporary);
    }
  }

  private Path fetched(Path home, Progress progress) throws IOException {
    Path archive = home.resolve(Path.of(download.from().getPath()).getFileName());
    if (!Files.exists(archive) || !Fingerprint.of(archive).equals(download.sha256())) {
      download.to(archive, progress);
    }
    return archive;
  }

  /** The folder in {@code from} that holds the set; it must not be in the data directory. */
  private Path located(Path from, Path home) throws IOException {
    Path source = layout.locate(from);
    if (!source.equals(from) && layout.isIn(from)) {
      throw new UserError(
          "there are two copies of %s, in %s and in %s: name the folder of one, without the other"
              .formatted(layout.name(), from, source));
    }
    if (source.toRealPath().startsWith(home.toRealPath())) {
      throw new UserError(
          "%s lies in the data directory %s itself: leave --from out to check what is there"
              .formatted(source, home));
    }
    return source;
  }

  /** Copies the files of the set and no others; links are followed. */
  private void copy(Path from, Path to) throws IOException {
    for (Path file : layout.files(from)) {
      layout.requireFile(file);
      Path target = to.resolve(from.relativize(file));
      Files.createDirectories(target.getParent());
      Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }
}
