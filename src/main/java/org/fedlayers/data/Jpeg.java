package org.fedlayers.data;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.apache.commons.codec.digest.DigestUtils;

/** JPEG files as planes of bytes. */
final class Jpeg {
  /** Far above what a small image takes; a larger file is not read into memory. */
  private static final int MOST_BYTES = 1 << 20;

  private Jpeg() {}

  /**
   * Decodes a square image into three planes; a grey one is repeated in each. Format and size are
   * checked before any pixel, and files that a decoder could only guess at are refused.
   *
   * @param side height and width that the image must have
   * @return the SHA-256 of the file
   * @throws IOException whose message goes on after the name of the file
   */
  static byte[] decode(Path file, int side, byte[] out, int at) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      int length = bytes.length;
      if (length > MOST_BYTES) {
        throw new IOException("has more than %,d bytes".formatted(MOST_BYTES));
      }
      if (length < 4 || bytes[0] != (byte) 0xFF || bytes[1] != (byte) 0xD8) {
        throw new IOException("is no JPEG (%,d bytes)".formatted(length));
      }
      // A truncated JPEG decodes without complaint, its lower part grey.
      if (bytes[length - 2] != (byte) 0xFF || bytes[length - 1] != (byte) 0xD9) {
        throw new IOException("is truncated, or has bytes after its end");
      }
      planes(raster(bytes, side), out, at);
      return DigestUtils.sha256(bytes);
    }
  }

  private static Raster raster(byte[] bytes, int side) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      String[] guessed = {null};
      reader.addIIOReadWarningListener((source, warning) -> guessed[0] = warning);
      reader.setInput(in, true, true);
      if (reader.getWidth(0) != side || reader.getHeight(0) != side) {
        throw new IOException(
            "has %d x %d pixels, expected %d x %d"
                .formatted(reader.getWidth(0), reader.getHeight(0), side, side));
      }
      // The convenient getRGB would apply a gamma curve to grey images.
      Raster raster = reader.read(0).getRaster();
      if (guessed[0] != null) {
        throw new IOException("is no whole JPEG: " + guessed[0]);
      }
      if (in.getStreamPosition() != bytes.length) {
        throw new IOException("has bytes after its end");
      }
      if (raster.getNumBands() != 1 && raster.getNumBands() != 3) {
        throw new IOException("has %d colours, expected 1 or 3".formatted(raster.getNumBands()));
      }
      return raster;
    } catch (IIOException | RuntimeException e) {
      throw new IOException("cannot be decoded as grey or colours: " + e.getMessage(), e);
    } finally {
      reader.dispose();
    }
  }

  private static void planes(Raster raster, byte[] out, int at) {
    int plane = raster.getWidth() * raster.getHeight();
    int[] samples = new int[plane];
    for (int channel = 0; channel < 3; channel++) {
      int band = Math.min(channel, raster.getNumBands() - 1);
      raster.getSamples(0, 0, raster.getWidth(), raster.getHeight(), band, samples);
      for (int i = 0; i < plane; i++) {
        out[at + channel * plane + i] = (byte) samples[i];
      }
    }
  }
}
