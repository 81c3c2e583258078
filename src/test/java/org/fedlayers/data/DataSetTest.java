package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;

class DataSetTest {
  private static final Randomness SEED = new Randomness(4);
  private final Images train = SmallSets.noise(60, 3, 4, 6);
  private final DataSet data =
      DataSet.of(
          "noise",
          train,
          SmallSets.noise(30, 3, 4, 6),
          List.of("a", "b", "c", "d", "e", "f"),
          new float[3],
          new float[] {1, 1, 1},
          "full");

  @Test
  void aSubsetIsStratifiedAndNamed() {
    DataSet few = data.subset(18, 6, SEED);
    assertThat(SmallSets.classCounts(few.train())).containsOnly(3);
    assertThat(SmallSets.classCounts(few.test())).containsOnly(1);
    assertThat(few.note()).isEqualTo("18 of 60 train and 6 of 30 test images");
    assertThat(few.sha256()).isNotEqualTo(data.sha256()).hasSize(64);
    assertThat(pictures(train)).containsAll(pictures(few.train()));
  }

  @Test
  void aSmallerSubsetIsPartOfALargerOne() {
    Set<String> large = pictures(data.subset(31, 6, SEED).train());
    assertThat(large).hasSize(31).containsAll(pictures(data.subset(17, 6, SEED).train()));
    assertThat(large).isNotEqualTo(pictures(data.subset(31, 6, new Randomness(5)).train()));
    assertThat(large).isEqualTo(pictures(data.subset(31, 30, SEED).train()));
  }

  @Test
  void theWholeSubsetIsTheSetItself() {
    assertThat(data.subset(60, 30, SEED).sha256()).isEqualTo(data.sha256());
  }

  @Test
  void whatIsHeldOutIsNoLongerTrainedOn() {
    DataSet split = data.holdOut(0.2, SEED);
    assertThat(SmallSets.classCounts(split.test())).containsOnly(2);
    assertThat(SmallSets.classCounts(split.train())).containsOnly(8);
    Set<String> both = pictures(split.train());
    both.addAll(pictures(split.test()));
    assertThat(both).isEqualTo(pictures(train));
    assertThat(split.note()).isEqualTo("12 of 60 train images held out in place of the test set");
    assertThat(data.subset(30, 30, SEED).holdOut(.5, SEED).note())
        .isEqualTo(
            "30 of 60 train and 30 of 30 test images; 15 of 30 train images held out in place of the test set");
  }

  @Test
  void impossiblePartsAreRefused() {
    for (double fraction : new double[] {0, 1, -0.1, 2, Double.NaN, 0.001}) {
      assertThatThrownBy(() -> data.holdOut(fraction, SEED))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("fraction of " + fraction);
    }
    assertThatThrownBy(() -> data.subset(61, 30, SEED))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("61 train images of noise: it has 60");
    assertThatThrownBy(() -> data.subset(60, 0, SEED)).isInstanceOf(UserError.class);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    Images wide = new Images(3, 2, 8, 6, train.pixels(), train.labels());
    List<String> names = data.classNames();
    float[] ones = data.deviation();
    refused(SmallSets.noise(0, 3, 4, 6), train, names, ones, "no training or no test images");
    refused(train, SmallSets.noise(0, 3, 4, 6), names, ones, "no training or no test images");
    refused(train, wide, names, ones, "3 x 4 x 4", "3 x 2 x 8");
    refused(train, SmallSets.noise(30, 3, 4, 7), names, ones, "labels that are not in 0..5");
    refused(train, train, names.subList(0, 4), ones, "names 4 classes of 6");
    refused(train, train, names, new float[] {1}, "3 means and 1 deviations for 3 channels");
    for (float spread : new float[] {0, -1, Float.NaN, Float.POSITIVE_INFINITY}) {
      refused(
          train, train, names, new float[] {1, spread, 1}, "channel 1", "deviation of " + spread);
    }
  }

  private static void refused(
      Images train, Images test, List<String> names, float[] deviation, String... parts) {
    assertThatThrownBy(() -> DataSet.of("own", train, test, names, new float[3], deviation, "full"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("image set own: ")
        .hasMessageContainingAll(parts);
  }

  @Test
  void theFingerprintSeesEveryByteAndLabel() {
    Set<String> seen = new HashSet<>(Set.of(Fingerprint.of(train)));
    for (int i : new int[] {0, 1234, train.pixels().length - 1}) {
      byte[] pixels = train.pixels().clone();
      pixels[i]++;
      assertThat(seen.add(Fingerprint.of(new Images(3, 4, 4, 6, pixels, train.labels())))).isTrue();
    }
    int[] labels = train.labels().clone();
    labels[59] = 0;
    assertThat(seen.add(Fingerprint.of(new Images(3, 4, 4, 6, train.pixels(), labels)))).isTrue();
    Images reshaped = new Images(3, 2, 8, 6, train.pixels(), train.labels());
    assertThat(seen.add(Fingerprint.of(reshaped))).isTrue();
  }

  static Set<String> pictures(Images images) {
    Set<String> pictures = new HashSet<>();
    int each = images.imageSize();
    for (int i = 0; i < images.size(); i++) {
      byte[] picture = Arrays.copyOfRange(images.pixels(), i * each, (i + 1) * each);
      pictures.add(images.labels()[i] + " " + Fingerprint.sha256(picture));
    }
    return pictures;
  }
}
