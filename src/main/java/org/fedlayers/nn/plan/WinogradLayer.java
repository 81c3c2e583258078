package org.fedlayers.nn.plan;

import static org.fedlayers.nn.plan.StepKind.CONVOLUTION_BACKWARD_DATA;
import static org.fedlayers.nn.plan.StepKind.CONVOLUTION_BACKWARD_WEIGHTS;
import static org.fedlayers.nn.plan.StepKind.CONVOLUTION_FORWARD;

import java.util.List;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor.Role;
import org.fedlayers.nn.plan.Tiling.PixelAction;

/**
 * Convolution by {@link Winograd}'s algorithm, with the ReLU that follows it if any. Band by band,
 * images become transformed tiles, these are multiplied by the transformed kernels, and the
 * products become images; the backward pass is the transpose of each of these steps. It transforms
 * the source again: that takes less time than bringing its tiles from memory would.
 */
final class WinogradLayer extends PlanLayer {
  private final boolean bias;
  private final BiasRows biasRows;
  private final memory.desc biasLayout;
  private final TransformedKernels kernels;
  private final Bands bands;
  private final TileProducts products;
  private final Tiling sourceTiling;
  private final Tiling resultTiling;
  private final Buffer source;

  /**
   * @param input behind which there are weights
   */
  WinogradLayer(Assembly assembly, Node node, Layer.Convolution layer, Value input, boolean relu) {
    super(assembly, node, input, relu);
    bias = layer.bias();
    biasLayout = Layouts.plain(layer.channels());
    Winograd winograd = new Winograd(layer.kernel());
    Shape from = input.shape;
    Shape to = node.shape();
    bands = Bands.of(winograd.tiles(to.height()), winograd.tiles(to.width()), assembly.size());
    PixelRows rows = assembly.rows(assembly.layouts.block(to));
    PixelRows fromRows = assembly.rows(assembly.layouts.block(from));
    sourceTiling = Tiling.ofSource(winograd, from, fromRows, bands, layer.padding());
    resultTiling = Tiling.ofResult(winograd, to, rows, bands);
    kernels = new TransformedKernels(assembly, node, layer.channels(), from.channels(), winograd);
    products =
        new TileProducts(assembly, node.name(), from.channels(), layer.channels(), bands.tiles());
    biasRows = new BiasRows(assembly.layouts.blocks(to), rows);
    source = byPixel(input.image(), from);
    output = image(byImage(forward(), to), true);
  }

  private Buffer forward() {
    Buffer sources = products.sources();
    Buffer results = products.results();
    Buffer result = assembly.buffer(assembly.layouts.byPixel(assembly.size(), node.shape()));
    if (bias) {
      Buffer values = assembly.weights(node, Role.BIAS, biasLayout);
      assembly.step(
          CONVOLUTION_FORWARD, name("bias"), call -> biasRows.repeat(values.floats()), values);
    }
    Buffer transformed = kernels.of(CONVOLUTION_FORWARD, products.kernels);
    List<Primitive> multiply = products.forward(sources, transformed, results);
    for (int i = 0; i < bands.count(); i++) {
      int band = i;
      splitSource(CONVOLUTION_FORWARD, band, sources);
      assembly.step(CONVOLUTION_FORWARD, multiply);
      assembly.step(
          CONVOLUTION_FORWARD,
          name("result from tiles"),
          call -> resultTiling.merge(band, results.floats(), result.floats(), this::finish),
          results,
          result);
    }
    return result;
  }

  private void splitSource(StepKind kind, int band, Buffer tiles) {
    assembly.step(
        kind,
        name("source to tiles"),
        call -> sourceTiling.split(band, source.floats(), tiles.floats(), PixelAction.NONE),
        source,
        tiles);
  }

  private void finish(int block, float[] row, int length) {
    if (bias) {
      biasRows.addTo(block, row, length);
    }
    if (relu) {
      for (int i = 0; i < length; i++) {
        row[i] = Math.max(row[i], 0);
      }
    }
  }

  @Override
  void backward() {
    backThroughRelu();
    Buffer gradient = byPixel(output.gradientImage(), node.shape());
    Buffer gradients = products.results();
    Buffer sources = products.sources();
    Buffer sum = assembly.buffer(products.kernels);
    Buffer part = assembly.buffer(products.kernels);
    List<Primitive> multiplyFirst = products.backwardWeights(sources, gradients, sum);
    List<Primitive> multiplyMore = products.backwardWeights(sources, gradients, part);
    Buffer inputGradients = products.sources();
    Buffer transposed = kernels.of(CONVOLUTION_BACKWARD_DATA, products.transposedKernels);
    List<Primitive> multiplyBack = products.backwardData(gradients, transposed, inputGradients);
    Buffer inputGradient = assembly.buffer(assembly.layouts.byPixel(assembly.size(), input.shape));
    if (bias) {
      assembly.step(
          CONVOLUTION_BACKWARD_WEIGHTS, name("bias gradient, cleared"), call -> biasRows.clear());
    }
    PixelAction addBias = bias ? biasRows::add : PixelAction.NONE;
    for (int i = 0; i < bands.count(); i++) {
      int band = i;
      assembly.step(
          CONVOLUTION_BACKWARD_DATA,
          name("output gradient to tiles"),
          call -> resultTiling.split(band, gradient.floats(), gradients.floats(), addBias),
          gradient,
          gradients);
      splitSource(CONVOLUTION_BACKWARD_WEIGHTS, band, sources);
      assembly.step(CONVOLUTION_BACKWARD_WEIGHTS, band == 0 ? multiplyFirst : multiplyMore);
      if (band > 0) {
        assembly.add(name("sum of kernel gradients"), part, sum, sum, false);
      }
      assembly.step(CONVOLUTION_BACKWARD_DATA, multiplyBack);
      assembly.step(
          CONVOLUTION_BACKWARD_DATA,
          name("input gradient from tiles"),
          call ->
              sourceTiling.merge(
                  band, inputGradients.floats(), inputGradient.floats(), PixelAction.NONE),
          inputGradients,
          inputGradient);
    }
    if (bias) {
      Buffer biasGradient = assembly.gradient(node, Role.BIAS, biasLayout);
      assembly.step(
          CONVOLUTION_BACKWARD_WEIGHTS,
          name("bias gradient"),
          call -> biasRows.sums(biasGradient.floats()),
          biasGradient);
    }
    kernels.gradient(sum);
    input.contributeImage(byImage(inputGradient, input.shape), false);
  }

  /** From the layout between layers to that of a tiling. */
  private Buffer byPixel(Buffer image, Shape shape) {
    Layouts layouts = assembly.layouts;
    Buffer plain = assembly.view(image, layouts.byImage(assembly.size(), shape));
    return assembly.in(layouts.byPixel(assembly.size(), shape), plain, name("by pixel"));
  }

  /** From the layout of a tiling to that between layers. */
  private Buffer byImage(Buffer pixels, Shape shape) {
    Layouts layouts = assembly.layouts;
    Buffer plain = assembly.in(layouts.byImage(assembly.size(), shape), pixels, name("by image"));
    return assembly.view(plain, layouts.image(assembly.size(), shape));
  }
}
