package org.fedlayers.nn;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fedlayers.nn.plan.PlanModel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@EnabledOnOs({OS.LINUX, OS.MAC})
class NativeFolderTest {
  @TempDir private Path temporary;
  private Path home;
  private long user;

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectory(temporary.toRealPath().resolve("home"));
    user = (int) Files.getAttribute(home, "unix:uid");
  }

  /** What may stand where native libraries are looked for. */
  enum Planted {
    NOTHING,
    OURS,
    OPEN_FOLDER,
    OPEN_PARENT,
    OPEN_TO_A_GROUP,
    OPEN_LIBRARY,
    LINK_INTO_AN_OPEN_FOLDER,
    FOREIGN_FOLDER,
    FOREIGN_LIBRARY,
    A_FILE;

    void put(Path cache) throws IOException {
      Path folder = cache.resolve("lib.jar");
      if (this == NOTHING) {
        return;
      }
      if (this == A_FILE) {
        Files.createDirectories(cache.getParent());
        Files.writeString(cache, "");
        return;
      }
      Files.createDirectories(folder);
      Path library = Files.writeString(folder.resolve("lib.so"), "bad");
      switch (this) {
        case OPEN_FOLDER -> open(cache, "rwxrwxrwx");
        case OPEN_PARENT -> open(cache.getParent(), "rwxrwxrwx");
        case OPEN_TO_A_GROUP -> open(cache, "rwxrwxr-x");
        case OPEN_LIBRARY -> open(library, "rw-rw-rw-");
        case LINK_INTO_AN_OPEN_FOLDER -> {
          Path elsewhere = cache.resolveSibling("elsewhere");
          Files.move(cache, elsewhere);
          open(elsewhere, "rwxrwxrwx");
          Files.createSymbolicLink(cache, elsewhere);
        }
        case FOREIGN_FOLDER -> give(cache);
        case FOREIGN_LIBRARY -> give(library);
        default -> {}
      }
    }

    private static void open(Path path, String mode) throws IOException {
      Files.setPosixFilePermissions(path, fromString(mode));
    }

    private static void give(Path path) throws IOException {
      assumeThat((int) Files.getAttribute(path, "unix:uid"))
          .as("only root can plant a folder of another user")
          .isZero();
      Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setOwner(
              path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));
    }

    boolean safe() {
      return this == NOTHING || this == OURS;
    }
  }

  @ParameterizedTest
  @EnumSource
  void takesOnlyWhatNobodyElseMayWrite(Planted planted) throws IOException {
    Path cache = home.resolve(".javacpp").resolve("cache");
    planted.put(cache);
    String flaw = NativeFolder.flaw(cache, user);
    assertThat(flaw == null).as("%s", flaw).isEqualTo(planted.safe());
  }

  @Test
  void whatItMakesIsClosedAndStaysGood() throws IOException {
    Path cache = home.resolve(".javacpp").resolve("cache");
    assertThat(NativeFolder.flaw(cache, user)).isNull();
    assertThat(Files.getPosixFilePermissions(cache)).isEqualTo(fromString("rwx------"));
    // As JavaCPP leaves it where new files are open to a group, and links that lead nowhere.
    Path inside = Files.createDirectory(cache.resolve("lib.jar"));
    Planted.open(inside, "rwxrwxr-x");
    Files.createSymbolicLink(inside.resolve("lib.so"), home.resolve("gone"));
    assertThat(NativeFolder.flaw(cache, user)).isNull();
    assertThat(NativeFolder.flaw(Path.of("?", ".javacpp", "cache"), user)).contains("no home");
  }

  /** Another process, with everything a stranger may have put where libraries are looked for. */
  @ParameterizedTest
  @EnumSource(
      value = Planted.class,
      names = {"NOTHING", "OPEN_FOLDER", "FOREIGN_FOLDER", "A_FILE"})
  void noPlantedLibraryIsLoaded(Planted planted) throws Exception {
    Path tmp = Files.createDirectory(home.resolve("tmp"));
    planted.put(home.resolve(".javacpp").resolve("cache"));
    planted.put(tmp.resolve("fedlayers-" + user));
    List<Path> mapped = mappedBy(tmp);
    if (planted.safe()) {
      assertThat(mapped).anyMatch(path -> path.startsWith(home.resolve(".javacpp")));
      assertThat(mapped).noneMatch(path -> path.startsWith(tmp));
    } else {
      assertThat(mapped).noneMatch(path -> path.startsWith(home));
    }
  }

  private List<Path> mappedBy(Path tmp) throws Exception {
    assumeThat(Path.of("/proc/self/maps")).exists();
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-Xmx256m",
                "-Duser.home=" + home,
                "-Djava.io.tmpdir=" + tmp,
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Probe.class.getName())
            .redirectError(new File("/dev/null"))
            .start();
    try (Stream<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines()) {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return lines.filter(line -> line.startsWith("/")).map(Path::of).toList();
    }
  }

  /** Loads oneDNN if it may, then prints the files whose code this process could run. */
  static final class Probe {
    public static void main(String[] arguments) throws IOException {
      try {
        System.out.println(PlanModel.missing());
      } catch (RuntimeException e) {
        System.out.println(e.getMessage());
      }
      executable().forEach(System.out::println);
    }
  }

  @Test
  void nothingIsLoadedFromTheTemporaryFolder() throws IOException {
    assumeThat(Path.of("/proc/self/maps")).exists();
    PlanModel.missing();
    Nd4jRuntime.isOnCpu();
    assertThat(executable())
        .noneMatch(file -> file.startsWith(System.getProperty("java.io.tmpdir")));
  }

  private static List<String> executable() throws IOException {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.filter(line -> line.matches("\\S+ r.xp .*/.*"))
          .map(line -> line.substring(line.indexOf('/')))
          .distinct()
          .toList();
    }
  }

  /** Code for JavaCPP's loader, which {@link NativeFolder} leads, and for no other. */
  @Test
  void nativeCodeComesOnlyThroughJavaCpp() throws IOException {
    String path =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : path.split(File.pathSeparator)) {
      if (entry.endsWith(".jar") && !entry.matches(".*/(org/bytedeco|org/nd4j)/.*")) {
        try (var jar = new java.util.zip.ZipFile(entry)) {
          assertThat(jar.stream().map(java.util.zip.ZipEntry::getName))
              .as(entry)
              .noneMatch(name -> name.matches(".*\\.(so|dll|dylib|jnilib)(\\.\\d+)?"));
        }
      }
    }
  }
}
