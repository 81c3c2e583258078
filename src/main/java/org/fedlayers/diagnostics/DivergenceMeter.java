package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.fedlayers.federated.ClientUpdate;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.RoundListener;
import org.fedlayers.federated.RoundReport;
import org.fedlayers.federated.ServerState;
import org.fedlayers.federated.Vectors;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;
import org.fedlayers.options.UserError;

/**
 * Measures layerwise divergence in rounds of its choice. Layers are the network's kernel layers,
 * weights and bias together; the scale and shift of normalisers have lines of their own, and their
 * statistics are left out.
 *
 * <p>It holds the updates of one round while it measures: K times the weights.
 */
public final class DivergenceMeter implements RoundListener {

  /** Where a measurement was taken. */
  public enum Part {
    /** Kernel and bias of a layer. */
    KERNEL,
    /** Scale and shift (and mix) of a normaliser. */
    AFFINE,
    /** The mean over all kernel layers. */
    MODEL
  }

  /**
   * One line of {@code layers.csv}.
   *
   * @param round from 0
   * @param index of the layer among those of its part, from the input; -1 for the model
   * @param layer its name
   * @param cka see {@link FeatureAlignment}; NaN for normalisers, or where it is not measured
   */
  public record Measured(
      int round, Part part, int index, String layer, Divergence divergence, double cka) {}

  private final Network network;
  private final IntPredicate rounds;
  private final ImageSample seen;
  private final int threads;
  private final List<Measured> measured = new ArrayList<>();
  private final List<float[]> updates = new ArrayList<>();
  private ServerState start;
  private FeatureAlignment features;

  /**
   * @param rounds whether to measure the given round, from 0
   * @param seen images whose features in the clients' layers are compared; null for no such
   *     comparison
   * @param threads to compute features on, at least 1; the result does not depend on it
   * @throws UserError if there are too few images
   */
  public DivergenceMeter(Network network, IntPredicate rounds, ImageSample seen, int threads) {
    this.network = network;
    this.rounds = rounds;
    this.seen = seen;
    this.threads = threads;
    features = alignment();
  }

  /** What was measured since this was last asked, in order of rounds and layers. */
  public List<Measured> take() {
    List<Measured> taken = List.copyOf(measured);
    measured.clear();
    return taken;
  }

  @Override
  public void roundStarted(ServerState server) {
    start = server;
    updates.clear();
    features = alignment();
  }

  private FeatureAlignment alignment() {
    return seen == null ? null : new FeatureAlignment(network, seen, threads);
  }

  @Override
  public void clientUpdated(ClientUpdate update) {
    if (rounds.test(start.round())) {
      updates.add(update.delta());
      if (features != null) {
        float[] weights = start.weights().clone();
        Vectors.axpy(1, update.delta(), weights);
        features.add(new Federation.ModelState(weights, update.statistics()));
      }
    }
  }

  @Override
  public void roundEnded(ServerState server, RoundReport report) {
    if (!rounds.test(report.round())) {
      return;
    }
    int round = report.round();
    double[] cka =
        features == null
            ? network.kernelLayers().stream().mapToDouble(layer -> Double.NaN).toArray()
            : features.means();
    List<Divergence> ofKernels = new ArrayList<>();
    int normalisers = 0;
    for (Node node : network.nodes()) {
      List<Tensor> tensors = network.weightsOf(node.index());
      if (tensors.isEmpty()) {
        continue;
      }
      Divergence divergence = measure(start.weights(), updates, tensors);
      if (tensors.get(0).role() == Tensor.Role.KERNEL) {
        int index = ofKernels.size();
        measured.add(new Measured(round, Part.KERNEL, index, node.name(), divergence, cka[index]));
        ofKernels.add(divergence);
      } else {
        measured.add(
            new Measured(round, Part.AFFINE, normalisers++, node.name(), divergence, Double.NaN));
      }
    }
    double meanCka = Arrays.stream(cka).average().orElseThrow();
    measured.add(new Measured(round, Part.MODEL, -1, "model", mean(ofKernels), meanCka));
    updates.clear();
  }

  /**
   * The divergence of K clients over the given tensors.
   *
   * @param start the weights that the round started from
   * @param updates what each client added to them; at least one
   */
  public static Divergence measure(float[] start, List<float[]> updates, List<Tensor> tensors) {
    int clients = updates.size();
    double meanSquare = 0;
    long weights = 0;
    double[] distances = new double[clients];
    double[] moved = new double[clients];
    double[][] products = new double[clients][clients];
    for (Tensor tensor : tensors) {
      weights += tensor.size();
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        double mean = 0;
        for (float[] update : updates) {
          mean += update[i];
        }
        mean /= clients;
        meanSquare += (start[i] + mean) * (start[i] + mean);
        for (int k = 0; k < clients; k++) {
          double own = updates.get(k)[i];
          distances[k] += (own - mean) * (own - mean);
          moved[k] += own * own;
          for (int other = 0; other < k; other++) {
            products[k][other] += own * updates.get(other)[i];
          }
        }
      }
    }
    double absolute = 0;
    double distanceSquares = 0;
    double movedSquares = 0;
    double cosines = 0;
    for (int k = 0; k < clients; k++) {
      absolute += Math.sqrt(distances[k]) / clients;
      distanceSquares += distances[k];
      movedSquares += moved[k];
      for (int other = 0; other < k; other++) {
        cosines += products[k][other] / Math.sqrt(moved[k] * moved[other]);
      }
    }
    return new Divergence(
        absolute,
        Divergence.ratio(absolute, Math.sqrt(meanSquare)),
        Math.sqrt(distanceSquares / movedSquares),
        1 - cosines / (clients * (clients - 1) / 2.0),
        absolute / Math.sqrt(weights));
  }

  private static Divergence mean(List<Divergence> all) {
    return new Divergence(
        all.stream().mapToDouble(Divergence::absolute).average().orElseThrow(),
        all.stream().mapToDouble(Divergence::relative).average().orElseThrow(),
        all.stream().mapToDouble(Divergence::update).average().orElseThrow(),
        all.stream().mapToDouble(Divergence::cosine).average().orElseThrow(),
        all.stream().mapToDouble(Divergence::perWeight).average().orElseThrow());
  }
}
