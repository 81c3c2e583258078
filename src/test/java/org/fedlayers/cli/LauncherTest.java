package org.fedlayers.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code environment/fedlayers} of a checkout with an umlaut in its path, on odd machines. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final boolean UTF = "UTF-8".equals(System.getProperty("sun.jnu.encoding"));

  @TempDir private Path temporary;
  private Path checkout;
  private Path classPath;

  private record Result(int code, String out, String err) {}

  @BeforeEach
  void copyTheScripts() throws IOException {
    assumeThat(Path.of("target/class-path.txt")).exists();
    checkout =
        Files.createDirectories(temporary.toRealPath().resolve(UTF ? "Köln am Rhein" : "Bonn"));
    Files.createDirectories(checkout.resolve("environment"));
    Files.createDirectories(checkout.resolve("target"));
    for (String name : List.of("fedlayers", "here.sh", "jvm.options")) {
      Path script = Path.of("environment", name);
      Files.copy(script, checkout.resolve(script));
    }
    checkout.resolve("environment/fedlayers").toFile().setExecutable(true);
    Files.createSymbolicLink(
        checkout.resolve("target/classes"), Path.of("target/classes").toAbsolutePath());
    classPath = checkout.resolve("target/class-path.txt");
    Files.copy(Path.of("target/class-path.txt"), classPath);
  }

  @Test
  void saysItsVersionWithoutBeingInstalled() throws Exception {
    Result result = run(Map.of(), "--version");
    String pom = Files.readString(Path.of("pom.xml"), UTF_8);
    String version = result.out().strip().replace("fedlayers ", "");
    assertThat(version).matches("\\d+\\..+");
    assertThat(pom).contains("<version>" + version + "</version>\n  <name>fedlayers");
  }

  /** With it, cd prints where it goes. */
  @Test
  void aPathOfFoldersToLookInIsOfNoAccount() throws Exception {
    assertThat(run(Map.of("CDPATH", ".:/tmp"), "--version").code()).isZero();
  }

  /**
   * @param changed variables of the environment; an empty value unsets one
   */
  private Result run(Map<String, String> changed, String... arguments) throws Exception {
    Path out = temporary.resolve("out");
    Path err = temporary.resolve("err");
    var builder =
        new ProcessBuilder("environment/fedlayers")
            .directory(checkout.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.command().addAll(List.of(arguments));
    builder.environment().keySet().removeAll(List.of("FEDLAYERS_JVM", "FEDLAYERS_HOME"));
    changed.forEach(
        (name, value) -> {
          builder.environment().remove(name);
          if (!value.isEmpty()) {
            builder.environment().put(name, value);
          }
        });
    int code = builder.start().waitFor();
    return new Result(code, Files.readString(out, UTF_8), Files.readString(err, UTF_8));
  }

  @ParameterizedTest
  @CsvSource({
    "no class path,      run 'make build'",
    "no compiled class,  target/classes cannot be read: run 'make clean build'",
    "no library,         gone.jar cannot be read: run 'make clean build'",
    "newer source,       claims.yaml is newer than what is built: run 'make build'",
    "no temporary folder,'missing, read-only or full: set TMPDIR'",
    "no Java,            set JAVA_HOME"
  })
  void whatIsMissingIsNamedInOneLine(String missing, String answer) throws Exception {
    Map<String, String> changed = Map.of();
    switch (missing) {
      case "no class path" -> Files.delete(classPath);
      case "no compiled class" -> Files.delete(checkout.resolve("target/classes"));
      case "no library" -> Files.writeString(classPath, temporary.resolve("gone.jar").toString());
      case "newer source" -> edit("src/main/resources/claims.yaml");
      case "no temporary folder" -> changed = Map.of("TMPDIR", temporary + "/none");
      default -> changed = Map.of("JAVA_HOME", temporary + "/none");
    }
    Result result = run(changed, "list");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains(answer).hasLineCount(1);
  }

  private void edit(String name) throws IOException {
    Path file = checkout.resolve(name);
    Files.createDirectories(file.getParent());
    Files.createFile(file);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(9)));
  }

  /** Neither what an editor leaves beside a file that it has open, nor a source just compiled. */
  @Test
  void whatIsNoSourceOrOlderIsNotHeldAgainstABuild() throws Exception {
    edit("src/main/java/.Main.java.swp");
    edit("src/main/java/Main.java~");
    edit("pom.xml");
    Files.setLastModifiedTime(checkout.resolve("pom.xml"), FileTime.fromMillis(0));
    assertThat(run(Map.of(), "--version").err()).isEmpty();
  }

  @Test
  void aBuildForSparkHasAnAgeOfItsOwn() throws Exception {
    Path spark = checkout.resolve("target/cluster/spark-path.txt");
    Files.createDirectories(spark.getParent().resolve("classes"));
    Files.copy(classPath, spark);
    edit("src/cluster/java/SparkCluster.java");
    assertThat(run(Map.of(), "list", "--engine", "spark").err()).contains("run 'make cluster'");
    assertThat(run(Map.of(), "--version").err()).isEmpty();
  }

  @Test
  void startsWithoutAHomeAndWithALittleHeap() throws Exception {
    Result result = run(Map.of("HOME", "", "FEDLAYERS_JVM", "-Xmx100m"), "--version");
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).contains("fedlayers");
    assertThat(result.code()).isZero();
  }

  /** It is compiled with the tests, and answers a mistake as the library's commands do. */
  @Test
  void theBenchStartsWhereItIsCompiled() throws Exception {
    Result absent = run(Map.of(), "bench", "--help");
    assertThat(absent.err()).contains("run 'make bench'").hasLineCount(1);
    assertThat(absent.code()).isEqualTo(2);
    Files.createSymbolicLink(
        checkout.resolve("target/test-classes"), Path.of("target/test-classes").toAbsolutePath());
    assertThat(run(Map.of(), "bench", "--help").out()).contains("--executors");
    Result mistaken = run(Map.of(), "bench", "--executors", "abacus");
    assertThat(mistaken.err()).contains("no executor 'abacus'").hasLineCount(1);
    assertThat(mistaken.code()).isEqualTo(2);
    assertThat(run(Map.of(), "bench", "--seconds", "0").err()).contains("above 0");
  }

  /** HOME and TMPDIR are where the user said, and a name is what it is in an ASCII locale too. */
  @Test
  void readsNamesHomeAndTemporaryFolderAsTheUserSaysThem() throws Exception {
    assumeThat(UTF).as("a test in a UTF-8 locale, as make test gives it").isTrue();
    Files.writeString(checkout.resolve("grün.yaml"), "nonsense: 1");
    Result result =
        run(
            Map.of(
                "LC_ALL",
                "C",
                "HOME",
                temporary + "/someone",
                "TMPDIR",
                temporary.toString(),
                "FEDLAYERS_JVM",
                "-XshowSettings:properties"),
            "run",
            "grün.yaml",
            "--data",
            "München");
    assertThat(result.err())
        .contains("user.home = " + temporary + "/someone")
        .contains("java.io.tmpdir = " + temporary)
        .contains("grün.yaml")
        .doesNotContain("Exception");
    assertThat(result.code()).isEqualTo(2);
  }
}
