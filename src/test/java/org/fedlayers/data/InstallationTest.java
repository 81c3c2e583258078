package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    String md5 = Files.exists(archive) ? Download.md5(archive) : "none";
    URI nowhere = URI.create("http://localhost:1/" + archive.getFileName());
    return new Installation(
        "small", layout.folder(), new Download(nowhere, md5, Duration.ofMillis(1)), layout::load);
  }

  @Test
  void takesAFolderOrTheOneAboveIt() throws IOException {
    for (Path from : new Path[] {source, source.resolve("small-bin")}) {
      Path to = home.resolve(from.getFileName());
      DataSet data = installation(root.resolve("no.zip")).into(to, from, Progress.silent());
      assertThat(layout.load(to).sha256()).isEqualTo(data.sha256());
      assertThat(to.resolve("small-bin/one.bin")).exists();
      assertThat(from).isDirectory();
    }
  }

  @Test
  void takesAnArchiveAndReplacesADamagedSet() throws IOException {
    SmallSets.cifar(home, 1);
    Files.write(home.resolve("small-bin/one.bin"), new byte[7]);
    Path archive = zip(root.resolve("mine.zip"));
    installation(root.resolve("no.zip")).into(home, archive, Progress.silent());
    assertThat(layout.load(home).train().size()).isEqualTo(12);
    assertThat(archive).exists();
    assertThat(names(home)).containsExactlyInAnyOrder(".lock", "small-bin");
  }

  @Test
  void usesAnArchiveThatWasFetchedBeforeAndThenDropsIt() throws IOException {
    Path archive = zip(home.resolve("set.zip"));
    installation(archive).into(home, null, Progress.silent());
    assertThat(layout.load(home).train().size()).isEqualTo(12);
    assertThat(names(home)).containsExactlyInAnyOrder(".lock", "small-bin");
  }

  @Test
  void aWrongSourceLeavesWhatWasThere() throws IOException {
    SmallSets.cifar(home, 1);
    Files.write(source.resolve("small-bin/two.bin"), new byte[7]);
    Installation installation = installation(root.resolve("no.zip"));
    for (Path from : new Path[] {source, zip(root.resolve("mine.zip"))}) {
      assertThatThrownBy(() -> installation.into(home, from, Progress.silent()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("two.bin has 7 bytes");
    }
    assertThatThrownBy(() -> installation.into(home, root.resolve("typo"), Progress.silent()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("typo is neither a file nor a folder");
    assertThat(layout.load(home).train().size()).isEqualTo(12);
    assertThat(names(home)).containsExactlyInAnyOrder(".lock", "small-bin");
  }

  @Test
  void aSecondOneWaitsOutside() throws IOException {
    Files.createDirectories(home);
    try (FileChannel other =
        FileChannel.open(
            home.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertThat(other.lock().isValid()).isTrue();
      assertThatThrownBy(
              () -> installation(root.resolve("no.zip")).into(home, source, Progress.silent()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("another fedlayers is installing");
    }
  }

  @Test
  void theDrawnSetNeedsNoInstallation() {
    assertThat(DataSets.install("drawn", home, null, Progress.silent()).name()).isEqualTo("drawn");
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
