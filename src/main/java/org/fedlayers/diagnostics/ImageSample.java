package org.fedlayers.diagnostics;

import java.util.stream.IntStream;
import org.fedlayers.data.Augmentation;
import org.fedlayers.data.Batch;
import org.fedlayers.data.BatchMaker;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Images;
import org.fedlayers.data.Randomness;

/**
 * The images that a loss is measured on, never augmented.
 *
 * @param name says which they are, for tables
 * @param pixels normalised, (N, C, H, W) in row-major order
 * @param labels one for each image; at least one
 */
public record ImageSample(String name, float[] pixels, int[] labels) {

  public ImageSample {
    if (labels.length == 0 || pixels.length % labels.length != 0) {
      throw new IllegalArgumentException(
          "%d values are not %d images".formatted(pixels.length, labels.length));
    }
  }

  /**
   * Training images, stratified by class and drawn from the seed alone, so that every model of an
   * experiment is measured on the same ones.
   *
   * @param images how many; all of them if there are fewer
   */
  public static ImageSample training(DataSet data, int images, Randomness randomness) {
    int count = Math.min(images, data.train().size());
    DataSet drawn = data.subset(count, 1, randomness);
    return of(data.name() + " train " + count, drawn.train(), data);
  }

  /** The test images, or the first of a stratified draw. */
  public static ImageSample test(DataSet data, int images, Randomness randomness) {
    int count = Math.min(images, data.test().size());
    return of(data.name() + " test " + count, data.subset(1, count, randomness).test(), data);
  }

  /**
   * @param images to be normalised as {@code data} is
   */
  public static ImageSample of(String name, Images images, DataSet data) {
    var maker = new BatchMaker(images, data.mean(), data.deviation(), Augmentation.none());
    Batch batch = maker.newBatch(images.size());
    maker.fill(batch, IntStream.range(0, images.size()).toArray(), 0, images.size(), 0);
    return new ImageSample(name, batch.pixels(), batch.labels());
  }

  public int size() {
    return labels.length;
  }

  /** Values of one image. */
  public int imageSize() {
    return pixels.length / labels.length;
  }

  /** All images, in so many a batch; the last may hold fewer. */
  Iterable<Batch> batches(int size) {
    return () ->
        IntStream.iterate(0, from -> from < size(), from -> from + size)
            .mapToObj(from -> batch(from, Math.min(from + size, size())))
            .iterator();
  }

  /** Images {@code from} to {@code to - 1}. */
  Batch batch(int from, int to) {
    return batch(IntStream.range(from, to));
  }

  /** The images of these numbers, each as often as it is named. */
  Batch batch(IntStream numbers) {
    int[] chosen = numbers.toArray();
    Batch batch = new Batch(chosen.length, imageSize());
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(
          pixels, chosen[i] * imageSize(), batch.pixels(), i * imageSize(), imageSize());
      batch.labels()[i] = labels[chosen[i]];
    }
    batch.resize(chosen.length);
    return batch;
  }
}
