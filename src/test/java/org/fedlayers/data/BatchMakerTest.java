package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.data.Augmentation.Border;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BatchMakerTest {
  private static final Augmentation RESIZED_CROP =
      new Augmentation(.5, 0, 0, Border.MEAN, true, null);

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

  static Stream<Augmentation> augmentations() {
    return Stream.of(new Augmentation(.5, 2, .5, Border.BLACK), RESIZED_CROP);
  }

  @ParameterizedTest
  @MethodSource("augmentations")
  void pixelsDependOnThePositionNotOnTheBatches(Augmentation augmentation) {
    BatchMaker maker = new BatchMaker(images, MEAN, DEVIATION, augmentation);
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

  @ParameterizedTest
  @MethodSource("augmentations")
  void threadsShareAMaker(Augmentation augmentation) {
    BatchMaker maker = new BatchMaker(images, MEAN, DEVIATION, augmentation);
    List<float[]> alone = IntStream.range(0, 200).mapToObj(key -> filled(maker, key)).toList();
    List<float[]> together =
        IntStream.range(0, 200).parallel().mapToObj(key -> filled(maker, key)).toList();
    for (int key = 0; key < 200; key++) {
      assertThat(together.get(key)).isEqualTo(alone.get(key));
    }
  }

  private float[] filled(BatchMaker maker, int key) {
    Batch batch = maker.newBatch(40);
    maker.fill(batch, order, 0, 40, key);
    return batch.pixels();
  }

  @Test
  void cutsABoxAndScalesItBack() {
    BatchMaker maker = new BatchMaker(images, MEAN, DEVIATION, RESIZED_CROP);
    Batch batch = maker.newBatch(40);
    Set<String> boxes = new HashSet<>();
    int flips = 0;
    for (long key = 0; key < 50; key++) {
      maker.fill(batch, order, 0, 40, key);
      for (int i = 0; i < 40; i++) {
        int[] box = box(key, i);
        boolean flip = unit(key, 23 * i) < 0.5;
        boxes.add(Arrays.toString(box));
        flips += flip ? 1 : 0;
        double[][] expected = resized(order[i], box, flip);
        for (int at = 0; at < 3 * SIDE * SIDE; at++) {
          assertThat((double) picture(batch, i)[at])
              .isCloseTo(expected[at / SIDE][at % SIDE], within(1e-5));
        }
        assertThat(box[2] * box[3]).isBetween((int) (0.33 * SIDE * SIDE) - 3, SIDE * SIDE);
      }
    }
    assertThat(flips).isBetween(900, 1100);
    assertThat(boxes).as("boxes of all sizes, at many places").hasSizeGreaterThan(60);
  }

  /** A box of an area of at least 33, at most 4/3 times as wide as high, is higher than 1. */
  @Test
  void takesTheWholeImageWhereNoBoxFits() {
    byte[] row = new byte[100];
    new Random(1).nextBytes(row);
    var flat = new Images(1, 1, 100, 2, row, new int[1]);
    var maker = new BatchMaker(flat, MEAN, DEVIATION, RESIZED_CROP);
    Batch batch = maker.newBatch(1);
    new BatchMaker(flat, MEAN, DEVIATION, Augmentation.none()).fill(batch, new int[1], 0, 1, 0);
    float[] plain = batch.pixels().clone();
    float[] mirrored = new float[100];
    for (int x = 0; x < 100; x++) {
      mirrored[x] = plain[99 - x];
    }
    for (int key = 0; key < 20; key++) {
      maker.fill(batch, new int[1], 0, 1, key);
      assertThat(batch.pixels()).isIn(plain, mirrored);
    }
  }

  /** Top, left, height and width of the box of the image at a position, drawn as documented. */
  private static int[] box(long key, int position) {
    int draw = 23 * position;
    for (int i = 0; i < 10; i++) {
      double area = SIDE * SIDE * (0.33 + 0.67 * unit(key, draw + 3 + 2 * i));
      double aspect = Math.pow(4 / 3.0, 2 * unit(key, draw + 4 + 2 * i) - 1);
      int wide = (int) Math.round(Math.sqrt(area * aspect));
      int high = (int) Math.round(Math.sqrt(area / aspect));
      if (wide <= SIDE && high <= SIDE) {
        int top = (int) (unit(key, draw + 1) * (SIDE - high + 1));
        int left = (int) (unit(key, draw + 2) * (SIDE - wide + 1));
        return new int[] {top, left, high, wide};
      }
    }
    return new int[] {0, 0, SIDE, SIDE};
  }

  private static double unit(long key, long counter) {
    return (Randomness.at(key, counter) >>> 11) / (double) (1L << 53);
  }

  /** Weights that fall from 1 at a pixel's centre to 0 at its neighbours', rows by columns. */
  private double[][] resized(int image, int[] box, boolean flip) {
    double[][] out = new double[3 * SIDE][SIDE];
    for (int to = 0; to < 3 * SIDE * SIDE; to++) {
      int c = to / (SIDE * SIDE);
      int y = to / SIDE % SIDE;
      int x = flip ? SIDE - 1 - to % SIDE : to % SIDE;
      for (int i = 0; i < box[2]; i++) {
        for (int j = 0; j < box[3]; j++) {
          double weight = tent(i, y, box[2]) * tent(j, x, box[3]);
          int at = ((image * 3 + c) * SIDE + box[0] + i) * SIDE + box[1] + j;
          double value = ((images.pixels()[at] & 255) / 255.0 - MEAN[c]) / DEVIATION[c];
          out[to / SIDE][to % SIDE] += weight * value;
        }
      }
    }
    return out;
  }

  private static double tent(int pixel, int at, int pixels) {
    double centre = Math.min(pixels - 1.0, Math.max(0, (at + 0.5) * pixels / SIDE - 0.5));
    return Math.max(0, 1 - Math.abs(pixel - centre));
  }

  private static Augmentation shifted(Augmentation plain, FeatureShift shift) {
    return new Augmentation(
        plain.flip(), plain.padding(), plain.crop(), plain.border(), plain.resized(), shift);
  }

  /** Each client's channels by two numbers of their own, whatever crops and flips do. */
  @ParameterizedTest
  @MethodSource("augmentations")
  void shiftsTheImagesOfEachClientAlike(Augmentation augmentation) {
    int[][] split = {Arrays.copyOf(order, 15), Arrays.copyOfRange(order, 15, 40)};
    BatchMaker plain = new BatchMaker(images, MEAN, DEVIATION, augmentation);
    BatchMaker shifted =
        new BatchMaker(
            images,
            MEAN,
            DEVIATION,
            shifted(augmentation, new FeatureShift(split, 0.5, new Randomness(3))));
    Batch before = plain.newBatch(40);
    Batch after = plain.newBatch(40);
    plain.fill(before, order, 0, 40, 9);
    shifted.fill(after, order, 0, 40, 9);
    int pixels = SIDE * SIDE;
    for (int client = 0; client < 2; client++) {
      var random = new Randomness(3).of("feature-shift", client);
      for (int channel = 0; channel < 3; channel++) {
        double contrast = Math.exp(0.5 * Randomness.normal(random));
        double brightness = 0.5 * Randomness.normal(random);
        double border =
            augmentation.border() == Border.MEAN ? 0 : -MEAN[channel] / DEVIATION[channel];
        for (int i = client == 0 ? 0 : 15; i < (client == 0 ? 15 : 40); i++) {
          for (int at = (i * 3 + channel) * pixels; at < (i * 3 + channel + 1) * pixels; at++) {
            double value = before.pixels()[at];
            boolean beyond = augmentation.padding() > 0 && Math.abs(value - border) < 1e-6;
            if (!beyond || after.pixels()[at] != before.pixels()[at]) {
              assertThat(after.pixels()[at])
                  .isCloseTo((float) (contrast * value + brightness), within(1e-5f));
            }
          }
        }
      }
    }
    assertThat(after.labels()).isEqualTo(before.labels());
  }

  @Test
  void testImagesStayAsTheyAre() {
    BatchMaker maker =
        BatchMaker.test(
            DataSet.of(
                "noise", images, images, List.of("a", "b", "c", "d"), MEAN, DEVIATION, "full"));
    Batch batch = maker.newBatch(3);
    for (long key = 0; key < 50; key++) {
      maker.fill(batch, order, 0, 3, key);
      assertThat(picture(batch, 2)).isEqualTo(naive(order[2], false, 0, 0, Border.MEAN));
    }
  }

  @ParameterizedTest
  @MethodSource("augmentations")
  void fillingAllocatesNothing(Augmentation augmentation) {
    BatchMaker maker = new BatchMaker(images, MEAN, DEVIATION, augmentation);
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
