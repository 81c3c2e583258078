package org.fedlayers.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.codec.digest.DigestUtils;
import org.fedlayers.options.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cache of decoded pixels in the folder of their files, since decoding JPEGs takes long. It is
 * used only if it was made from files of the same names, sizes and times by the same Java version,
 * whose decoder was used, and if its fingerprint is right; otherwise it is replaced.
 *
 * @param set the image set
 * @param directory of the set, where the cache is kept
 * @param files that are decoded, in order
 */
record PixelCache(Layout set, Path directory, List<Path> files) {
  private static final Logger LOG = LoggerFactory.getLogger(PixelCache.class);
  private static final String FORMAT = "fedlayers pixels 2";

  /**
   * Fills images with their pixels: from the cache if it is there and right, else by decoding them,
   * which is kept for the next time if the folder can be written.
   *
   * @param decode fills them, and returns digests of the files
   * @return the fingerprint of both parts
   */
  String fill(Images train, Images test, Supplier<List<String>> decode) {
    Path file = directory.resolve("decoded.pixels");
    String source = source();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      if (in.readUTF().equals(FORMAT) && in.readUTF().equals(source)) {
        String sha256 = in.readUTF();
        in.readFully(train.pixels());
        in.readFully(test.pixels());
        if (Fingerprint.of(train, test).equals(sha256)) {
          return sha256;
        }
        LOG.warn("{} is damaged; decoding the images again", file);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} is not there yet", file);
    } catch (IOException e) {
      LOG.warn("{} cannot be used ({}); decoding the images again", file, e.toString());
    }
    List<String> digests = decode.get();
    if (!source().equals(source)) {
      throw set.refuse("in %s has changed while it was read; run the command again", directory);
    }
    compareOrRemember(digests);
    String sha256 = Fingerprint.of(train, test);
    try {
      AtomicFile.write(
          file,
          stream -> {
            DataOutputStream out = new DataOutputStream(stream);
            for (String line : List.of(FORMAT, source, sha256)) {
              out.writeUTF(line);
            }
            out.write(train.pixels());
            out.write(test.pixels());
            out.flush();
          });
    } catch (IOException e) {
      LOG.warn("decoded images are not kept: {} cannot be written ({})", file, e.toString());
    }
    return sha256;
  }

  /**
   * Compares digests with those of what was first installed, which are remembered in the folder of
   * the set: where no digests are published, later damage is still noticed.
   *
   * @param found SHA-256 and name of each part of the set
   * @throws UserError if a part is another than it was
   */
  private void compareOrRemember(List<String> found) {
    Path file = directory.resolve("installed.sha256");
    if (Files.exists(file)) {
      List<String> first = set.lines(file);
      for (String line : found) {
        if (!first.contains(line)) {
          throw set.refuse(
              "is damaged: in %s these are not the files first installed: %s (if you changed them on purpose, delete %s)",
              directory, line, file);
        }
      }
      return;
    }
    try {
      AtomicFile.write(file, String.join("\n", found) + "\n");
    } catch (IOException e) {
      LOG.warn("later damage will go unnoticed: {} cannot be written ({})", file, e.toString());
    }
  }

  /** A digest of what is decoded, and by what. */
  private String source() {
    StringBuilder lines = new StringBuilder(System.getProperty("java.vm.version")).append('\n');
    try {
      for (Path file : files) {
        var attributes = Files.readAttributes(file, BasicFileAttributes.class);
        lines.append(directory.relativize(file)).append(' ').append(attributes.size());
        lines.append(' ').append(attributes.lastModifiedTime().toMillis()).append('\n');
      }
    } catch (IOException e) {
      throw set.refuse("cannot be read: %s", e);
    }
    return DigestUtils.sha256Hex(lines.toString());
  }
}
