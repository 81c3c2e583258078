package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadersTest {
  @TempDir Path home;

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void cifarRecordsAreReadInOrderWithTheirFineLabels(int labelBytes) {
    DataSet data = SmallSets.cifar(home, labelBytes).load(home);
    assertThat(data.train().labels()).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2);
    assertThat(data.classNames()).containsExactly("red", "green", "blue");
    byte[] pixels = data.train().pixels();
    assertThat(IntStream.range(0, pixels.length))
        .allMatch(i -> pixels[i] == (byte) (i / 3072 + i % 3072));
    assertThat(data.test().pixels()[0]).isEqualTo((byte) 50);
    assertThat(data.note()).isEqualTo("full");
  }

  @Test
  void cifarIsFoundInTheFolderItself() {
    CifarBinary layout = SmallSets.cifar(home, 1);
    assertThat(layout.load(home.resolve("small-bin")).sha256())
        .isEqualTo(layout.load(home).sha256());
  }

  @Test
  void tinyImageNetNumbersClassesByNameAndRepeatsGreyImages() {
    DataSet data = SmallSets.tiny(home, 12).load(home);
    assertThat(data.note()).isEqualTo("full");
    assertThat(data.classNames()).containsExactly("red", "n02", "grey");
    assertThat(SmallSets.classCounts(data.train())).containsExactly(12, 12, 12);
    assertThat(data.test().labels()).containsExactly(0, 0, 1, 1, 2, 2);
    assertColour(data.train(), 0, 200, 0, 0);
    assertColour(data.train(), 12, 0, 200, 0);
    assertColour(data.train(), 24, 100, 100, 100);
    assertColour(data.test(), 0, 200, 0, 0);
    assertColour(data.test(), 5, 100, 100, 100);
  }

  @Test
  void aClassWithoutANameIsRead() {
    TinyImageNet layout = SmallSets.tiny(home, 12);
    byte[] words = "n01\t,\nn02\t\nn03\tgrey\n".getBytes();
    SmallSets.put(home.resolve(TinyImageNet.NAME + "/words.txt"), words);
    assertThat(layout.load(home).classNames()).containsExactly("", "", "grey");
  }

  @Test
  void fewerTrainImagesOfEachClassAreADeclaredSubset() {
    DataSet data = SmallSets.tiny(home, 11).load(home);
    assertThat(data.note()).isEqualTo("declared subset: 11 of 12 train images a class");
    assertThat(data.train().size()).isEqualTo(33);
  }

  @Test
  void trainImagesComeInTheOrderOfTheirNumbers() {
    TinyImageNet layout = SmallSets.tiny(home, 11);
    Path images = home.resolve(TinyImageNet.NAME + "/train/n01/images");
    SmallSets.put(images.resolve("n01_10.JPEG"), SmallSets.jpeg("n02"));
    Images train = layout.load(home).train();
    assertColour(train, 2, 200, 0, 0);
    assertColour(train, 10, 0, 200, 0);
  }

  @Test
  void aChangedImageIsAnotherSet() throws Exception {
    TinyImageNet layout = SmallSets.tiny(home, 3);
    String first = layout.load(home).sha256();
    assertThat(layout.load(home).sha256()).isEqualTo(first);
    Path image = home.resolve(TinyImageNet.NAME + "/train/n01/images/n01_0.JPEG");
    SmallSets.put(image, SmallSets.jpeg("n02"));
    Files.delete(home.resolve(TinyImageNet.NAME + "/installed.sha256"));
    DataSet changed = layout.load(home);
    assertThat(changed.sha256()).isNotEqualTo(first);
    assertColour(changed.train(), 0, 0, 200, 0);
  }

  private static void assertColour(Images images, int image, int... colour) {
    for (int channel = 0; channel < 3; channel++) {
      int value = images.pixels()[image * images.imageSize() + channel * 256 + 77] & 255;
      assertThat(value).isCloseTo(colour[channel], within(4));
    }
  }
}
