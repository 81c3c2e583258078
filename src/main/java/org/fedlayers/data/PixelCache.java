package org.fedlayers.data;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decoded pixels beside the files they come from, since decoding JPEGs takes long. A cache is used
 * only if it was made from files of the same names, sizes and times by the same Java version, whose
 * decoder it is, and if its own fingerprint holds; otherwise it is made anew.
 *
 * @param file where it is kept
 * @param source a digest of what it was made from
 */
record PixelCache(Path file, String source) {
  private static final Logger LOG = LoggerFactory.getLogger(PixelCache.class);
  private static final String FORMAT = "fedlayers pixels 1";

  /** Both parts of a set and their fingerprint. */
  record Parts(Images train, Images test, String sha256) {}

  /** The cache in a set's folder for images decoded from these files. */
  static PixelCache of(Path directory, List<Path> train, List<Path> test) {
    MessageDigest digest = Fingerprint.algorithm("SHA-256");
    update(digest, System.getProperty("java.vm.version"));
    Stream.concat(train.stream(), test.stream())
        .forEach(file -> update(digest, directory.relativize(file) + " " + stamp(file)));
    return new PixelCache(directory.resolve("decoded.pixels"), Fingerprint.hex(digest));
  }

  /** The images, if the cache is there and right. */
  Optional<Parts> read() {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 16))) {
      if (!in.readUTF().equals(FORMAT) || !in.readUTF().equals(source)) {
        return Optional.empty();
      }
      String sha256 = in.readUTF();
      Images train = readImages(in);
      Images test = readImages(in);
      if (Fingerprint.of(train, test).equals(sha256)) {
        return Optional.of(new Parts(train, test, sha256));
      }
      LOG.warn("{} is damaged; decoding the images again", file);
    } catch (NoSuchFileException e) {
      LOG.debug("{} is not there yet", file);
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("{} cannot be used ({}); decoding the images again", file, e.toString());
    }
    return Optional.empty();
  }

  /** Keeps the images for the next time, if the folder can be written. */
  Parts write(Images train, Images test) {
    String sha256 = Fingerprint.of(train, test);
    try {
      AtomicFile.write(
          file,
          stream -> {
            DataOutputStream out = new DataOutputStream(stream);
            out.writeUTF(FORMAT);
            out.writeUTF(source);
            out.writeUTF(sha256);
            writeImages(out, train);
            writeImages(out, test);
            out.flush();
          });
    } catch (IOException e) {
      LOG.warn("decoded images are not kept: {} cannot be written ({})", file, e.toString());
    }
    return new Parts(train, test, sha256);
  }

  private static void writeImages(DataOutputStream out, Images images) throws IOException {
    for (int number :
        new int[] {
          images.size(), images.channels(), images.height(), images.width(), images.classes()
        }) {
      out.writeInt(number);
    }
    for (int label : images.labels()) {
      out.writeInt(label);
    }
    out.write(images.pixels());
  }

  private Images readImages(DataInputStream in) throws IOException {
    int size = in.readInt();
    int channels = in.readInt();
    int height = in.readInt();
    int width = in.readInt();
    int classes = in.readInt();
    long pixels = (long) size * channels * height * width;
    if (size < 0 || pixels < 0 || pixels > Files.size(file)) {
      throw new IOException("it claims " + pixels + " bytes of pixels");
    }
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      labels[i] = in.readInt();
    }
    byte[] bytes = new byte[(int) pixels];
    in.readFully(bytes);
    return new Images(channels, height, width, classes, bytes, labels);
  }

  private static String stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.size() + " " + attributes.lastModifiedTime().toMillis();
    } catch (IOException e) {
      throw new UserError("cannot read %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static void update(MessageDigest digest, String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }
}
