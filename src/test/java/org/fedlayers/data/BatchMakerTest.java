package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.fedlayers.data.Augmentation.Border;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BatchMakerTest {
  private static final int SIDE = 6;
  private static final float[] MEAN = {.4f, .5f, .6f};
  private static final float[] DEVIATION = {.2f, .25f, .3f};

  private final Images images = SmallSets.noise(40, 3, SIDE, 4);
  private final int[] order = IntStream.range(0, 40).map(i -> (i * 7) % 40).toArray();

  @Test
  void normalisesEachChannelByItsOwnNumbers() {
    BatchMaker maker = new BatchMaker(images, MEAN, DEVIATION, Augmentation.none());
    Batch batch = maker.newBatch(8);
    maker.fill(batch, order, 5, 13, 1);
    assertThat(batch.size()).isEqualTo(8);
    for (int i = 0; i < 8; i++) {
      assertThat(batch.labels()[i]).isEqualTo(images.labels()[order[5 + i]]);
      assertThat(picture(batch, i)).isEqualTo(naive(order[5 + i], false, 0, 0, Border.MEAN));
    }
  }

  @ParameterizedTest
  @EnumSource(Border.class)
  void whatLiesBeyondTheImageHasTheColourOfTheBorder(Border border) {
    BatchMaker maker =
        new BatchMaker(images, MEAN, DEVIATION, new Augmentation(0, SIDE + 2, 1, border));
    Batch batch = maker.newBatch(40);
    maker.fill(batch, order, 0, 40, 3);
    float[] beyond = new float[3 * SIDE * SIDE];
    for (int i = 0; i < beyond.length; i++) {
      int channel = i / (SIDE * SIDE);
      beyond[i] =
          border == Border.MEAN ? 0 : (float) (-(double) MEAN[channel] / DEVIATION[channel]);
    }
    assertThat(IntStream.range(0, 40))
        .as("a crop beyond the image is all padding")
        .anyMatch(i -> Arrays.equals(picture(batch, i), beyond));
  }

  /** Every picture is one of the (flip, down, right) variants, each as often as it should be. */
  @ParameterizedTest
  @CsvSource({"0.5, 1, 0.5, MEAN", "0.25, 2, 1, BLACK", "1, 1, 0, MEAN", "0, 3, 0.8, BLACK"})
  void augmentsAsOftenAsSaid(double flip, int padding, double crop, Border border) {
    var augmentation = new Augmentation(flip, padding, crop, border);
    BatchMaker maker = new BatchMaker(images, MEAN, DEVIATION, augmentation);
    Map<String, double[]> variants = new HashMap<>();
    int places = 2 * padding + 1;
    for (int mirrored = 0; mirrored < 2; mirrored++) {
      for (int down = -padding; down <= padding; down++) {
        for (int right = -padding; right <= padding; right++) {
          double chance = crop / places / places + (down == 0 && right == 0 ? 1 - crop : 0);
          float[] picture = naive(order[0], mirrored == 1, down, right, border);
          double share = mirrored == 1 ? flip : 1 - flip;
          variants.put(Arrays.toString(picture), new double[] {chance * share, 0});
        }
      }
    }
    int draws = 20_000;
    Batch batch = maker.newBatch(1);
    for (int key = 0; key < draws; key++) {
      maker.fill(batch, order, 0, 1, new Randomness(1).key("augmentation", key));
      variants.get(Arrays.toString(picture(batch, 0)))[1]++;
    }
    variants.forEach(
        (picture, counts) -> {
          double expected = counts[0] * draws;
          assertThat(counts[1])
              .isCloseTo(expected, within(5 * Math.sqrt(expected * (1 - counts[0])) + 1e-9));
        });
  }

  @Test
  void pixelsDependOnThePositionNotOnTheBatches() {
    BatchMaker maker =
        new BatchMaker(images, MEAN, DEVIATION, new Augmentation(.5, 2, .5, Border.BLACK));
    Batch whole = maker.newBatch(40);
    maker.fill(whole, order, 0, 40, 9);
    Batch part = maker.newBatch(7);
    for (int from = 35; from >= 0; from -= 7) {
      int to = Math.min(40, from + 7);
      maker.fill(part, order, from, to, 9);
      for (int i = from; i < to; i++) {
        assertThat(picture(part, i - from)).isEqualTo(picture(whole, i));
      }
    }
    maker.fill(part, order, 0, 7, 10);
    assertThat(part.pixels()).isNotEqualTo(Arrays.copyOf(whole.pixels(), part.pixels().length));
  }

  @Test
  void scoringLeavesImagesAsTheyAre() {
    BatchMaker maker = new BatchMaker(images, MEAN, DEVIATION, Augmentation.alwaysCrop());
    Batch batch = maker.newBatch(3);
    maker.fill(batch, order, 0, 3);
    assertThat(picture(batch, 2)).isEqualTo(naive(order[2], false, 0, 0, Border.MEAN));
  }

  @Test
  void fillingAllocatesNothing() {
    BatchMaker maker = new BatchMaker(images, MEAN, DEVIATION, Augmentation.cifar());
    Batch batch = maker.newBatch(20);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 100; i++) {
      maker.fill(batch, order, 0, 20, i);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1000; i++) {
      maker.fill(batch, order, 0, 20, i);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
  }

  @Test
  void impossibleAugmentationsAreRefused() {
    assertThatThrownBy(() -> new Augmentation(1.5, 4, .5, Border.MEAN))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("flip is 1.5");
    assertThatThrownBy(() -> new Augmentation(.5, 4, Double.NaN, Border.MEAN))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("crop is NaN");
    assertThatThrownBy(() -> new Augmentation(.5, 0, .5, Border.MEAN))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("padding is 0");
  }

  /** Pads, mirrors and cuts, one pixel at a time. */
  private float[] naive(int image, boolean mirrored, int down, int right, Border border) {
    float[] picture = new float[3 * SIDE * SIDE];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < SIDE; y++) {
        for (int x = 0; x < SIDE; x++) {
          int row = y + down;
          int column = x + right;
          double colour = border == Border.MEAN ? MEAN[c] : 0;
          picture[(c * SIDE + y) * SIDE + x] = (float) ((colour - MEAN[c]) / DEVIATION[c]);
          if (row >= 0 && row < SIDE && column >= 0 && column < SIDE) {
            int source = mirrored ? SIDE - 1 - column : column;
            int at = ((image * 3 + c) * SIDE + row) * SIDE + source;
            double value = (images.pixels()[at] & 255) / 255.0;
            picture[(c * SIDE + y) * SIDE + x] = (float) ((value - MEAN[c]) / DEVIATION[c]);
          }
        }
      }
    }
    return picture;
  }

  private static float[] picture(Batch batch, int i) {
    int each = 3 * SIDE * SIDE;
    return Arrays.copyOfRange(batch.pixels(), i * each, (i + 1) * each);
  }
}
