package org.fedlayers.diagnostics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.exception.MaxCountExceededException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.SingularValueDecomposition;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.dual.DualPass;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * An upper bound on the largest Hessian eigenvalue of one layer, which explains why small
 * activations should give flat minima (arXiv 2512.08314, its theory as we understand it). If the
 * network above layer l is piecewise linear, the diagonal block of one image's Hessian for the
 * layer's weights is A' G A, with A the input patches of the layer, G = J' (diag(p) - p p') J, p
 * the predicted probabilities and J the derivative of the logits with respect to the layer's
 * output. So over a sample
 *
 * <pre>
 * lambda_max(H_l) <= mean over images of ||A||^2 lambda_max(G)
 * </pre>
 *
 * with ||A||^2 the sum of squares of all patches, each with a 1 where the layer has a bias. For one
 * image and a dense layer both sides are equal.
 *
 * <p>One of these is of one image. Row c of J comes from a copy of the image of its own, and the
 * copies come in as many passes as they need.
 */
final class LayerBound implements AutoCloseable {
  private final Network network;
  private final List<Node> layers;

  /** ||A||^2 of each layer. */
  private final double[] squares;

  /** Of each layer, [classes, values]. */
  private final List<INDArray> jacobians = new ArrayList<>();

  /** F with F F' = diag(p) - p p'. */
  private RealMatrix root;

  LayerBound(Network network) {
    this.network = network;
    this.layers = network.kernelLayers();
    this.squares = new double[layers.size()];
  }

  /** Whether the bound holds: in evaluation mode batch normalisation is affine, others are not. */
  static boolean holdsFor(Network network) {
    return network.nodes().stream().map(Node::layer).allMatch(LayerBound::piecewiseLinear);
  }

  private static boolean piecewiseLinear(Layer layer) {
    if (layer instanceof Layer.Activate activate) {
      return activate.function() == Layer.Function.RELU;
    }
    return !(layer instanceof Layer.Normalise normalise)
        || normalise.normaliser().kind() == Normaliser.Kind.BATCH;
  }

  /**
   * Takes the next copies of the image, one for each class over all passes.
   *
   * @param before how many came in earlier passes
   */
  void add(DualPass pass, int before) {
    if (before == 0) {
      root = root(pass.probabilities());
    }
    List<INDArray> gradients = pass.gradientsOfLogits(before);
    for (int i = 0; i < squares.length; i++) {
      Node node = layers.get(i);
      INDArray maps = gradients.get(node.index());
      INDArray rows = maps.reshape('c', maps.size(0), node.shape().size());
      if (before == 0) {
        Node source = network.node(node.inputs().get(0));
        squares[i] = patches(node, source.shape(), pass.output(source));
        jacobians.add(
            Nd4j.createUninitializedDetached(
                rows.dataType(), 'c', network.classes(), rows.size(1)));
      }
      var copies = NDArrayIndex.interval(before, before + rows.size(0));
      jacobians.get(i).get(copies, NDArrayIndex.all()).assign(rows);
    }
  }

  /** ||A||^2 lambda_max(G) of each kernel layer, once all copies have come. */
  double[] values() {
    return IntStream.range(0, squares.length)
        .mapToDouble(i -> squares[i] * largest(jacobians.get(i)))
        .toArray();
  }

  /** Frees native memory. */
  @Override
  public void close() {
    jacobians.forEach(INDArray::close);
  }

  /** diag(q) (1 - q q') with q the roots of p. */
  static RealMatrix root(double[] probabilities) {
    double[] q = Arrays.stream(probabilities).map(Math::sqrt).toArray();
    RealMatrix outer = new ArrayRealVector(q).outerProduct(new ArrayRealVector(q));
    return MatrixUtils.createRealDiagonalMatrix(q)
        .multiply(MatrixUtils.createRealIdentityMatrix(q.length).subtract(outer));
  }

  /** The largest eigenvalue of G, which F' J J' F shares. */
  private double largest(INDArray jacobian) {
    RealMatrix gram =
        symmetric(new Array2DRowRealMatrix(jacobian.mmul(jacobian.transpose()).toDoubleMatrix()));
    return largest(root.transpose().multiply(gram).multiply(root));
  }

  /** The largest eigenvalue of a positive semidefinite matrix; NaN if it is not finite. */
  static double largest(RealMatrix matrix) {
    RealMatrix symmetric = symmetric(matrix);
    if (!Double.isFinite(symmetric.getNorm())) {
      return Double.NaN;
    }
    try {
      double[] eigenvalues = new EigenDecomposition(symmetric).getRealEigenvalues();
      return Arrays.stream(eigenvalues).max().orElseThrow();
    } catch (MaxCountExceededException e) {
      // Its iteration may give up at a hundred classes; that for singular values has no limit.
      return new SingularValueDecomposition(symmetric).getNorm();
    }
  }

  /** Without what rounding adds, at which the decomposition of a small matrix would fail. */
  private static RealMatrix symmetric(RealMatrix matrix) {
    return matrix.add(matrix.transpose()).scalarMultiply(0.5);
  }

  /**
   * ||A||^2 of the first image.
   *
   * @param images as they come in
   */
  private static double patches(Node node, Shape shape, double[] images) {
    if (!(node.layer() instanceof Layer.Convolution layer)) {
      double square = squares(images, 1, shape.size())[0];
      return square + (((Layer.Dense) node.layer()).bias() ? 1 : 0);
    }
    int width = shape.width();
    double[] squares = squares(images, shape.height() * width, shape.channels());
    double sum = layer.bias() ? node.shape().pixels() : 0;
    for (int y = 0; y < node.shape().height(); y++) {
      for (int x = 0; x < node.shape().width(); x++) {
        for (int tap = 0; tap < layer.kernel() * layer.kernel(); tap++) {
          int row = y * layer.stride() - layer.padding() + tap / layer.kernel() * layer.dilation();
          int column =
              x * layer.stride() - layer.padding() + tap % layer.kernel() * layer.dilation();
          if (row >= 0 && row < shape.height() && column >= 0 && column < width) {
            sum += squares[row * width + column];
          }
        }
      }
    }
    return sum;
  }

  /** Of the first image, at each pixel, over channels. */
  private static double[] squares(double[] images, int pixels, int channels) {
    double[] squares = new double[pixels];
    for (int i = 0; i < pixels * channels; i++) {
      squares[i % pixels] += images[i] * images[i];
    }
    return squares;
  }
}
