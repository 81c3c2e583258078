package org.fedlayers.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.io.input.ProxyInputStream;
import org.fedlayers.options.Printable;
import org.fedlayers.options.UserError;

/**
 * Unpacks an untrusted .tar.gz or .zip file. Every entry is checked before it is written: its name
 * must stay inside the target folder, it must be a plain file or a folder and appear only once, and
 * all entries together must stay within the limits. The check sums of both formats are verified.
 *
 * @param file the archive; its first bytes tell its format
 * @param maxEntries the most entries accepted
 * @param maxBytes the most bytes written, counted rather than taken from the headers
 */
record Archive(Path file, long maxEntries, long maxBytes) {
  private static final long MOST_OF_HEADERS = 1 << 20;

  /** Far more than image sets need; each element of a name may become a folder. */
  private static final int LONGEST_NAME = 1_000;

  private static final int DEEPEST_NAME = 20;

  Archive(Path file) {
    this(file, 250_000, 4L << 30);
  }

  /** Unpacks into a folder that must be empty or absent. */
  void unpack(Path folder, Progress progress) {
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      Files.createDirectories(folder);
      in.mark(4);
      int magic = in.read() << 8 | in.read();
      in.reset();
      Writer writer = new Writer(folder, progress);
      if (magic == 0x1F8B) {
        unpackTar(in, writer);
      } else if (magic == ('P' << 8 | 'K')) {
        unpackZip(writer);
      } else {
        throw new UserError("%s is neither a .tar.gz nor a .zip file".formatted(file));
      }
    } catch (UserError e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The libraries report some kinds of damage by unchecked exceptions.
      throw new UserError("cannot unpack %s: %s".formatted(file, e), e);
    }
  }

  private void unpackTar(InputStream in, Writer writer) throws IOException {
    try (Headers unzipped = new Headers(new GZIPInputStream(in, 1 << 16));
        TarArchiveInputStream tar = new TarArchiveInputStream(unzipped)) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        // Plain files have the flag 0, of old a NUL, and folders 5.
        boolean plain = "0\0005".indexOf(entry.getLinkFlag()) >= 0 && !entry.isSparse();
        unzipped.left = Long.MAX_VALUE;
        writer.write(entry.getName(), entry.isDirectory(), plain, tar);
        unzipped.left = MOST_OF_HEADERS;
      }
      // The check sum of gzip comes after the end of the tar.
      unzipped.transferTo(OutputStream.nullOutputStream());
    }
  }

  private void unpackZip(Writer writer) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        int kind = entry.getUnixMode() & UnixStat.FILE_TYPE_FLAG;
        boolean plain =
            (kind == 0 || kind == UnixStat.FILE_FLAG || kind == UnixStat.DIR_FLAG)
                && zip.canReadEntryData(entry);
        CRC32 crc = new CRC32();
        try (InputStream in = new CheckedInputStream(zip.getInputStream(entry), crc)) {
          writer.write(entry.getName(), entry.isDirectory(), plain, in);
        }
        if (crc.getValue() != entry.getCrc() && !entry.isDirectory()) {
          throw new UserError(
              "%s is damaged: the check sum of '%s' is wrong".formatted(file, entry.getName()));
        }
      }
    }
  }

  /** Limits what is read between two entries, so that no name of a gigabyte gets into memory. */
  private static final class Headers extends ProxyInputStream {
    private long left = MOST_OF_HEADERS;

    Headers(InputStream in) {
      super(in);
    }

    @Override
    protected void afterRead(int read) throws IOException {
      left -= Math.max(0, read);
      if (left < 0) {
        throw new IOException("a header has more than %,d bytes".formatted(MOST_OF_HEADERS));
      }
    }
  }

  /** Writes entries and counts them. */
  private final class Writer {
    private final Path folder;
    private final Progress progress;
    private final byte[] buffer = new byte[1 << 16];
    private final Set<String> files = new HashSet<>();
    private long entries;
    private long bytes;

    Writer(Path folder, Progress progress) {
      this.folder = folder.toAbsolutePath().normalize();
      this.progress = progress;
    }

    void write(String name, boolean directory, boolean plain, InputStream in) throws IOException {
      Path to = checked(name);
      if (!plain) {
        throw refuse(name, "is neither a plain file nor a folder");
      }
      if (++entries > maxEntries) {
        throw refuse(name, "is beyond the first %,d entries".formatted(maxEntries));
      }
      if (directory) {
        Files.createDirectories(to);
        return;
      }
      if (!files.add(to.toString().toLowerCase(Locale.ROOT))) {
        throw refuse(name, "appears twice, or only the case of its letters differs");
      }
      Files.createDirectories(to.getParent());
      try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW)) {
        copy(name, in, out);
      }
    }

    private Path checked(String name) {
      if (name.length() > LONGEST_NAME || Printable.hides(name)) {
        throw refuse(name, "has %,d characters, or control characters".formatted(name.length()));
      }
      // Backslashes and colons are separators or drives on some systems.
      if (!name.matches("[^/\\\\:\t][^\\\\:\t]*") || List.of(name.split("/")).contains("..")) {
        throw refuse(name, "is not a path inside of the folder");
      }
      try {
        Path path = Path.of(name).normalize();
        if (path.getNameCount() > DEEPEST_NAME) {
          throw refuse(name, "lies %d folders deep".formatted(path.getNameCount()));
        }
        return folder.resolve(path);
      } catch (InvalidPathException e) { // letters that this system's names cannot have
        throw refuse(name, "is no path");
      }
    }

    private void copy(String name, InputStream in, OutputStream out) throws IOException {
      for (int read; (read = in.read(buffer)) >= 0; ) {
        bytes += read;
        if (bytes > maxBytes) {
          throw refuse(name, "takes what is unpacked beyond %,d bytes".formatted(maxBytes));
        }
        out.write(buffer, 0, read);
        progress.at("unpacking " + file.getFileName(), bytes, -1);
      }
    }

    private UserError refuse(String name, String why) {
      String shown = name.length() > 100 ? name.substring(0, 100) + "..." : name;
      return new UserError(
          "%s is refused: its entry '%s' %s".formatted(file, Printable.of(shown), why));
    }
  }
}
