package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Honest archives come out whole; of hostile ones nothing leaves the folder. */
class ArchiveTest {
  private static final byte[] TEXT = "some bytes".getBytes();

  @TempDir Path root;
  private Path target;

  private record Entry(String name, byte type, byte[] bytes) {
    Entry(String name) {
      this(name, TarConstants.LF_NORMAL, TEXT);
    }
  }

  @BeforeEach
  void nest() throws IOException {
    target = Files.createDirectories(root.resolve("a/b")).resolve("target");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void unpacksFilesAndFolders(boolean zip) throws IOException {
    List<Entry> entries =
        List.of(
            new Entry("set/", TarConstants.LF_DIR, new byte[0]),
            new Entry("set/one.bin"),
            new Entry("set/deep/two.bin", TarConstants.LF_NORMAL, new byte[100_000]),
            new Entry("./three..bin"));
    Path file = zip ? zip(entries) : tar(entries);
    new Archive(file).unpack(target, SmallSets.SILENT);
    assertThat(target.resolve("set/one.bin")).hasBinaryContent(TEXT);
    assertThat(target.resolve("set/deep/two.bin")).hasBinaryContent(new byte[100_000]);
    assertThat(target.resolve("three..bin")).hasBinaryContent(TEXT);
  }

  static Stream<Entry> hostile() {
    return Stream.of(
        new Entry("../evil"),
        new Entry("set/../../evil"),
        new Entry("set/../evil"),
        new Entry("/tmp/evil"),
        new Entry("..\\evil"),
        new Entry("C:evil"),
        new Entry("set/evil\u001b[2J"),
        new Entry("set/evil\nis fine"),
        new Entry("set/evil\u009b2J"),
        new Entry("set/\u202eevil"),
        new Entry("evil/".repeat(300) + "x"),
        new Entry("e/".repeat(30) + "evil"),
        new Entry("link", TarConstants.LF_SYMLINK, new byte[0]),
        new Entry("hard", TarConstants.LF_LINK, new byte[0]),
        new Entry("pipe", TarConstants.LF_FIFO, new byte[0]),
        new Entry("device", TarConstants.LF_CHR, new byte[0]));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void refusesAHostileTarEntry(Entry entry) throws IOException {
    refused(new Archive(tar(List.of(entry))), entry.name());
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void refusesAHostileZipEntry(Entry entry) throws IOException {
    if (entry.type() == TarConstants.LF_NORMAL || entry.type() == TarConstants.LF_SYMLINK) {
      // The zip reader itself turns backslashes round.
      refused(new Archive(zip(List.of(entry))), entry.name().replace('\\', '/'));
    }
  }

  @Test
  void refusesToWriteThroughALinkThatCameBefore() throws IOException {
    Entry link = new Entry("set", TarConstants.LF_SYMLINK, new byte[0]);
    refused(new Archive(tar(List.of(link, new Entry("set/evil")))), "set");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void stopsABombByWhatItWrites(boolean zip) throws IOException {
    Entry bomb = new Entry("bomb", TarConstants.LF_NORMAL, new byte[5_000_000]);
    Path file = zip ? zip(List.of(bomb)) : tar(List.of(bomb));
    assertThat(Files.size(file)).isLessThan(10_000);
    refused(new Archive(file, 10, 1_000_000), "bomb");
    assertThat(Files.size(target.resolve("bomb"))).isLessThanOrEqualTo(1_000_000);
  }

  @Test
  void stopsAtTooManyEntries() throws IOException {
    List<Entry> many = Stream.of("1", "2", "3").map(Entry::new).toList();
    refused(new Archive(tar(many), 2, 1_000_000), "3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"one", "ONE", "./one", "x//../one"})
  void refusesAFileThatAppearsTwiceOnSomeSystem(String name) throws IOException {
    List<Entry> entries = List.of(new Entry("one"), new Entry(name));
    refused(new Archive(tar(entries)), name);
    target = root.resolve("other");
    refused(new Archive(zip(entries)), name);
  }

  @Test
  void refusesANulInAName() throws IOException {
    refused(new Archive(zip(List.of(new Entry("evil\0.bin")))), "evil<U+0>.bin");
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_GNUTYPE_LONGNAME, TarConstants.LF_PAX_EXTENDED_HEADER_LC})
  void readsNoHugeHeaderIntoMemory(byte type) throws IOException {
    byte[] header = new byte[64 << 20];
    Arrays.fill(header, (byte) 'x');
    byte[] start = (header.length + " path=").getBytes();
    System.arraycopy(
        start, 0, header, 0, type == TarConstants.LF_GNUTYPE_LONGNAME ? 0 : start.length);
    Path file = tar(List.of(new Entry("././@LongLink", type, header), new Entry("one")));
    assertThat(Files.size(file)).isLessThan(100_000);
    assertThatThrownBy(() -> new Archive(file).unpack(target, SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("cannot unpack " + file, "a header has more than 1,048,576 bytes")
        .message()
        .hasSizeLessThan(1000);
  }

  @Test
  void whatFollowsTheEndOfATarIsNotReadForEver() throws IOException {
    Path file = root.resolve("set.tar.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(new byte[50_000_000]);
    }
    assertThatThrownBy(() -> new Archive(file).unpack(target, SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a header has more than");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void everyChangedByteEndsInWordsOrInFilesOfTheFolder(boolean zip) throws IOException {
    List<Entry> entries =
        List.of(new Entry("set/", TarConstants.LF_DIR, new byte[0]), new Entry("set/one"));
    byte[] good = Files.readAllBytes(zip ? zip(entries) : tar(entries));
    if (!zip) {
      try (var in = new GZIPInputStream(new ByteArrayInputStream(good))) {
        good = Arrays.copyOf(in.readAllBytes(), 2048);
      }
    }
    for (int at = zip ? 0 : 512; at < Math.min(good.length, 1100); at++) {
      for (int change : new int[] {0, 0x80, 0xFF, good[at] ^ 1}) {
        byte[] bad = good.clone();
        bad[at] = (byte) change;
        Path file = root.resolve("bad");
        try (OutputStream out = Files.newOutputStream(file)) {
          OutputStream packed = zip ? out : new GZIPOutputStream(out);
          packed.write(bad);
          packed.close();
        }
        Path folder = root.resolve("out/" + at + "-" + change);
        try {
          new Archive(file, 10, 10_000).unpack(folder, SmallSets.SILENT);
        } catch (UserError e) {
          assertThat(e)
              .hasMessageContaining("bad")
              .message()
              .doesNotContainPattern("[\\x00-\\x1f]");
        }
      }
    }
    try (Stream<Path> all = Files.list(root)) {
      assertThat(all.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("a", "bad", "out", zip ? "set.zip" : "set.tar.gz");
    }
  }

  @Test
  void findsADamagedZipByItsCheckSum() throws IOException {
    Path file = Files.write(root.resolve("set.zip"), storedWithAChangedByte(new Entry("one")));
    assertThatThrownBy(() -> new Archive(file).unpack(target, SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("check sum", "'one'");
  }

  @Test
  void findsADamagedOrTruncatedTarByItsCheckSum() throws IOException {
    byte[] good = Files.readAllBytes(tar(List.of(new Entry("one"), new Entry("two"))));
    byte[] flipped = good.clone();
    flipped[good.length - 6] ^= 1;
    for (byte[] bad : List.of(flipped, Arrays.copyOf(good, good.length / 2))) {
      Path file = Files.write(root.resolve("bad.tar.gz"), bad);
      assertThatThrownBy(
              () -> new Archive(file).unpack(root.resolve("x" + bad.length), SmallSets.SILENT))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("cannot unpack " + file);
    }
  }

  @Test
  void refusesWhatIsNoArchive() throws IOException {
    Path file = Files.write(root.resolve("page.html"), "<html>404</html>".getBytes());
    assertThatThrownBy(() -> new Archive(file).unpack(target, SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("page.html", "neither a .tar.gz nor a .zip");
  }

  private void refused(Archive archive, String entry) throws IOException {
    assertThatThrownBy(() -> archive.unpack(target, SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("is refused: its entry '" + shown(entry))
        .message()
        .doesNotContainPattern("[\\x00-\\x1f\\x9b\\u202e]")
        .hasSizeLessThan(500);
    try (Stream<Path> all = Files.walk(root)) {
      assertThat(all).noneMatch(path -> path.getFileName().toString().contains("evil"));
    }
  }

  private static String shown(String entry) {
    String numbered = entry.replace("\u001b", "<U+1b>").replace("\n", "<U+a>");
    numbered = numbered.replace("\u009b", "<U+9b>").replace("\u202e", "<U+202e>");
    return numbered.length() > 100 ? numbered.substring(0, 100) + "...'" : numbered + "'";
  }

  private Path tar(List<Entry> entries) throws IOException {
    Path file = root.resolve("set.tar.gz");
    try (var tar =
        new TarArchiveOutputStream(new GZIPOutputStream(Files.newOutputStream(file)), "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Entry entry : entries) {
        var header = new TarArchiveEntry(entry.name(), entry.type(), true);
        header.setLinkName(header.isSymbolicLink() || header.isLink() ? "../../evil" : "");
        header.setSize(entry.bytes().length);
        tar.putArchiveEntry(header);
        tar.write(entry.bytes());
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private Path zip(List<Entry> entries) throws IOException {
    var channel = new SeekableInMemoryByteChannel();
    try (var zip = new ZipArchiveOutputStream(channel)) {
      for (Entry entry : entries) {
        var header = new ZipArchiveEntry(entry.name());
        if (entry.type() == TarConstants.LF_SYMLINK) {
          header.setUnixMode(0120777);
        }
        zip.putArchiveEntry(header);
        zip.write(entry.bytes());
        zip.closeArchiveEntry();
      }
    }
    byte[] bytes = Arrays.copyOf(channel.array(), (int) channel.size());
    return Files.write(root.resolve("set.zip"), bytes);
  }

  /** A zip whose only entry is stored as it is, with one byte changed. */
  private static byte[] storedWithAChangedByte(Entry entry) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var zip = new java.util.zip.ZipOutputStream(out)) {
      var header = new java.util.zip.ZipEntry(entry.name());
      var crc = new java.util.zip.CRC32();
      crc.update(entry.bytes());
      header.setMethod(java.util.zip.ZipEntry.STORED);
      header.setSize(entry.bytes().length);
      header.setCrc(crc.getValue());
      zip.putNextEntry(header);
      zip.write(entry.bytes());
    }
    byte[] bytes = out.toByteArray();
    bytes[30 + entry.name().length()] ^= 1;
    return bytes;
  }
}
