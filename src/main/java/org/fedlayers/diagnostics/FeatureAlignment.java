package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.fedlayers.federated.Federation;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.options.UserError;

/**
 * Similarity of the features of several models: linear centred kernel alignment (Kornblith et al.,
 * ICML 2019, arXiv 1905.00414) of each kernel layer's output before any normaliser, as the mean
 * over all pairs of models. It is 1 for features that are equal up to rotation and scale, and about
 * 0 for unrelated ones. The HSIC is the unbiased estimate, summed over chunks of images (Nguyen et
 * al., ICLR 2021, arXiv 2010.15327); with the biased one, wide layers look similar for their width
 * alone.
 *
 * <p>Models come one by one. The centred Gram matrices of a model's layer are a vector, and CKA is
 * the cosine between two of these, so the mean over pairs follows from the sum of unit vectors:
 * this holds images * CHUNK numbers a layer, however many models there are. A model costs a forward
 * pass of the sample, and about CHUNK/2 multiplications for each value of a layer's output.
 */
public final class FeatureAlignment {
  /** Images whose features are compared with each other. */
  private static final int CHUNK = 50;

  /** An unbiased HSIC takes four. */
  private static final int FEWEST = 4;

  private final Network network;
  private final ImageSample sample;
  private final int threads;
  private final List<double[]> sums = new ArrayList<>();
  private int models;

  /**
   * @param sample at least 4 images; up to 3 left over by chunks of 50 do not count
   * @param threads to compute on, at least 1; the result does not depend on it
   * @throws UserError if there are fewer
   */
  public FeatureAlignment(Network network, ImageSample sample, int threads) {
    check(sample.size());
    this.network = network;
    this.sample = sample;
    this.threads = threads;
    network.kernelLayers().forEach(layer -> sums.add(new double[sample.size() * CHUNK]));
  }

  /**
   * @throws UserError if there are too few images
   */
  public static void check(int images) {
    if (images < FEWEST) {
      throw new UserError(
          "cka compares features of at least %d images, and there are %d"
              .formatted(FEWEST, images));
    }
  }

  /** One more model. Normalisers are in evaluation mode. */
  public void add(Federation.ModelState model) {
    List<Node> layers = network.kernelLayers();
    List<List<double[]>> grams = new ArrayList<>();
    layers.forEach(layer -> grams.add(new ArrayList<>()));
    new Hessian(network, model, sample, threads)
        .outputs(
            CHUNK,
            layers,
            features ->
                IntStream.range(0, layers.size())
                    .mapToObj(i -> gram(layers.get(i), features.get(i)))
                    .toList(),
            part -> {
              for (int i = 0; i < part.size(); i++) {
                grams.get(i).add(part.get(i));
              }
            });
    models++;
    for (int i = 0; i < grams.size(); i++) {
      addUnit(grams.get(i), sums.get(i));
    }
  }

  /** For each kernel layer from the input to the output; NaN for fewer than two models. */
  public double[] means() {
    double pairs = models > 1 ? models * (models - 1.0) : Double.NaN;
    return sums.stream()
        .mapToDouble(sum -> (SymmetricOperator.square(sum) - models) / pairs)
        .toArray();
  }

  private static void addUnit(List<double[]> chunks, double[] sum) {
    double norm = Math.sqrt(chunks.stream().mapToDouble(SymmetricOperator::square).sum());
    int at = 0;
    for (double[] chunk : chunks) {
      for (double value : chunk) {
        sum[at++] += value / norm;
      }
    }
  }

  /**
   * The products of images' features without the diagonal, every row and column of mean zero
   * (U-centred); nothing for too few images.
   */
  private static double[] gram(Node layer, double[] features) {
    int n = features.length / layer.shape().size();
    if (n < FEWEST) {
      return new double[0];
    }
    double[][] centred = centred(features, n);
    double[] gram = new double[n * n];
    double[] rows = new double[n];
    double all = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < i; j++) {
        double product = SymmetricOperator.dot(centred[i], centred[j]);
        gram[i * n + j] = product;
        gram[j * n + i] = product;
        rows[i] += product;
        rows[j] += product;
        all += 2 * product;
      }
    }
    double middle = all / ((n - 1.0) * (n - 2));
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        gram[i * n + j] = i == j ? 0 : gram[i * n + j] - (rows[i] + rows[j]) / (n - 2) + middle;
      }
    }
    return gram;
  }

  /** Each image's features minus their mean: the same in theory, and fewer digits lost. */
  private static double[][] centred(double[] features, int n) {
    int length = features.length / n;
    double[][] centred = new double[n][length];
    for (int k = 0; k < length; k++) {
      double mean = 0;
      for (int i = 0; i < n; i++) {
        mean += features[i * length + k] / n;
      }
      for (int i = 0; i < n; i++) {
        centred[i][k] = features[i * length + k] - mean;
      }
    }
    return centred;
  }
}
