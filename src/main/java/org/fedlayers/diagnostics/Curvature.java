package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.exception.MaxCountExceededException;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.Node;

/**
 * The curvature of the loss at some weights, from exact products with its {@link Hessian}:
 * eigenvalues by {@link Lanczos} iteration, the trace, and the adaptive sharpness.
 *
 * <pre>{@code
 * Curvature.of(new Hessian(network, model, sample, 4), new Randomness(0)).top(5)
 * }</pre>
 *
 * <p>Eigenvalues change when layers are rescaled although the function stays the same, and
 * regularisers of activations do rescale. Therefore the adaptive sharpness is reported beside them,
 * and the loss on the sample with every value.
 *
 * @param hessian of the mean cross-entropy on a sample
 * @param tolerance largest residual of an eigenvalue, relative to it
 * @param steps products to spend on eigenvalues, converged or not
 * @param probes products to spend on the trace
 * @param randomness of starts and probes
 */
public record Curvature(
    Hessian hessian, double tolerance, int steps, int probes, Randomness randomness) {

  /**
   * One line of {@code curvature.csv}.
   *
   * @param measure {@code eigenvalue}, {@code lowest}, {@code trace}, {@code layer}, {@code bound}
   *     or {@code adaptive}
   * @param index of the eigenvalue, or of the layer among kernel layers; from 0
   * @param layer its name, or {@code model}
   * @param value what was measured
   * @param error an eigenvalue's residual, that is how far the iteration has converged: rounding in
   *     the products, about 1e-6 of the largest eigenvalue, comes on top; of the trace its standard
   *     error; of a bound 0
   * @param products with the Hessian that it took
   * @param loss mean cross-entropy on the sample
   */
  public record Measured(
      String measure,
      int index,
      String layer,
      double value,
      double error,
      int products,
      double loss) {}

  private static final String MODEL = "model";

  /** Residuals of 1 %, at most 80 products; 20 probes. */
  public static Curvature of(Hessian hessian, Randomness randomness) {
    return new Curvature(hessian, 0.01, 80, 20, randomness);
  }

  /** The mean cross-entropy on the sample. */
  public double loss() {
    return hessian.loss();
  }

  /** The largest eigenvalues, descending. */
  public List<Measured> top(int count) {
    return eigenvalues(lanczos(hessian.whole(), count, false), count);
  }

  /** The largest eigenvalues, descending, and the lowest, in one iteration. */
  public List<Measured> extremes(int count) {
    Lanczos.Ritz ritz = lanczos(hessian.whole(), count, true);
    List<Measured> all = new ArrayList<>(eigenvalues(ritz, count));
    all.add(measured("lowest", 0, MODEL, ritz, ritz.lowest()));
    return all;
  }

  /** Eigenvalues of an operator; one NaN where they do not converge. */
  Lanczos.Ritz lanczos(SymmetricOperator operator, int count, boolean lowest) {
    try {
      return new Lanczos(operator, randomness).run(count, lowest, tolerance, steps);
    } catch (MaxCountExceededException e) { // The tridiagonal matrix's own do not.
      return Lanczos.Ritz.none();
    }
  }

  private List<Measured> eigenvalues(Lanczos.Ritz ritz, int count) {
    return IntStream.range(0, Math.min(count, ritz.steps()))
        .mapToObj(i -> measured("eigenvalue", i, MODEL, ritz, i))
        .toList();
  }

  private Measured measured(String measure, int index, String layer, Lanczos.Ritz ritz, int at) {
    return new Measured(
        measure, index, layer, ritz.values()[at], ritz.residuals()[at], ritz.steps(), loss());
  }

  /** The trace. */
  public Measured trace() {
    SymmetricOperator.Trace trace = hessian.whole().trace(probes, randomness);
    return new Measured("trace", 0, MODEL, trace.value(), trace.standardError(), probes, loss());
  }

  /** The largest eigenvalue of each kernel layer's own block, kernel and bias together. */
  public List<Measured> layers() {
    List<Measured> all = new ArrayList<>();
    for (Node node : hessian.network().kernelLayers()) {
      Lanczos.Ritz ritz = lanczos(hessian.block(node), 1, false);
      all.add(measured("layer", all.size(), node.name(), ritz, 0));
    }
    return all;
  }

  /**
   * The {@link LayerBound} on what {@link #layers()} measures; none where the network is not
   * piecewise linear.
   */
  public List<Measured> bounds() {
    List<Measured> all = new ArrayList<>();
    if (LayerBound.holdsFor(hessian.network())) {
      double[] bounds = hessian.layerBounds();
      for (Node node : hessian.network().kernelLayers()) {
        int index = all.size();
        all.add(new Measured("bound", index, node.name(), bounds[index], 0, 0, loss()));
      }
    }
    return all;
  }

  /**
   * Adaptive sharpness: the largest eigenvalue of D H D with D = diag(|w|), which no rescaling of
   * layers changes. At a minimum it is twice the limit of ASAM's sharpness over rho^2, the largest
   * rise of the loss for steps with ||D^-1 step|| at most rho (Kwon et al., 2021, arXiv
   * 2102.11600).
   */
  public Measured adaptive() {
    return measured("adaptive", 0, MODEL, lanczos(hessian.scaled(), 1, false), 0);
  }
}
