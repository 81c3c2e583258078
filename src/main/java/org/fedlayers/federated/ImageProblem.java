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
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Tensor;

/**
 * Images dealt out to clients and a network to classify them. A client's step number alone decides
 * its mini-batch: pass e over its images goes in an order drawn for (client, e), augmented by draws
 * counted from there, so runs that cut the same steps into other rounds see the same batches.
 */
public final class ImageProblem implements Problem {
  private static final int SCORE_BATCH = 250;

  private final DataSet data;
  private final int[][] deal;
  private final int batchSize;
  private final BatchMaker training;
  private final BatchMaker test;
  private final int[] testOrder;
  private final Network network;
  private final Supplier<? extends Model> models;
  private final Randomness randomness;

  /**
   * @param deal for each client the indices of its training images
   * @param batchSize images in a mini-batch; the last one of a pass may be smaller. A size beyond
   *     the largest client costs and does no more than one of its size
   * @param models makes one model of {@code network} for each worker
   */
  public ImageProblem(
      DataSet data,
      int[][] deal,
      int batchSize,
      Augmentation augmentation,
      Network network,
      Supplier<? extends Model> models,
      Randomness randomness) {
    int largest = Stream.of(deal).mapToInt(own -> own.length).max().orElse(1);
    this.data = data;
    this.deal = deal;
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
    return deal.length;
  }

  @Override
  public int samples(int client) {
    return deal[client].length;
  }

  @Override
  public int batchesPerEpoch(int client) {
    return (deal[client].length + batchSize - 1) / batchSize;
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
   * What a model takes each test image for: the class with the largest logit, the first of several.
   *
   * @return a class for each of the set's test images, in its order
   */
  public int[] predictions(Federation.Scored at) {
    int[] predictions = new int[testOrder.length];
    Batch images = test.newBatch(SCORE_BATCH);
    float[] logits = new float[SCORE_BATCH * network.classes()];
    try (Model model = models.get()) {
      for (int from = 0; from < predictions.length; from += SCORE_BATCH) {
        test.fill(images, testOrder, from, Math.min(from + SCORE_BATCH, predictions.length));
        model.logits(at.weights(), at.statistics(), images, logits);
        for (int i = 0; i < images.size(); i++) {
          predictions[from + i] = Score.best(logits, i, network.classes());
        }
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
        public double gradient(float[] weights, float[] gradient) {
          return gradient(weights, CrossEntropy.INSTANCE, gradient);
        }

        @Override
        public double gradient(float[] weights, LogitLoss loss, float[] gradient) {
          Vectors.copy(normalising, statistics);
          double value = model.gradient(weights, statistics, batch, pass, loss, gradient);
          penalty = model.penalty();
          return value;
        }

        @Override
        public double penalty() {
          return penalty;
        }

        @Override
        public double gradientKeepingStatistics(float[] weights, float[] gradient) {
          LogitLoss loss = CrossEntropy.INSTANCE;
          return model.gradient(weights, normalising, batch, pass.keeping(), loss, gradient);
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
      int[] own = deal[client];
      int[] places = PermutationSampler.natural(own.length);
      PermutationSampler.shuffle(randomness.of("order", client, epoch), places);
      order = new int[own.length];
      for (int i = 0; i < order.length; i++) {
        order[i] = own[places[i]];
      }
    }

    @Override
    public Score score(int piece, float[] weights, float[] statistics) {
      int from = piece * SCORE_BATCH;
      int to = Math.min(from + SCORE_BATCH, testOrder.length);
      test.fill(scored, testOrder, from, to);
      model.logits(weights, statistics, scored, logits);
      return Score.of(logits, scored.labels(), to - from, network.classes());
    }

    @Override
    public void close() {
      model.close();
    }
  }
}
