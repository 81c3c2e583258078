package org.fedlayers.data;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;

/** Tiny image sets in the official layouts, written and described by the tests themselves. */
final class SmallSets {
  static final Progress SILENT = (task, done, total) -> {};
  static final int RECORDS = 6;
  static final String[] WNIDS = {"n02", "n01", "n03"};

  private SmallSets() {}

  /** Two train files and a test file of 6 records in 3 classes; pixel p of record r is r + p. */
  static CifarBinary cifar(Path home, int labelBytes) {
    Path folder = home.resolve("small-bin");
    List<CifarBinary.Part> train = new ArrayList<>();
    for (String file : List.of("one.bin", "two.bin")) {
      train.add(write(folder, file, labelBytes));
    }
    // Another content, or one file could not be told from another.
    byte[] test = records(labelBytes, 50);
    put(folder.resolve("test.bin"), test);
    var testPart = new CifarBinary.Part("test.bin", RECORDS, Fingerprint.sha256(test));
    return new CifarBinary(
        "small",
        "small-bin",
        train,
        List.of(testPart),
        labelBytes,
        List.of("red", "green", "blue"),
        new float[] {.5f, .5f, .5f},
        new float[] {.25f, .25f, .25f});
  }

  private static CifarBinary.Part write(Path folder, String file, int labelBytes) {
    byte[] bytes = records(labelBytes, file.equals("one.bin") ? 0 : RECORDS);
    put(folder.resolve(file), bytes);
    return new CifarBinary.Part(file, RECORDS, Fingerprint.sha256(bytes));
  }

  static byte[] records(int labelBytes, int first) {
    int each = labelBytes + 3072;
    byte[] bytes = new byte[RECORDS * each];
    for (int r = 0; r < RECORDS; r++) {
      bytes[r * each] = 99; // the coarse label, if there are two
      bytes[r * each + labelBytes - 1] = (byte) ((first + r) % 3);
      for (int p = 0; p < 3072; p++) {
        bytes[r * each + labelBytes + p] = (byte) (first + r + p);
      }
    }
    return bytes;
  }

  /**
   * Three classes of 16 x 16: {@code n01} red, {@code n02} green, {@code n03} grey of level 100 in
   * a grey JPEG; {@code each} train images and 2 validation images of each.
   */
  static TinyImageNet tiny(Path home, int each) {
    Path folder = home.resolve(TinyImageNet.NAME);
    put(folder.resolve("wnids.txt"), (String.join("\n", WNIDS) + "\n").getBytes());
    put(folder.resolve("words.txt"), "n01\tred, crimson\nn03\tgrey\n".getBytes());
    StringBuilder annotations = new StringBuilder();
    for (int v = 0; v < 6; v++) {
      String wnid = WNIDS[v % 3];
      put(folder.resolve("val/images/val_" + v + ".JPEG"), jpeg(wnid));
      annotations.append("val_%d.JPEG\t%s\t0\t0\t62\t62\n".formatted(v, wnid));
    }
    put(folder.resolve("val/val_annotations.txt"), annotations.toString().getBytes());
    for (String wnid : WNIDS) {
      for (int i = 0; i < each; i++) {
        put(folder.resolve("train/%s/images/%s_%d.JPEG".formatted(wnid, wnid, i)), jpeg(wnid));
      }
    }
    return new TinyImageNet(3, 12, 2, 16, Map.of());
  }

  static byte[] jpeg(String wnid) {
    boolean grey = wnid.equals("n03");
    int type = grey ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB;
    BufferedImage image = new BufferedImage(16, 16, type);
    int[] colour = grey ? new int[] {100} : new int[] {0, 0, 0};
    if (!grey) {
      colour[wnid.equals("n01") ? 0 : 1] = 200;
    }
    for (int i = 0; i < 256; i++) {
      image.getRaster().setPixel(i % 16, i / 16, colour);
    }
    try {
      var out = new java.io.ByteArrayOutputStream();
      ImageIO.write(image, "jpeg", out);
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void put(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many images each class has. */
  static int[] classCounts(Images images) {
    int[][] all = {IntStream.range(0, images.size()).toArray()};
    return Partitions.counts(all, images.labels(), images.classes())[0];
  }

  /** Images whose pixels are counted noise, classes in turn. */
  static Images noise(int size, int channels, int side, int classes) {
    byte[] pixels = new byte[size * channels * side * side];
    new Randomness(1).of("noise").nextBytes(pixels);
    int[] labels = IntStream.range(0, size).map(i -> i % classes).toArray();
    return new Images(channels, side, side, classes, pixels, labels);
  }
}
