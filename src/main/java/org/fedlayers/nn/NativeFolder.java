package org.fedlayers.nn;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fedlayers.data.UserError;
import org.slf4j.LoggerFactory;

/**
 * Where JavaCPP unpacks native libraries and loads them from. JavaCPP takes any folder it can
 * write, also one that a stranger made and filled; this one nobody else may write.
 */
public final class NativeFolder {
  private static final String PROPERTY = "org.bytedeco.javacpp.cachedir";
  private static final int OTHERS_WRITE = 022;
  private static final int STICKY = 01000;
  private static final String REFUSED = choose();

  private NativeFolder() {}

  /**
   * Has to come before the first native call.
   *
   * @throws UserError if there is no such folder
   */
  public static void check() {
    if (REFUSED != null) {
      throw new UserError(REFUSED);
    }
  }

  /** Names the folder to JavaCPP; returns why it cannot, or null. */
  private static String choose() {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("unix")) {
      return null;
    }
    long user = new UnixSystem().getUid();
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
    return "%s Delete what others may write, or set HOME or FEDLAYERS_JVM=-D%s=FOLDER."
        .formatted(String.join(" ", flaws), PROPERTY);
  }

  /** How others could change what is loaded from a folder, which is made; null if they cannot. */
  static String flaw(Path folder, long user) {
    if (!folder.isAbsolute()) {
      return "there is no home folder"; // Java's user.home is then ?
    }
    try {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      List<String> flaws = new ArrayList<>();
      // By both its names: a link to it that others may change leads elsewhere tomorrow.
      for (Path name : List.of(folder.normalize(), folder.toRealPath())) {
        for (Path parent = name.getParent(); parent != null; parent = parent.getParent()) {
          note(parent, user, STICKY, flaws);
        }
      }
      boolean closed = (mode(folder) & 077) == 0;
      try (Stream<Path> all = Files.walk(folder.toRealPath())) {
        for (Path path : (Iterable<Path>) all::iterator) {
          note(path, user, closed || Files.isSymbolicLink(path) ? -1 : 0, flaws);
        }
      }
      if (!Files.isWritable(folder)) {
        flaws.add("it cannot be written");
      }
      return flaws.isEmpty() ? null : flaws.get(0);
    } catch (IOException e) {
      return "it cannot be made or read, " + e;
    }
  }

  /**
   * @param safe any of these bits of its mode keeps others from changing what is there
   */
  private static void note(Path path, long user, int safe, List<String> flaws) throws IOException {
    int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (owner != user && owner != 0) {
      flaws.add(path + " belongs to another user");
    } else if (safe != -1 && (mode(path) & OTHERS_WRITE) != 0 && (mode(path) & safe) == 0) {
      flaws.add("others may write " + path);
    }
  }

  private static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, "unix:mode");
  }
}
