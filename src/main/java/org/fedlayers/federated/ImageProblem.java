package org.fedlayers.federated;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.fedlayers.data.Augmentation;
import org.fedlayers.data.Batch;
import org.fedlayers.data.BatchMaker;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * The problem of image classification: images partitioned among clients and a network to classify
 * them. The number of a client's step alone decides its mini-batch: the order of images in epoch e
 * is drawn for (client, e), and their augmentation too, so runs that divide the same steps into
 * other rounds see the same batches.
 */
public final class ImageProblem implements Problem {
  private static final int SCORE_BATCH = 250;

  private final DataSet data;
  private final int[][] split;
  private final int batchSize;
  private final BatchMaker training;
  private final BatchMaker test;
  private final int[] testOrder;
  private final Network network;
  private final Supplier<? extends Model> models;
  private final Randomness randomness;

  /**
   * @param split for each client the indices of its training images
   * @param batchSize images in a mini-batch; the last one of a pass may be smaller. A size beyond
   *     the largest client costs and does no more than one of its size
   * @param models makes one model of {@code network} for each worker
   */
  public ImageProblem(
      DataSet data,
      int[][] split,
      int batchSize,
      Augmentation augmentation,
      Network network,
      Supplier<? extends Model> models,
      Randomness randomness) {
    int largest = Stream.of(split).mapToInt(own -> own.length).max().orElse(1);
    this.data = data;
    this.split = split;
    this.batchSize = Math.min(batchSize, largest);
    this.training = BatchMaker.training(data, augmentation);
    this.test = BatchMaker.test(data);
    this.testOrder = IntStream.range(0, data.test().size()).toArray();
    this.network = network;
    this.models = models;
    this.randomness = randomness;
  }

  public DataSet data() {
    return data;
  }

  public Network network() {
    return network;
  }

  @Override
  public int clients() {
    return split.length;
  }

  @Override
  public int samples(int client) {
    return split[client].length;
  }

  @Override
  public int batchesPerEpoch(int client) {
    return (split[client].length + batchSize - 1) / batchSize;
  }

  @Override
  public int weightCount() {
    return network.weightCount();
  }

  @Override
  public List<Tensor> statistics() {
    return network.statistics();
  }

  @Override
  public List<Tensor> weights() {
    return network.weights();
  }

  @Override
  public int scorePieces() {
    return (testOrder.length + SCORE_BATCH - 1) / SCORE_BATCH;
  }

  /**
   * The predicted class of each test image: the one with the largest logit, the first of several.
   *
   * @return a class for each of the set's test images, in its order
   */
  public int[] predictions(Federation.ModelState at) {
    int[] predictions = new int[testOrder.length];
    try (ImageWorker worker = new ImageWorker()) {
      for (int i = 0; i < predictions.length; i++) {
        if (i % SCORE_BATCH == 0) {
          worker.evaluate(i / SCORE_BATCH, at.weights(), at.statistics());
        }
        predictions[i] = Score.best(worker.logits, i % SCORE_BATCH, network.classes());
      }
    }
    return predictions;
  }

  @Override
  public Worker newWorker() {
    return new ImageWorker();
  }

  /** A model with its buffers, and the order of the pass it is in. */
  private final class ImageWorker implements Worker {
    private final Model model = models.get();
    private final Batch batch = training.newBatch(batchSize);
    private final Batch scored = test.newBatch(SCORE_BATCH);
    private final float[] logits = new float[SCORE_BATCH * network.classes()];
    private int client = -1;
    private long epoch = -1;
    private int[] order;

    @Override
    public Objective batch(int of, long step, float[] statistics, Pass pass) {
      int batches = batchesPerEpoch(of);
      shuffle(of, step / batches);
      int from = (int) (step % batches) * batchSize;
      int to = Math.min(from + batchSize, order.length);
      training.fill(batch, order, from, to, randomness.key("augmentation", client, epoch));
      // What all passes see; a copy where the first would replace it.
      float[] normalising = pass.byRunning() ? statistics.clone() : statistics;
      return new Objective() {
        private double penalty;

        @Override
        public int samples() {
          return batch.size();
        }

        @Override
        public double gradient(
            float[] weights, LogitLoss loss, boolean keepStatistics, float[] gradient) {
          if (keepStatistics) {
            return model.gradient(weights, normalising, batch, pass.keeping(), loss, gradient);
          }
          System.arraycopy(normalising, 0, statistics, 0, statistics.length);
          double value = model.gradient(weights, statistics, batch, pass, loss, gradient);
          penalty = model.penalty();
          return value;
        }

        @Override
        public double penalty() {
          return penalty;
        }

        @Override
        public float[] logits(float[] weights, float[] evaluated) {
          float[] logits = new float[batch.size() * model.network().classes()];
          model.logits(weights, evaluated, batch, logits);
          return logits;
        }
      };
    }

    private void shuffle(int of, long pass) {
      if (of == client && pass == epoch) {
        return;
      }
      client = of;
      epoch = pass;
      order = split[client].clone();
      PermutationSampler.shuffle(randomness.of("order", client, epoch), order);
    }

    @Override
    public Score score(int piece, float[] weights, float[] statistics) {
      evaluate(piece, weights, statistics);
      return Score.of(logits, scored.labels(), scored.size(), network.classes());
    }

    private void evaluate(int piece, float[] weights, float[] statistics) {
      int from = piece * SCORE_BATCH;
      test.fill(scored, testOrder, from, Math.min(from + SCORE_BATCH, testOrder.length), 0);
      model.logits(weights, statistics, scored, logits);
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
