package org.fedlayers.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import javax.imageio.ImageIO;

/** JPEG files as planes of bytes. */
final class Jpeg {
  static {
    ImageIO.setUseCache(false);
  }

  private Jpeg() {}

  /**
   * Decodes a square image into three planes; a grey one is repeated in each. Samples are read from
   * the raster: the convenient {@code getRGB} applies a gamma curve to grey images.
   *
   * @param set the data set, for error messages
   * @param side height and width that the image must have
   * @return the SHA-256 of the file
   */
  static byte[] decode(String set, Path file, int side, byte[] out, int at) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      int length = bytes.length;
      // A truncated JPEG decodes without complaint, its lower part grey.
      if (length < 4 || (bytes[length - 2] & 255) != 0xFF || (bytes[length - 1] & 255) != 0xD9) {
        throw DataSets.refuse(
            set, "is damaged: %s (%,d bytes) is truncated or no JPEG".formatted(file, length));
      }
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(bytes));
      if (image == null) {
        throw DataSets.refuse(set, "is damaged: %s is no JPEG".formatted(file));
      }
      if (image.getWidth() != side || image.getHeight() != side) {
        throw DataSets.refuse(
            set,
            "is damaged: %s has %d x %d pixels, expected %d x %d"
                .formatted(file, image.getWidth(), image.getHeight(), side, side));
      }
      planes(image.getRaster(), out, at);
      MessageDigest digest = Fingerprint.algorithm("SHA-256");
      return digest.digest(bytes);
    } catch (IOException e) {
      throw DataSets.refuse(set, "is damaged: %s: %s".formatted(file, e.getMessage()));
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
