package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.fedlayers.federated.ClientUpdate;
import org.fedlayers.federated.RoundListener;
import org.fedlayers.federated.RoundReport;
import org.fedlayers.federated.ServerState;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;

/**
 * Measures layerwise divergence in rounds of its choice. Layers are the network's kernel layers,
 * weights and bias together; normalisers' scale and shift are reported apart, their statistics not
 * at all.
 *
 * <p>Holds the updates of one round while it measures: K times the weights.
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

  private record Slice(Part part, int index, String name, List<Tensor> tensors) {}

  private final List<Slice> slices = new ArrayList<>();
  private final IntPredicate rounds;
  private final List<Measured> measured = new ArrayList<>();
  private final List<float[]> updates = new ArrayList<>();
  private final FeatureAlignment features;
  private ServerState start;

  /**
   * @param rounds whether to measure the given round, from 0
   */
  public DivergenceMeter(Network network, IntPredicate rounds) {
    this(network, rounds, null);
  }

  /**
   * @param features compares what clients' layers put out; null for no such comparison
   */
  public DivergenceMeter(Network network, IntPredicate rounds, FeatureAlignment features) {
    this.rounds = rounds;
    this.features = features;
    int kernels = 0;
    int affine = 0;
    for (Node node : network.nodes()) {
      List<Tensor> tensors = network.weightsOf(node.index());
      if (tensors.isEmpty()) {
        continue;
      }
      boolean kernel = tensors.get(0).role() == Tensor.Role.KERNEL;
      slices.add(
          new Slice(
              kernel ? Part.KERNEL : Part.AFFINE,
              kernel ? kernels++ : affine++,
              node.name(),
              tensors));
    }
  }

  /** Everything measured so far, in order of rounds and layers. */
  public List<Measured> measured() {
    return List.copyOf(measured);
  }

  @Override
  public void roundStarted(ServerState server) {
    start = server;
    updates.clear();
    if (features != null) {
      features.clear();
    }
  }

  @Override
  public void clientUpdated(ClientUpdate update) {
    if (rounds.test(start.round())) {
      updates.add(update.delta());
      if (features != null) {
        float[] weights = start.weights().clone();
        for (int i = 0; i < weights.length; i++) {
          weights[i] += update.delta()[i];
        }
        features.add(weights, update.statistics());
      }
    }
  }

  @Override
  public void roundEnded(ServerState server, RoundReport report) {
    if (!rounds.test(report.round())) {
      return;
    }
    List<Divergence> ofKernels = new ArrayList<>();
    double[] cka = new double[slices.size()];
    Arrays.fill(cka, Double.NaN);
    if (features != null) {
      cka = features.means();
    }
    for (Slice slice : slices) {
      Divergence divergence = measure(start.weights(), updates, slice.tensors());
      measured.add(
          new Measured(
              report.round(),
              slice.part(),
              slice.index(),
              slice.name(),
              divergence,
              slice.part() == Part.KERNEL ? cka[slice.index()] : Double.NaN));
      if (slice.part() == Part.KERNEL) {
        ofKernels.add(divergence);
      }
    }
    measured.add(
        new Measured(
            report.round(),
            Part.MODEL,
            -1,
            "model",
            mean(ofKernels),
            Arrays.stream(cka).average().orElseThrow()));
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
    double[] apart = new double[clients];
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
          apart[k] += (own - mean) * (own - mean);
          moved[k] += own * own;
          for (int other = 0; other < k; other++) {
            products[k][other] += own * updates.get(other)[i];
          }
        }
      }
    }
    double absolute = 0;
    double apartSquares = 0;
    double movedSquares = 0;
    double cosines = 0;
    for (int k = 0; k < clients; k++) {
      absolute += Math.sqrt(apart[k]) / clients;
      apartSquares += apart[k];
      movedSquares += moved[k];
      for (int other = 0; other < k; other++) {
        cosines += products[k][other] / Math.sqrt(moved[k] * moved[other]);
      }
    }
    return new Divergence(
        absolute,
        Divergence.share(absolute, Math.sqrt(meanSquare)),
        Math.sqrt(apartSquares / movedSquares),
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
