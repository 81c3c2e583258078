package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.fedlayers.data.Batch;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Pass;

/**
 * "Precise BN" (Wu and Johnson, arXiv 2105.07576): batch normalisation's statistics, estimated anew
 * for a model at fixed weights. One pass over a sample normalises each batch by its own statistics,
 * and the law of total variance combines those of all batches. The accuracy that a model gains by
 * them is what the averaged running statistics cost it.
 */
public final class PreciseStatistics {
  private static final int BATCH = 100;

  private PreciseStatistics() {}

  /**
   * Not for hybrid normalisers, which normalise by what is to be estimated.
   *
   * @param weights length {@link org.fedlayers.nn.Network#weightCount()}
   * @return length {@link org.fedlayers.nn.Network#statisticsCount()}; variances are unbiased
   *     within a batch
   */
  public static float[] of(Supplier<? extends Model> models, float[] weights, ImageSample sample) {
    try (Model model = models.get()) {
      List<Double> fractions = new ArrayList<>();
      List<float[]> ofBatches = new ArrayList<>();
      int images = sample.size();
      int batches = (images - 1) / BATCH + 1;
      for (int i = 0; i < batches; i++) {
        Batch batch = sample.batch(start(i, batches, images), start(i + 1, batches, images));
        fractions.add((double) batch.size() / images);
        ofBatches.add(of(model, weights, batch));
      }
      return StatisticsPolicy.Averaging.TOTAL_VARIANCE.average(
          model.network().statistics(), fractions, ofBatches);
    }
  }

  /**
   * The first image of a batch. All but the last hold BATCH images; but where that would leave a
   * last one of a single image, which has no variance on a map of one pixel, all are about as
   * large.
   */
  private static int start(int batch, int batches, int images) {
    return images % BATCH == 1
        ? (int) ((long) batch * images / batches)
        : Math.min(batch * BATCH, images);
  }

  /**
   * Running statistics that start at 0 become those of the batch times the rate of the moving
   * average.
   */
  private static float[] of(Model model, float[] weights, Batch batch) {
    float[] moved = new float[model.network().statisticsCount()];
    float[] unused = new float[weights.length];
    model.gradient(weights, moved, batch, Pass.TRAINING, CrossEntropy.INSTANCE, unused);
    for (int i = 0; i < moved.length; i++) {
      moved[i] /= (float) Normaliser.RATE;
    }
    return moved;
  }
}
