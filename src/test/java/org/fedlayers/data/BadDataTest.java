package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each way of being damaged is refused by name, with what was found and the command that mends. */
class BadDataTest {
  @TempDir Path home;

  private interface Damage {
    void to(Path folder) throws IOException;
  }

  static Stream<Arguments> damages() {
    return Stream.of(
        cifar("missing folder", f -> move(f, "../elsewhere"), "is not in", "one.bin"),
        cifar("missing file", f -> Files.delete(f.resolve("two.bin")), "incomplete", "two.bin"),
        cifar(
            "truncated file",
            f -> truncate(f.resolve("one.bin")),
            "truncated",
            "one.bin has 9,219 bytes, expected 18,444"),
        cifar(
            "longer file",
            f -> Files.write(f.resolve("one.bin"), new byte[20_000]),
            "one.bin has 20,000 bytes, expected 18,444"),
        cifar("flipped bit", f -> flip(f.resolve("test.bin"), 5000), "damaged", "test.bin", "SHA"),
        cifar(
            "swapped files",
            f -> Files.copy(f.resolve("two.bin"), replaced(f.resolve("one.bin"))),
            "one.bin",
            "these are the bytes of two.bin"),
        tiny("missing folder", f -> move(f, "../elsewhere"), "is not in", "wnids.txt"),
        tiny(
            "too few classes",
            f -> Files.writeString(f.resolve("wnids.txt"), "n01\nn02\n"),
            "wnids.txt names 2 classes, expected 3"),
        tiny("missing class", f -> move(f.resolve("train/n02"), "../n09"), "train/n02/images"),
        tiny(
            "missing train image",
            f -> Files.delete(f.resolve("train/n02/images/n02_1.JPEG")),
            "incomplete",
            "train/n02/images holds 3 images, expected 4 as in the other classes (12 in the full set)"),
        tiny(
            "too many train images",
            f -> fill(f, 13),
            "train/n01/images holds 13 images, expected 12"),
        tiny(
            "image of another class",
            f -> move(f.resolve("train/n02/images/n02_1.JPEG"), "../../../n01/images/n02_1.JPEG"),
            "misplaced",
            "n02_1.JPEG is not named n01_<number>.JPEG"),
        tiny(
            "missing val image",
            f -> Files.delete(f.resolve("val/images/val_3.JPEG")),
            "val_3.JPEG"),
        tiny(
            "missing annotations",
            f -> Files.delete(f.resolve("val/val_annotations.txt")),
            "val_annotations.txt is missing"),
        tiny(
            "annotation of no class",
            f -> annotate(f, "val_0.JPEG\tn77\t0"),
            "has the line 'val_0.JPEG\tn77\t0'"),
        tiny("annotation without tabs", f -> annotate(f, "val_0.JPEG n01"), "has the line 'val_0"),
        tiny(
            "all of one class",
            f -> annotate(f, "val_0.JPEG\tn01\nval_1.JPEG\tn01\nval_2.JPEG\tn01"),
            "names 4 images of class n01, expected 2"),
        tiny(
            "truncated image",
            f -> truncate(f.resolve("train/n01/images/n01_0.JPEG")),
            "n01_0.JPEG",
            "truncated"),
        tiny(
            "empty image",
            f -> Files.write(f.resolve("train/n01/images/n01_0.JPEG"), new byte[0]),
            "n01_0.JPEG is no JPEG (0 bytes"),
        tiny(
            "folder in place of an image",
            f -> Files.createDirectory(replaced(f.resolve("train/n01/images/n01_0.JPEG"))),
            "n01_0.JPEG is no plain file"),
        tiny(
            "folder in place of a list",
            f -> Files.createDirectory(replaced(f.resolve("val/val_annotations.txt"))),
            "val_annotations.txt is no plain file"),
        tiny(
            "an image whose name has control characters",
            f -> move(f.resolve("train/n01/images/n01_0.JPEG"), "../evil\u001b[2J\n.JPEG"),
            "evil<U+1b>[2J<U+a>.JPEG is not named"),
        tiny(
            "class that is a path",
            f -> Files.writeString(f.resolve("wnids.txt"), "n01\nn02\n../n03\n"),
            "wnids.txt has the line '../n03'"));
  }

  /** Lists of a set, and what may be in none. */
  static Stream<Arguments> lists() {
    return Stream.of("wnids.txt", "words.txt", "val/val_annotations.txt")
        .flatMap(
            list ->
                Stream.of("n01\0", "n01\u001b[31m", "n01\u009b2J", "n01\u202e")
                    .map(line -> Arguments.of(list, line)));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void controlCharactersInAListAreRefusedAndShownAsNumbers(String list, String line)
      throws IOException {
    TinyImageNet layout = SmallSets.tiny(home, 4);
    Path file = home.resolve(TinyImageNet.NAME).resolve(list);
    Files.writeString(file, Files.readString(file) + line + "\n");
    refused(() -> layout.load(home), TinyImageNet.NAME, list + " has control characters: 'n01<U+");
  }

  @ParameterizedTest
  @ValueSource(strings = {"wnids.txt", "words.txt", "val/val_annotations.txt"})
  void aListThatIsNoTextIsNamed(String list) throws IOException {
    TinyImageNet layout = SmallSets.tiny(home, 4);
    Path file = home.resolve(TinyImageNet.NAME).resolve(list);
    Files.write(file, new byte[] {(byte) 0xC3, 'x', '\n'});
    refused(() -> layout.load(home), TinyImageNet.NAME, "cannot be read", list);
    try (var sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(20_000_000);
    }
    refused(() -> layout.load(home), TinyImageNet.NAME, list + " has 20,000,000 bytes");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("damages")
  void isRefusedByName(String set, String name, Damage damage, String[] expected)
      throws IOException {
    if (set.equals("small")) {
      CifarBinary layout = SmallSets.cifar(home, 2);
      layout.load(home);
      damage.to(home.resolve("small-bin"));
      refused(() -> layout.load(home), set, expected);
    } else {
      TinyImageNet layout = SmallSets.tiny(home, 4);
      layout.load(home);
      damage.to(home.resolve(TinyImageNet.NAME));
      refused(() -> layout.load(home), set, expected);
    }
  }

  @Test
  void aChangedImageIsToldByTheDigestOfItsClass() {
    SmallSets.tiny(home, 4);
    TinyImageNet layout =
        new TinyImageNet(3, 12, 2, 16, Map.of("val/n02", Fingerprint.sha256(new byte[0])));
    refused(
        () -> layout.load(home),
        TinyImageNet.NAME,
        "val_0.JPEG to val_3.JPEG one is not the published file",
        Fingerprint.sha256(new byte[0]));
  }

  @Test
  void theFirst140TrainImagesOfAClassAreCompared() {
    SmallSets.tiny(home, 141);
    byte[] hash = java.util.HexFormat.of().parseHex(Fingerprint.sha256(SmallSets.jpeg("n01")));
    byte[][] all = new byte[TinyImageNet.DIGESTED][];
    Arrays.fill(all, hash);
    var layout = new TinyImageNet(3, 141, 2, 16, Map.of("train/n01", Fingerprint.sha256(all)));
    assertThat(layout.load(home).note()).isEqualTo("full");

    Path image = home.resolve(TinyImageNet.NAME + "/train/n01/images/n01_139.JPEG");
    SmallSets.put(image, SmallSets.jpeg("n02"));
    refused(() -> layout.load(home), TinyImageNet.NAME, "n01_0.JPEG to n01_139.JPEG");
  }

  @Test
  void damageToImagesWithoutAPublishedDigestIsNoticed() throws IOException {
    TinyImageNet layout = SmallSets.tiny(home, 4);
    layout.load(home);
    Path image = home.resolve(TinyImageNet.NAME + "/train/n01/images/n01_3.JPEG");
    byte[] first = Files.readAllBytes(image);
    SmallSets.put(image, SmallSets.jpeg("n02"));
    String[] words = {"not the files first installed", "train/n01", "delete", "installed.sha256"};
    refused(() -> layout.load(home), TinyImageNet.NAME, words);

    SmallSets.put(image, first);
    assertThat(layout.load(home).note()).startsWith("declared subset");
    SmallSets.tiny(home, 5);
    refused(() -> layout.load(home), TinyImageNet.NAME, words);
    Files.delete(home.resolve(TinyImageNet.NAME + "/installed.sha256"));
    assertThat(layout.load(home).note()).isEqualTo("declared subset: 5 of 12 train images a class");
  }

  @Test
  void whatIsMissingComesWithTheCommandThatMendsIt() throws Exception {
    for (String folder : List.of("plain", "with space", "it's")) {
      Path place = home.resolve(folder);
      String message =
          catchThrowableOfType(() -> DataSets.load("cifar-100", place), UserError.class)
              .getMessage();
      assertThat(message).startsWith("cifar-100 is not in " + place);
      String command = message.substring(message.indexOf("Mend it with: ") + 14);
      Process shell =
          new ProcessBuilder("sh", "-c", "for word in " + command + "; do echo \"$word\"; done")
              .start();
      assertThat(new String(shell.getInputStream().readAllBytes()).lines())
          .containsExactly("environment/fedlayers", "data", "cifar-100", "--data", "" + place);
    }
  }

  @Test
  void anUnknownSetIsRefusedWithTheNamesThereAre() {
    assertThatThrownBy(() -> DataSets.load("cifar10", home))
        .isInstanceOf(UserError.class)
        .hasMessage("no image set 'cifar10'; did you mean 'cifar-10'?");
    assertThatThrownBy(() -> DataSets.load("imagenet", home))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("'imagenet'", "cifar-10, cifar-100, tiny-imagenet-200");
  }

  private static void refused(Runnable load, String set, String... expected) {
    assertThatThrownBy(load::run)
        .isExactlyInstanceOf(UserError.class)
        .hasMessageStartingWith(set + " ")
        .hasMessageContainingAll(expected);
  }

  private static Arguments cifar(String name, Damage damage, String... expected) {
    return Arguments.of("small", name, damage, expected);
  }

  private static Arguments tiny(String name, Damage damage, String... expected) {
    return Arguments.of(TinyImageNet.NAME, name, damage, expected);
  }

  private static void move(Path file, String to) throws IOException {
    Files.move(file, file.resolve(to).normalize());
  }

  private static Path replaced(Path file) throws IOException {
    Files.delete(file);
    return file;
  }

  private static void truncate(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, bytes.length / 2 - 3));
  }

  private static void flip(Path file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 1;
    Files.write(file, bytes);
  }

  private static void fill(Path folder, int each) throws IOException {
    SmallSets.tiny(folder.getParent(), each);
  }

  /** Replaces the first lines of the annotations. */
  private static void annotate(Path folder, String first) throws IOException {
    Path file = folder.resolve("val/val_annotations.txt");
    var rest = Files.readAllLines(file).stream().skip(first.lines().count()).toList();
    Files.writeString(file, first + "\n" + String.join("\n", rest) + "\n");
  }
}
