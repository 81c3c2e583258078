package org.fedlayers.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * Unpacks a .tar.gz or .zip file that nobody vouches for. Every entry is checked before it is
 * written: its name must stay below the target folder, it must be a plain file or a folder, appear
 * once, and all of them together keep within the caps. Check sums of the formats are compared.
 *
 * @param file the archive; its kind is told by its first bytes
 * @param maxEntries the most entries accepted
 * @param maxBytes the most bytes written, as counted, not as claimed
 */
record Archive(Path file, long maxEntries, long maxBytes) {
  /** Files from this size on are synced one by one; for 100,000 small ones that takes minutes. */
  private static final long SYNCED_FROM = 1 << 20;

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
    } catch (IOException e) {
      throw new UserError("cannot unpack %s: %s".formatted(file, e), e);
    }
  }

  private void unpackTar(InputStream in, Writer writer) throws IOException {
    try (GzipCompressorInputStream gzip = new GzipCompressorInputStream(in, true);
        TarArchiveInputStream tar = new TarArchiveInputStream(gzip)) {
      for (TarArchiveEntry entry; (entry = tar.getNextEntry()) != null; ) {
        boolean plain =
            !(entry.isSymbolicLink()
                || entry.isLink()
                || entry.isBlockDevice()
                || entry.isCharacterDevice()
                || entry.isFIFO()
                || entry.isSparse());
        writer.write(entry.getName(), entry.isDirectory(), plain, tar);
      }
      // The check sum of gzip comes after the end of the tar.
      gzip.transferTo(OutputStream.nullOutputStream());
    }
  }

  private void unpackZip(Writer writer) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      for (ZipArchiveEntry entry : Collections.list(zip.getEntries())) {
        boolean plain = !entry.isUnixSymlink() && zip.canReadEntryData(entry);
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

  /** Writes entries and counts them. */
  private final class Writer {
    private final Path folder;
    private final Progress progress;
    private final byte[] buffer = new byte[1 << 16];
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
      Files.createDirectories(to.getParent());
      try (FileChannel channel =
          FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        copy(name, in, Channels.newOutputStream(channel));
        if (channel.size() >= SYNCED_FROM) {
          channel.force(true);
        }
      } catch (FileAlreadyExistsException e) {
        throw refuse(name, "appears twice");
      }
    }

    private Path checked(String name) {
      // Backslashes and colons are separators or drives on some systems.
      if (name.isEmpty() || name.startsWith("/") || name.contains("\\") || name.contains(":")) {
        throw refuse(name, "is not a relative path");
      }
      try {
        for (Path element : Path.of(name)) {
          if (element.toString().equals("..")) {
            throw refuse(name, "leaves the folder");
          }
        }
        Path to = folder.resolve(name).normalize();
        if (!to.startsWith(folder)) {
          throw refuse(name, "leaves the folder");
        }
        return to;
      } catch (InvalidPathException e) {
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
      return new UserError("%s is refused: its entry '%s' %s".formatted(file, name, why));
    }
  }
}
