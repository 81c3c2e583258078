package org.fedlayers.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
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
 * @param classNames given here, or empty if they are the lines of {@code namesFile}
 * @param namesFile a text file beside the images, or null
 */
record CifarBinary(
    String name,
    String folder,
    List<Part> train,
    List<Part> test,
    int labelBytes,
    List<String> classNames,
    String namesFile,
    float[] mean,
    float[] deviation) {

  /**
   * One file of records.
   *
   * @param records how many it holds
   * @param sha256 of the whole file
   */
  record Part(String file, int records, String sha256) {}

  private static final int SIDE = 32;
  private static final int PIXELS = 3 * SIDE * SIDE;

  static final CifarBinary CIFAR_10 =
      new CifarBinary(
          "cifar-10",
          "cifar-10-batches-bin",
          List.of(
              new Part(
                  "data_batch_1.bin",
                  10_000,
                  "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
              new Part(
                  "data_batch_2.bin",
                  10_000,
                  "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
              new Part(
                  "data_batch_3.bin",
                  10_000,
                  "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
              new Part(
                  "data_batch_4.bin",
                  10_000,
                  "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
              new Part(
                  "data_batch_5.bin",
                  10_000,
                  "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add")),
          List.of(
              new Part(
                  "test_batch.bin",
                  10_000,
                  "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")),
          1,
          List.of(
              "airplane",
              "automobile",
              "bird",
              "cat",
              "deer",
              "dog",
              "frog",
              "horse",
              "ship",
              "truck"),
          null,
          new float[] {.491f, .482f, .447f},
          new float[] {.247f, .243f, .262f});

  static final CifarBinary CIFAR_100 =
      new CifarBinary(
          "cifar-100",
          "cifar-100-binary",
          List.of(
              new Part(
                  "train.bin",
                  50_000,
                  "f31298fc616915fa142368359df1c4ca2ae984d6915ca468b998a5ec6aeebf29")),
          List.of(
              new Part(
                  "test.bin",
                  10_000,
                  "d8b1e6b7b3bee4020055f0699b111f60b1af1e262aeb93a0b659061746f8224a")),
          2,
          List.of(),
          "fine_label_names.txt",
          new float[] {.5071f, .4867f, .4408f},
          new float[] {.2675f, .2565f, .2761f});

  /** Reads and verifies the set, in {@code home} or in its official folder there. */
  DataSet load(Path home) {
    Path directory = locate(home);
    List<String> names = names(directory);
    Images trainImages = read(directory, train, names.size());
    Images testImages = read(directory, test, names.size());
    requireBalanced("train", trainImages, directory);
    requireBalanced("test", testImages, directory);
    return DataSet.of(name, trainImages, testImages, names, mean, deviation, "full");
  }

  private Path locate(Path home) {
    for (Path candidate : List.of(home.resolve(folder), home)) {
      for (Part part : parts()) {
        if (Files.exists(candidate.resolve(part.file()))) {
          return candidate;
        }
      }
    }
    throw DataSets.refuse(
        name,
        "is not in %s: neither %s nor %s/%s is there"
            .formatted(home, parts().get(0).file(), folder, parts().get(0).file()));
  }

  private List<Part> parts() {
    return Stream.concat(train.stream(), test.stream()).toList();
  }

  private List<String> names(Path directory) {
    if (namesFile == null) {
      return classNames;
    }
    Path file = directory.resolve(namesFile);
    try {
      return Files.readAllLines(file).stream().filter(line -> !line.isBlank()).toList();
    } catch (NoSuchFileException e) {
      throw DataSets.refuse(name, "is incomplete: %s is missing".formatted(file));
    } catch (IOException e) {
      throw DataSets.refuse(name, "cannot be read: %s".formatted(e));
    }
  }

  private Images read(Path directory, List<Part> parts, int classes) {
    int size = parts.stream().mapToInt(Part::records).sum();
    byte[] pixels = new byte[size * PIXELS];
    int[] labels = new int[size];
    int image = 0;
    for (Part part : parts) {
      byte[] bytes = verified(directory.resolve(part.file()), part);
      for (int at = 0; at < bytes.length; at += labelBytes + PIXELS, image++) {
        labels[image] = bytes[at + labelBytes - 1] & 255;
        if (labels[image] >= classes) {
          throw DataSets.refuse(
              name,
              "is damaged: record %d of %s has label %d, expected 0..%d"
                  .formatted(
                      at / (labelBytes + PIXELS),
                      directory.resolve(part.file()),
                      labels[image],
                      classes - 1));
        }
        System.arraycopy(bytes, at + labelBytes, pixels, image * PIXELS, PIXELS);
      }
    }
    return new Images(3, SIDE, SIDE, classes, pixels, labels);
  }

  private byte[] verified(Path file, Part part) {
    long expected = (long) part.records() * (labelBytes + PIXELS);
    byte[] bytes;
    try {
      long found = Files.size(file);
      if (found != expected) {
        throw DataSets.refuse(
            name,
            "is %s: %s has %,d bytes, expected %,d"
                .formatted(found < expected ? "truncated" : "damaged", file, found, expected));
      }
      bytes = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw DataSets.refuse(name, "is incomplete: %s is missing".formatted(file));
    } catch (IOException e) {
      throw DataSets.refuse(name, "cannot be read: %s".formatted(e));
    }
    String sha256 = Fingerprint.sha256(bytes);
    if (!sha256.equals(part.sha256())) {
      String other =
          parts().stream()
              .filter(p -> p.sha256().equals(sha256))
              .findFirst()
              .map(p -> " (these are the bytes of %s)".formatted(p.file()))
              .orElse("");
      throw DataSets.refuse(
          name,
          "is damaged: %s has SHA-256 %s%s, expected %s"
              .formatted(file, sha256, other, part.sha256()));
    }
    return bytes;
  }

  private void requireBalanced(String part, Images images, Path directory) {
    int[] counts = images.classCounts();
    int each = images.size() / images.classes();
    for (int c = 0; c < counts.length; c++) {
      if (counts[c] != each) {
        throw DataSets.refuse(
            name,
            "in %s has %d %s images of class %d, expected %d"
                .formatted(directory, counts[c], part, c, each));
      }
    }
  }
}
