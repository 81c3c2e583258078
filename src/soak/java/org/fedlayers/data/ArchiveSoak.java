package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.ArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.fedlayers.options.UserError;
import org.fedlayers.soak.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives with random entries, then random damage: unpacked below their folder, or refused. */
class ArchiveSoak {
  private static final List<String> NAMES =
      List.of(
          "a",
          "b/c",
          "b/",
          "../x",
          "/x",
          "b/../../x",
          "c:x",
          "x\\y",
          "x\u0000y",
          "x\u001b[2Jy",
          ".",
          "..",
          "b",
          "B",
          "\u00e9",
          "e\u0301",
          "con",
          "a/",
          "//x",
          "./a",
          "a/./b");

  private static final byte[] KINDS = {
    TarConstants.LF_NORMAL,
    TarConstants.LF_SYMLINK,
    TarConstants.LF_LINK,
    TarConstants.LF_CHR,
    TarConstants.LF_FIFO,
    TarConstants.LF_DIR,
    TarConstants.LF_GNUTYPE_SPARSE,
    TarConstants.LF_PAX_EXTENDED_HEADER_LC
  };

  @TempDir private Path folder;

  @Test
  void nothingIsWrittenOutsideOfTheFolder() throws Exception {
    Tally tally = new Tally("hostile archives");
    tally.trials(
        5000,
        60,
        random -> {
          Path trial = Files.createTempDirectory(folder, "trial");
          Path archive = trial.resolve("archive");
          Files.write(archive, damaged(random.nextBoolean() ? tar(random) : zip(random), random));
          String outcome = unpack(archive, trial.resolve("inside/target"));
          try (Stream<Path> all = Files.walk(trial)) {
            assertThat(all)
                .allMatch(
                    path ->
                        path.equals(trial)
                            || path.equals(archive)
                            || path.startsWith(trial.resolve("inside")));
          }
          try (Stream<Path> inside = Files.walk(trial.resolve("inside"))) {
            assertThat(inside).noneMatch(Files::isSymbolicLink);
          }
          return outcome;
        });
    tally.close();
  }

  private static String unpack(Path archive, Path target) {
    try {
      new Archive(archive, 100, 1 << 20).unpack(target, (task, done, total) -> {});
      return "unpacked";
    } catch (UserError e) {
      assertThat(e.getMessage()).doesNotContainPattern("[\\p{Cntrl}&&[^\\n]]");
      return "refused in words";
    }
  }

  private static byte[] content(SplittableRandom random) {
    return new byte[random.nextInt(10) == 0 ? 2 << 20 : random.nextInt(2000)];
  }

  private static byte[] tar(SplittableRandom random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream zipped = new GZIPOutputStream(bytes);
        TarArchiveOutputStream tar = new TarArchiveOutputStream(zipped)) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      for (int i = random.nextInt(5); i >= 0; i--) {
        boolean plain = random.nextInt(3) > 0;
        byte kind = plain ? TarConstants.LF_NORMAL : KINDS[random.nextInt(KINDS.length)];
        TarArchiveEntry entry = new TarArchiveEntry(name(random), kind, true);
        entry.setLinkName("../../x");
        boolean withContent = kind == TarConstants.LF_NORMAL && !entry.isDirectory();
        write(tar, entry, entry::setSize, withContent, random);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] zip(SplittableRandom random) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
      for (int i = random.nextInt(5); i >= 0; i--) {
        ZipArchiveEntry entry = new ZipArchiveEntry(name(random));
        // A link now and then: 0120777.
        entry.setUnixMode(random.nextInt(4) == 0 ? 0xA1FF : 0x81A4);
        write(zip, entry, size -> {}, !entry.isDirectory(), random);
      }
    }
    return bytes.toByteArray();
  }

  private static <E extends org.apache.commons.compress.archivers.ArchiveEntry> void write(
      ArchiveOutputStream<E> out,
      E entry,
      java.util.function.LongConsumer size,
      boolean withContent,
      SplittableRandom random)
      throws IOException {
    byte[] content = withContent ? content(random) : new byte[0];
    size.accept(content.length);
    out.putArchiveEntry(entry);
    out.write(content);
    out.closeArchiveEntry();
  }

  private static String name(SplittableRandom random) {
    return random.nextInt(8) == 0
        ? "d/".repeat(random.nextInt(1, 60)) + "e"
        : NAMES.get(random.nextInt(NAMES.size()));
  }

  private static byte[] damaged(byte[] archive, SplittableRandom random) {
    for (int i = random.nextInt(4) - 1; i > 0; i--) {
      archive[random.nextInt(archive.length)] ^= (byte) (1 << random.nextInt(8));
    }
    int length = random.nextInt(6) == 0 ? random.nextInt(archive.length) : archive.length;
    return java.util.Arrays.copyOf(archive, length);
  }
}
