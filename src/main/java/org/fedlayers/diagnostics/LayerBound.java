package org.fedlayers.diagnostics;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.dual.DualPass;
import org.nd4j.linalg.api.ndarray.INDArray;

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
 */
final class LayerBound {
  private LayerBound() {}

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
   * ||A||^2 lambda_max(G) of one image, for each kernel layer.
   *
   * @param pass over as many copies of the image as there are classes
   */
  static double[] of(Network network, DualPass pass) {
    List<INDArray> jacobians = pass.gradientsOfLogits();
    RealMatrix root = root(pass.probabilities());
    List<Node> layers = network.kernelLayers();
    double[] bounds = new double[layers.size()];
    for (int i = 0; i < bounds.length; i++) {
      Node node = layers.get(i);
      Node source = network.node(node.inputs().get(0));
      double squares = patches(node, source.shape(), pass.output(source));
      bounds[i] = squares * largest(root, jacobians.get(node.index()));
    }
    return bounds;
  }

  /** F with F F' = diag(p) - p p': diag(q) (1 - q q') with q the roots of p. */
  private static RealMatrix root(double[] probabilities) {
    double[] q = Arrays.stream(probabilities).map(Math::sqrt).toArray();
    RealMatrix outer = new ArrayRealVector(q).outerProduct(new ArrayRealVector(q));
    return MatrixUtils.createRealDiagonalMatrix(q)
        .multiply(MatrixUtils.createRealIdentityMatrix(q.length).subtract(outer));
  }

  /** The largest eigenvalue of G, which F' J J' F shares. */
  private static double largest(RealMatrix root, INDArray gradients) {
    int classes = root.getRowDimension();
    INDArray jacobian = gradients.reshape('c', classes, gradients.length() / classes);
    RealMatrix products =
        new Array2DRowRealMatrix(jacobian.mmul(jacobian.transpose()).toDoubleMatrix());
    RealMatrix gram = products.add(products.transpose()).scalarMultiply(0.5);
    RealMatrix small = root.transpose().multiply(gram).multiply(root);
    if (!Double.isFinite(small.getNorm())) {
      return Double.NaN;
    }
    return Arrays.stream(new EigenDecomposition(small).getRealEigenvalues()).max().orElseThrow();
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
