package org.fedlayers.data;

import java.util.Arrays;

/**
 * Makes batches of augmented, normalised images: every byte of channel c becomes (pixel/255 -
 * mean_c) / deviation_c, by look-up in a table. The object is immutable, so threads may share it;
 * filling a batch allocates nothing.
 *
 * <p>The augmentation of an image depends only on the key, which stands for seed, client and epoch,
 * and on the image's position in the epoch, never on the batch size or the order of execution.
 */
public final class BatchMaker {
  private static final int DRAWS = 4;

  private final Images images;
  private final float[] normalised;

  /** Where the table of each image begins: all at 0 unless clients have their own. */
  private final int[] tables;

  private final Augmentation augmentation;
  private final ResizedCrop resizedCrop;

  public BatchMaker(Images images, float[] mean, float[] deviation, Augmentation augmentation) {
    this.images = images;
    this.augmentation = augmentation;
    float[] plain = new float[images.channels() * 256];
    for (int i = 0; i < plain.length; i++) {
      int channel = i >> 8;
      plain[i] = (float) (((i & 255) / 255.0 - mean[channel]) / deviation[channel]);
    }
    FeatureShift shift = augmentation.shift();
    tables = new int[images.size()];
    normalised = shift == null ? plain : shift.tables(plain, tables);
    resizedCrop = new ResizedCrop(images, normalised, tables);
  }

  /** Batches of the training images. */
  public static BatchMaker training(DataSet data, Augmentation augmentation) {
    return new BatchMaker(data.train(), data.mean(), data.deviation(), augmentation);
  }

  /** Batches of the test images, never augmented. */
  public static BatchMaker test(DataSet data) {
    return new BatchMaker(data.test(), data.mean(), data.deviation(), Augmentation.none());
  }

  public Images images() {
    return images;
  }

  /** A batch of the right shape for these images. */
  public Batch newBatch(int capacity) {
    return new Batch(capacity, images.imageSize());
  }

  /**
   * Fills a batch with the images {@code order[from]} to {@code order[to - 1]}.
   *
   * @param order image indices in the order of the epoch
   * @param key from {@link Randomness#key}, for example of ("augmentation", client, epoch); any
   *     where images stay as they are
   */
  public void fill(Batch batch, int[] order, int from, int to, long key) {
    batch.resize(to - from);
    for (int position = from; position < to; position++) {
      int image = order[position];
      batch.labels()[position - from] = images.labels()[image];
      int at = (position - from) * images.imageSize();
      augment(image, batch.pixels(), at, key, position);
    }
  }

  private void augment(int image, float[] out, int at, long key, long position) {
    long draw = position * (augmentation.resized() ? ResizedCrop.DRAWS : DRAWS);
    boolean flip = Randomness.unit(key, draw) < augmentation.flip();
    if (augmentation.resized()) {
      resizedCrop.copy(image, out, at, flip, key, draw);
      return;
    }
    int down = 0;
    int right = 0;
    if (Randomness.unit(key, draw + 1) < augmentation.crop()) {
      int places = 2 * augmentation.padding() + 1;
      down = Randomness.below(places, key, draw + 2) - augmentation.padding();
      right = Randomness.below(places, key, draw + 3) - augmentation.padding();
    }
    copy(image, out, at, flip, down, right);
  }

  /**
   * Normalises one image into {@code out}: pixel (y, x) is pixel (y + down, x + right) of the image
   * or its mirror image, and the border's colour where that lies outside.
   */
  private void copy(int image, float[] out, int at, boolean flip, int down, int right) {
    int height = images.height();
    int width = images.width();
    int first = Math.min(width, Math.max(0, -right));
    int last = Math.max(first, Math.min(width, width - right));
    int step = flip ? -1 : 1;
    int column = flip ? width - 1 - first - right : first + right;
    byte[] pixels = images.pixels();
    float[] table = normalised;
    int plane = image * images.imageSize();
    int to = at;
    for (int channel = 0; channel < images.channels(); channel++, plane += height * width) {
      int values = tables[image] + (channel << 8);
      float border = augmentation.border() == Augmentation.Border.BLACK ? table[values] : 0;
      for (int y = 0; y < height; y++, to += width) {
        int row = y + down;
        if (row < 0 || row >= height) {
          Arrays.fill(out, to, to + width, border);
          continue;
        }
        Arrays.fill(out, to, to + first, border);
        int source = plane + row * width + column;
        for (int x = first; x < last; x++, source += step) {
          out[to + x] = table[values + (pixels[source] & 255)];
        }
        Arrays.fill(out, to + last, to + width, border);
      }
    }
  }
}
