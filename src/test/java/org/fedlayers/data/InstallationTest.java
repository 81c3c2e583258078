package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A set takes its place only if it is right; else what was there stays. */
class InstallationTest {
  @TempDir Path root;
  private Path home;
  private Path source;
  private CifarBinary layout;

  @BeforeEach
  void write() {
    home = root.resolve("home");
    source = root.resolve("source");
    layout = SmallSets.cifar(source, 1);
  }

  private Installation installation(Path archive) throws IOException {
    String sha256 = Files.exists(archive) ? Fingerprint.of(archive) : "none";
    URI nowhere = URI.create("http://localhost:1/" + archive.getFileName());
    Duration soon = Duration.ofMillis(1);
    return new Installation(layout, new Download(nowhere, 1000, sha256, soon, soon));
  }

  @Test
  void takesAFolderOrTheOneAboveIt() throws IOException {
    for (Path from : new Path[] {source, source.resolve("small-bin")}) {
      Path to = home.resolve(from.getFileName());
      DataSet data = installation(root.resolve("no.zip")).into(to, from, SmallSets.SILENT);
      assertThat(layout.load(to).sha256()).isEqualTo(data.sha256());
      assertThat(to.resolve("small-bin/one.bin")).exists();
      assertThat(from).isDirectory();
    }
  }

  @Test
  void aFolderThatIsNotOpenIsNotCalledMissing() {
    SmallSets.cifar(home, 1);
    File closed = home.resolve("small-bin").toFile();
    try {
      assertThat(closed.setExecutable(false) && closed.setReadable(false)).isTrue();
      assumeThat(Files.isReadable(closed.toPath())).as("the superuser may all").isFalse();
      assertThatThrownBy(() -> layout.load(home))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("cannot be read: " + closed + " is not open to you");
    } finally {
      assertThat(closed.setReadable(true) && closed.setExecutable(true)).isTrue();
    }
  }

  @Test
  void takesAnArchiveAndReplacesADamagedSet() throws IOException {
    SmallSets.cifar(home, 1);
    Files.write(home.resolve("small-bin/one.bin"), new byte[7]);
    Path archive = zip(root.resolve("mine.zip"));
    installation(root.resolve("no.zip")).into(home, archive, SmallSets.SILENT);
    assertThat(layout.load(home).train().size()).isEqualTo(12);
    assertThat(archive).exists();
    assertThat(names(home)).containsExactly("small-bin");
  }

  @Test
  void usesAnArchiveThatWasFetchedBeforeAndThenDropsIt() throws IOException {
    Path archive = zip(home.resolve("set.zip"));
    installation(archive).into(home, null, SmallSets.SILENT);
    assertThat(layout.load(home).train().size()).isEqualTo(12);
    assertThat(names(home)).containsExactly("small-bin");
  }

  @Test
  void aWrongSourceLeavesWhatWasThere() throws IOException {
    SmallSets.cifar(home, 1);
    Files.write(source.resolve("small-bin/two.bin"), new byte[7]);
    Installation installation = installation(root.resolve("no.zip"));
    for (Path from : new Path[] {source, zip(root.resolve("mine.zip"))}) {
      assertThatThrownBy(() -> installation.into(home, from, SmallSets.SILENT))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(from + "/small-bin/two.bin has 7 bytes")
          .hasMessageNotContaining(".part");
    }
    assertThatThrownBy(() -> installation.into(home, root.resolve("typo"), SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("typo is neither a file nor a folder");
    assertThat(layout.load(home).train().size()).isEqualTo(12);
    assertThat(names(home)).containsExactly("small-bin");
  }

  @Test
  void takesTheFilesOfTheSetAndNoOthers() throws IOException {
    Path from = source.resolve("small-bin");
    Files.write(from.resolve("diary.txt"), new byte[9]);
    SmallSets.put(from.resolve("more/one.bin"), new byte[9]);
    Files.createSymbolicLink(from.resolve("loop"), from);
    installation(root.resolve("no.zip")).into(home, from, SmallSets.SILENT);
    assertThat(names(home.resolve("small-bin"))).containsExactly("one.bin", "test.bin", "two.bin");

    TinyImageNet tiny = SmallSets.tiny(source, 3);
    Path theirs = source.resolve(TinyImageNet.NAME);
    tiny.load(source);
    SmallSets.put(theirs.resolve("train/n01/n01_boxes.txt"), new byte[9]);
    SmallSets.put(theirs.resolve("test/images/test_0.JPEG"), new byte[9]);
    new Installation(tiny, installation(root.resolve("no.zip")).download())
        .into(home, source, SmallSets.SILENT);
    assertThat(names(home.resolve(TinyImageNet.NAME)))
        .containsExactly("installed.sha256", "train", "val", "wnids.txt", "words.txt");
    assertThat(names(home.resolve(TinyImageNet.NAME + "/train/n01"))).containsExactly("images");
  }

  @Test
  void followsLinks() throws IOException {
    Path from = Files.createDirectories(root.resolve("links"));
    for (String name : names(source.resolve("small-bin"))) {
      Files.createSymbolicLink(from.resolve(name), source.resolve("small-bin").resolve(name));
    }
    installation(root.resolve("no.zip")).into(home, from, SmallSets.SILENT);
    assertThat(home.resolve("small-bin/two.bin")).isRegularFile();
    assertThat(Files.isSymbolicLink(home.resolve("small-bin/two.bin"))).isFalse();
  }

  private interface Preparation {
    Path in(Path source, Path home) throws IOException;
  }

  static Stream<Arguments> unfit() {
    return Stream.of(
        unfit("the data directory itself", (source, home) -> move(source, home), "itself"),
        unfit(
            "a folder in the data directory",
            (source, home) -> move(source.resolve("small-bin"), home.resolve("small-bin")),
            "home/small-bin lies in the data directory",
            "leave --from out"),
        unfit(
            "a link to the data directory",
            (source, home) ->
                Files.createSymbolicLink(source.resolve("l"), move(source, home, "small-bin")),
            "itself"),
        unfit(
            "two copies",
            (source, home) -> {
              Files.copy(source.resolve("small-bin/one.bin"), source.resolve("one.bin"));
              return source;
            },
            "two copies of small",
            "source and in",
            "source/small-bin"),
        unfit(
            "half a set",
            (source, home) -> {
              Files.delete(source.resolve("small-bin/two.bin"));
              return source;
            },
            "incomplete",
            "source/small-bin/two.bin is missing"),
        unfit(
            "a broken link",
            (source, home) -> {
              Files.delete(source.resolve("small-bin/two.bin"));
              Files.createSymbolicLink(source.resolve("small-bin/two.bin"), home.resolve("gone"));
              return source;
            },
            "source/small-bin/two.bin is missing"),
        unfit(
            "a folder in place of a file",
            (source, home) -> {
              Files.delete(source.resolve("small-bin/two.bin"));
              Files.createDirectory(source.resolve("small-bin/two.bin"));
              return source;
            },
            "source/small-bin/two.bin is no plain file"),
        unfit("a folder of something else", (source, home) -> source.getParent(), "is not in"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("unfit")
  void anUnfitFolderIsRefusedByItsOwnName(String name, Preparation preparation, String... words)
      throws IOException {
    Files.createDirectories(home);
    Path from = preparation.in(source, home);
    String[] before = names(home);
    assertThatThrownBy(
            () -> installation(root.resolve("no.zip")).into(home, from, SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining(".part");
    assertThat(names(home)).containsAll(List.of(before)).doesNotContain("small.part");
  }

  @Test
  void whatAKilledInstallationPutAsideComesBack() throws IOException {
    SmallSets.cifar(home, 1);
    Files.move(home.resolve("small-bin"), home.resolve("small-bin.old"));
    SmallSets.put(home.resolve("small.part/small-bin/one.bin"), new byte[7]);
    assertThatThrownBy(
            () ->
                installation(root.resolve("no.zip"))
                    .into(home, root.resolve("typo"), SmallSets.SILENT))
        .isInstanceOf(UserError.class);
    assertThat(layout.load(home).train().size()).isEqualTo(12);
    assertThat(names(home)).containsExactly("small-bin");
  }

  private static Arguments unfit(String name, Preparation preparation, String... words) {
    return Arguments.of(name, preparation, words);
  }

  private static Path move(Path from, Path to) throws IOException {
    return Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Path move(Path from, Path to, String name) throws IOException {
    return move(from.resolve(name), to.resolve(name));
  }

  @Test
  void aSecondOneWaitsOutside() throws IOException {
    WorkFolder other = WorkFolder.take(home, "installation");
    assertThatThrownBy(
            () -> installation(root.resolve("no.zip")).into(home, source, SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(
            "installation in " + home, "another process or run holds the lock");
    other.close();
  }

  @Test
  void theDrawnSetNeedsNoInstallation() {
    assertThat(DataSets.install("drawn", home, null, SmallSets.SILENT).name()).isEqualTo("drawn");
    assertThat(home).doesNotExist();
  }

  private Path zip(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : names(source.resolve("small-bin"))) {
        zip.putNextEntry(new ZipEntry("small-bin/" + name));
        zip.write(Files.readAllBytes(source.resolve("small-bin").resolve(name)));
      }
    }
    return file;
  }

  private static String[] names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toArray(String[]::new);
    }
  }
}
