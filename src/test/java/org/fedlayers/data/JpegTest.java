package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no whole JPEG of the right size is refused by its name, before a pixel is decoded. */
class JpegTest {
  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(strings = {"png", "gif", "bmp", "tiff"})
  void anotherFormatIsRefusedWhateverItsName(String format) throws IOException {
    byte[] bytes = write(format, 16, 16, false);
    // The end of a JPEG does not make it one.
    refused(concatenated(bytes, new byte[] {(byte) 0xFF, (byte) 0xD9}), "is no JPEG");
  }

  static Stream<Arguments> damages() throws IOException {
    byte[] good = SmallSets.jpeg("n01");
    byte[] grey = SmallSets.jpeg("n03");
    byte[] end = {(byte) 0xFF, (byte) 0xD9};
    return Stream.of(
        damage("empty", new byte[0], "is no JPEG (0 bytes"),
        damage("noise", concatenated(new byte[100], end), "is no JPEG (102 bytes"),
        damage("other size", write("jpeg", 8, 8, false), "has 8 x 8 pixels, expected 16 x 16"),
        damage("not square", write("jpeg", 16, 8, false), "has 16 x 8 pixels"),
        damage("claims 20,000 x 20,000", sized(good, 20_000), "has 20000 x 20000 pixels"),
        damage("claims 64,000 x 64,000", sized(grey, 64_000), "has 64000 x 64000 pixels"),
        damage("claims no pixel", sized(good, 0), "n01_0.JPEG"),
        damage("cut", Arrays.copyOf(good, good.length - 9), "truncated"),
        damage("cut, with an end", concatenated(cut(noisy()), end), "no whole JPEG"),
        damage("bytes after its end", concatenated(good, "GIF89a".getBytes()), "after its end"),
        damage("an image after its end", concatenated(good, good), "after its end"),
        damage("no tables", without(good, 0xDB), "cannot be decoded"),
        damage("four colours", fourColours(), "has 4 colours"),
        damage("nothing but an end", concatenated(new byte[] {-1, -40}, end), "cannot be decoded"),
        damage("two megabytes", concatenated(segment(good, 2_000_000), end), "has more than"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("damages")
  void aDamagedOneIsRefusedByName(String name, byte[] bytes, String words) {
    refused(bytes, words);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatIsWholeIsTakenWithMetadataOrProgressive(boolean progressive) throws IOException {
    // Metadata may hold a picture of its own, with an end.
    byte[] bytes =
        progressive ? write("jpeg", 16, 16, true) : segment(write("jpeg", 16, 16, false), 99);
    assertThat(ImageIO.read(new ByteArrayInputStream(bytes))).isNotNull();
    TinyImageNet layout = SmallSets.tiny(home, 1);
    SmallSets.put(image(), bytes);
    assertThat(layout.load(home).train().size()).isEqualTo(3);
  }

  private void refused(byte[] bytes, String words) {
    TinyImageNet layout = SmallSets.tiny(home, 1);
    SmallSets.put(image(), bytes);
    assertThatThrownBy(() -> layout.load(home))
        .isExactlyInstanceOf(UserError.class)
        .hasMessageContainingAll("tiny-imagenet-200 is damaged: " + image() + " ", words);
  }

  private Path image() {
    return home.resolve(TinyImageNet.NAME + "/train/n01/images/n01_0.JPEG");
  }

  private static Arguments damage(String name, byte[] bytes, String words) {
    return Arguments.of(name, bytes, words);
  }

  private static byte[] write(String format, int width, int height, boolean progressive)
      throws IOException {
    var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, (int) Randomness.at(1, i));
    }
    var out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    if (progressive) {
      param.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    }
    return out.toByteArray();
  }

  private static byte[] noisy() throws IOException {
    return write("jpeg", 16, 16, false);
  }

  private static byte[] cut(byte[] jpeg) {
    return Arrays.copyOf(jpeg, jpeg.length - 100);
  }

  private static byte[] concatenated(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** The place of a segment's marker. */
  private static int place(byte[] jpeg, int marker) {
    for (int at = 2; ; at += 2 + ((jpeg[at + 2] & 255) << 8 | jpeg[at + 3] & 255)) {
      if ((jpeg[at + 1] & 255) == marker) {
        return at;
      }
    }
  }

  private static byte[] sized(byte[] jpeg, int side) {
    byte[] changed = jpeg.clone();
    int frame = place(jpeg, 0xC0);
    for (int at : new int[] {frame + 5, frame + 7}) {
      changed[at] = (byte) (side >> 8);
      changed[at + 1] = (byte) side;
    }
    return changed;
  }

  private static byte[] without(byte[] jpeg, int marker) {
    byte[] changed = jpeg.clone();
    changed[place(jpeg, marker) + 1] = (byte) 0xFE; // a comment
    return changed;
  }

  /** Segments of metadata after the start, which hold ends of JPEGs. */
  private static byte[] segment(byte[] jpeg, int bytes) {
    byte[] result = Arrays.copyOf(jpeg, 2);
    for (int left = bytes; left > 0; left -= 60_000) {
      int length = 2 + Math.min(left, 60_000);
      byte[] segment = new byte[2 + length];
      for (int i = 4; i < segment.length; i++) {
        segment[i] = (byte) (i % 2 == 0 ? 0xFF : 0xD9);
      }
      segment[0] = (byte) 0xFF;
      segment[1] = (byte) 0xE1;
      segment[2] = (byte) (length >> 8);
      segment[3] = (byte) length;
      result = concatenated(result, segment);
    }
    return concatenated(result, Arrays.copyOfRange(jpeg, 2, jpeg.length));
  }

  /** An image of cyan, magenta, yellow and black. */
  private static byte[] fourColours() throws IOException {
    var out = new ByteArrayOutputStream();
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      var raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
      writer.write(null, new IIOImage(raster, null, null), null);
    }
    return out.toByteArray();
  }
}
