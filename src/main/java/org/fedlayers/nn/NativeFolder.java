package org.fedlayers.nn;

import static java.nio.file.attribute.PosixFilePermissions.asFileAttribute;
import static java.nio.file.attribute.PosixFilePermissions.fromString;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;
import org.slf4j.LoggerFactory;

/**
 * The folder that JavaCPP unpacks native libraries to and loads them from. JavaCPP accepts any
 * folder that it can write to, even one that another user has made and filled; only the owner may
 * write to this one.
 */
public final class NativeFolder {
  private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static final long NEEDED_BYTES = 500_000_000;
  private static final int STICKY = 01000;
  private static final String REFUSED = choose();

  private NativeFolder() {}

  /**
   * Must be called before the first native call.
   *
   * @throws UserError if there is no such folder
   */
  public static void check() {
    if (REFUSED != null) {
      throw new UserError(REFUSED);
    }
  }

  /** Tells JavaCPP the folder; returns why there is none, or null. */
  private static String choose() {
    // Sends JavaCPP's warnings to our log: of natives made for an older version, which run with
    // this one.
    System.getProperties().putIfAbsent("org.bytedeco.javacpp.logger", "slf4j");
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
      return null;
    }
    long user = user();
    String set = System.getProperty(PROPERTY, System.getProperty("org.bytedeco.javacpp.cacheDir"));
    List<Path> choices =
        set != null
            ? List.of(Path.of(set).toAbsolutePath())
            : List.of(
                Path.of(System.getProperty("user.home"), ".javacpp", "cache"),
                Path.of(System.getProperty("java.io.tmpdir"), "fedlayers-" + user));
    List<String> flaws = new ArrayList<>();
    for (Path choice : choices) {
      String flaw = flaw(choice, user);
      if (flaw == null) {
        System.setProperty(PROPERTY, choice.toString());
        flaws.forEach(LoggerFactory.getLogger(NativeFolder.class)::warn);
        return null;
      }
      flaws.add("No native library is loaded from " + choice + ": " + flaw + ".");
    }
    return "%s Delete what others may change, or set HOME or FEDLAYERS_JVM=-D%s=FOLDER."
        .formatted(String.join(" ", flaws), PROPERTY);
  }

  /** The number of the user, who may have no name; the JDK's own call would then say 0. */
  private static long user() {
    try {
      return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      return new UnixSystem().getUid(); // there is no /proc
    }
  }

  /** Why a folder, which is made, is none to load code from; null if it is one. */
  static String flaw(Path folder, long user) {
    if (!folder.isAbsolute()) {
      return "there is no home folder"; // Java's user.home is then ?
    }
    try {
      Files.createDirectories(folder, asFileAttribute(fromString("rwx------")));
      // By both its names: a link that others may change leads elsewhere tomorrow.
      for (Path name : List.of(folder.normalize(), folder.toRealPath())) {
        for (Path parent = name.getParent(); parent != null; parent = parent.getParent()) {
          if (othersMayChange(parent, user, STICKY)) {
            return "others may change " + parent;
          }
        }
      }
      List<Path> all;
      try (Stream<Path> walk = Files.walk(folder.toRealPath())) {
        all = walk.toList();
      }
      boolean closed = Files.getPosixFilePermissions(folder).equals(fromString("rwx------"));
      for (Path path : all) {
        if (othersMayChange(path, user, closed ? -1 : 0)) {
          return "others may change " + path;
        }
      }
      boolean full = all.size() == 1 && folder.toFile().getUsableSpace() < NEEDED_BYTES;
      return full || !Files.isWritable(folder) ? "it is read-only or full" : null;
    } catch (IOException | UncheckedIOException e) {
      return "it cannot be made or read (" + e.getClass().getSimpleName() + ")";
    }
  }

  /**
   * @param safe bits of the mode, any of which keeps others from changing what is there
   */
  private static boolean othersMayChange(Path path, long user, int safe) throws IOException {
    var entry = Files.readAttributes(path, "unix:uid,mode", LinkOption.NOFOLLOW_LINKS);
    int owner = (int) entry.get("uid");
    int mode = Files.isSymbolicLink(path) ? 0 : (int) entry.get("mode");
    return owner != user && owner != 0 || (mode & 022) != 0 && (mode & safe) == 0;
  }
}
