package org.fedlayers.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A set in the binary layout of CIFAR: records of one or two label bytes, the last of which is the
 * class, followed by 3 x 32 x 32 bytes.
 *
 * @param name of the set
 * @param folder the official name of its folder
 * @param train files of training images, in order
 * @param test files of test images, in order
 * @param labelBytes 1 for CIFAR-10; 2 for CIFAR-100, whose first is the coarse label
 * @param classNames in the order of labels
 */
record CifarBinary(
    String name,
    String folder,
    List<Part> train,
    List<Part> test,
    int labelBytes,
    List<String> classNames,
    float[] mean,
    float[] deviation)
    implements Layout {

  /**
   * One file of records.
   *
   * @param records how many it holds
   * @param sha256 of the whole file
   */
  record Part(String file, int records, String sha256) {}

  private static final int SIDE = 32;
  private static final int PIXELS = 3 * SIDE * SIDE;

  private static final Map<String, String> DIGESTS = Fingerprint.listed("cifar.sha256");

  private static final String NAMES_OF_100 =
      "apple aquarium_fish baby bear beaver bed bee beetle bicycle bottle bowl boy bridge "
          + "bus butterfly camel can castle caterpillar cattle chair chimpanzee clock cloud "
          + "cockroach couch crab crocodile cup dinosaur dolphin elephant flatfish forest fox "
          + "girl hamster house kangaroo keyboard lamp lawn_mower leopard lion lizard lobster man "
          + "maple_tree motorcycle mountain mouse mushroom oak_tree orange orchid otter palm_tree "
          + "pear pickup_truck pine_tree plain plate poppy porcupine possum rabbit raccoon ray "
          + "road rocket rose sea seal shark shrew skunk skyscraper snail snake spider squirrel "
          + "streetcar sunflower sweet_pepper table tank telephone television tiger tractor train "
          + "trout tulip turtle wardrobe whale willow_tree wolf woman worm";

  static final CifarBinary CIFAR_10 =
      new CifarBinary(
          "cifar-10",
          "cifar-10-batches-bin",
          IntStream.rangeClosed(1, 5)
              .mapToObj(i -> part("data_batch_" + i + ".bin", 10_000))
              .toList(),
          List.of(part("test_batch.bin", 10_000)),
          1,
          List.of("airplane automobile bird cat deer dog frog horse ship truck".split(" ")),
          new float[] {.491f, .482f, .447f},
          new float[] {.247f, .243f, .262f});

  static final CifarBinary CIFAR_100 =
      new CifarBinary(
          "cifar-100",
          "cifar-100-binary",
          List.of(part("train.bin", 50_000)),
          List.of(part("test.bin", 10_000)),
          2,
          List.of(NAMES_OF_100.split(" ")),
          new float[] {.5071f, .4867f, .4408f},
          new float[] {.2675f, .2565f, .2761f});

  private static Part part(String file, int records) {
    return new Part(file, records, DIGESTS.get(file));
  }

  @Override
  public Facts facts() {
    return new Facts(3, SIDE, SIDE, classNames.size(), records(train));
  }

  private static int records(List<Part> parts) {
    return parts.stream().mapToInt(Part::records).sum();
  }

  @Override
  public List<String> marks() {
    return parts().stream().map(Part::file).toList();
  }

  @Override
  public List<Path> files(Path directory) {
    return marks().stream().map(directory::resolve).toList();
  }

  @Override
  public DataSet load(Path home) {
    Path directory = locate(home);
    Images trained = read(directory, train);
    return DataSet.of(name, trained, read(directory, test), classNames, mean, deviation, "full");
  }

  private List<Part> parts() {
    return Stream.concat(train.stream(), test.stream()).toList();
  }

  private Images read(Path directory, List<Part> parts) {
    int size = records(parts);
    byte[] pixels = new byte[size * PIXELS];
    int[] labels = new int[size];
    int image = 0;
    for (Part part : parts) {
      byte[] bytes = verified(directory.resolve(part.file()), part);
      for (int at = 0; at < bytes.length; at += labelBytes + PIXELS, image++) {
        labels[image] = bytes[at + labelBytes - 1] & 255;
        System.arraycopy(bytes, at + labelBytes, pixels, image * PIXELS, PIXELS);
      }
    }
    return new Images(3, SIDE, SIDE, classNames.size(), pixels, labels);
  }

  private byte[] verified(Path file, Part part) {
    long expected = (long) part.records() * (labelBytes + PIXELS);
    byte[] bytes;
    try {
      long found = Files.size(requireFile(file));
      if (found != expected) {
        throw refuse(
            "is %s: %s has %,d bytes, expected %,d",
            found < expected ? "truncated" : "damaged", file, found, expected);
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw refuse("cannot be read: %s: %s", file, e);
    }
    String sha256 = Fingerprint.sha256(bytes);
    if (!sha256.equals(part.sha256())) {
      String other =
          parts().stream()
              .filter(p -> p.sha256().equals(sha256))
              .findFirst()
              .map(p -> " (these are the bytes of %s)".formatted(p.file()))
              .orElse("");
      throw refuse(
          "is damaged: %s has SHA-256 %s%s, expected %s", file, sha256, other, part.sha256());
    }
    return bytes;
  }
}
