package org.fedlayers.nn.plan;

import static org.fedlayers.nn.plan.StepKind.CONVOLUTION_BACKWARD_DATA;
import static org.fedlayers.nn.plan.StepKind.CONVOLUTION_BACKWARD_WEIGHTS;
import static org.fedlayers.nn.plan.StepKind.CONVOLUTION_FORWARD;

import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;

/**
 * Convolution by {@link Winograd}'s algorithm, with the ReLU that follows it if any. Band by band,
 * images become points, points are multiplied by those of the kernel, and products become images;
 * the way back is the transpose of each of these steps. Points are computed again on the way back:
 * that takes less time than bringing them from memory would.
 */
final class WinogradLayer extends PlanLayer {
  private final Tensor bias;
  private final BiasRows biasRows;
  private final WindowPoints windows;
  private final Bands bands;
  private final PointProducts products;
  private final Tiling sourceTiling;
  private final Tiling resultTiling;
  private Region source;

  /**
   * @param input behind which there are weights
   */
  WinogradLayer(Assembly assembly, Node node, Value input, boolean relu) {
    super(assembly, node, input, relu);
    List<Tensor> tensors = assembly.weightsOf(node);
    bias = tensors.size() > 1 ? tensors.get(1) : null;
    var layer = (Layer.Convolution) node.layer();
    Winograd winograd = Winograd.of(layer);
    int pitch = winograd.outputs();
    int down = winograd.tiles(node.shape().height());
    bands = Bands.of(down, winograd.tiles(node.shape().width()), assembly.size());
    sourceTiling = tiling(input.shape(), layer.padding(), Winograd.SIDE, pitch);
    resultTiling = tiling(node.shape(), 0, pitch, pitch);
    int channels = node.shape().channels();
    int inputChannels = input.shape().channels();
    windows = new WindowPoints(assembly, tensors.get(0), channels, inputChannels, winograd);
    products = new PointProducts(assembly, node.name(), inputChannels, channels, bands.tiles());
    biasRows = new BiasRows(channels, assembly.layouts().blocks(node.shape()), rows(node.shape()));
  }

  private Tiling tiling(Shape shape, int margin, int side, int pitch) {
    int blocks = assembly.layouts().blocks(shape);
    return new Tiling(shape, blocks, assembly.size(), rows(shape), bands, margin, side, pitch);
  }

  private PixelRows rows(Shape shape) {
    return assembly.rows(assembly.layouts().block(shape));
  }

  @Override
  Value forward() {
    source = byPixel(VectorImages.of(assembly, input), input.shape());
    Region sources = products.sources();
    Region results = products.results();
    Region result = assembly.region(assembly.layouts().byPixel(assembly.size(), node.shape()));
    takeBias();
    Region kernels = windows.toPoints(CONVOLUTION_FORWARD, products.kernels());
    List<Primitive> multiply = products.forward(sources, kernels, results);
    for (int i = 0; i < bands.count(); i++) {
      int band = i;
      cutSource(CONVOLUTION_FORWARD, band, sources);
      assembly.step(CONVOLUTION_FORWARD, multiply);
      assembly.step(
          CONVOLUTION_FORWARD,
          name("points to result"),
          call ->
              resultTiling.join(
                  band,
                  results.floats(),
                  LineTransform::pointsToResults,
                  result.floats(),
                  this::finish),
          results,
          result);
    }
    output = VectorImages.value(assembly, node, byImage(result, node.shape()), true);
    return output;
  }

  private void takeBias() {
    if (bias != null) {
      Region values = assembly.weights(bias, Layouts.plain(node.shape().channels()));
      assembly.step(
          CONVOLUTION_FORWARD, name("bias"), call -> biasRows.take(values.floats()), values);
    }
  }

  private void cutSource(StepKind kind, int band, Region sources) {
    assembly.step(
        kind,
        name("source to points"),
        call ->
            sourceTiling.cut(
                band,
                source.floats(),
                LineTransform::pixelsToPoints,
                sources.floats(),
                Tiling.PixelAction.NONE),
        source,
        sources);
  }

  private void finish(int block, float[] row, int length) {
    if (bias != null) {
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
    Region slope = byPixel(VectorImages.gradient(assembly, output), node.shape());
    Region slopes = products.results();
    Region sources = products.sources();
    Region sum = assembly.region(products.kernels());
    Region part = assembly.region(products.kernels());
    List<Primitive> multiplyFirst = products.backwardWeights(sources, slopes, sum);
    List<Primitive> multiplyMore = products.backwardWeights(sources, slopes, part);
    Region sourceSlopes = products.sources();
    Region turned = windows.toPoints(CONVOLUTION_BACKWARD_DATA, products.turnedKernels());
    List<Primitive> multiplyBack = products.backwardData(slopes, turned, sourceSlopes);
    Region sourceSlope =
        assembly.region(assembly.layouts().byPixel(assembly.size(), input.shape()));
    clearBias();
    for (int band = 0; band < bands.count(); band++) {
      cutSlope(band, slope, slopes);
      cutSource(CONVOLUTION_BACKWARD_WEIGHTS, band, sources);
      assembly.step(CONVOLUTION_BACKWARD_WEIGHTS, band == 0 ? multiplyFirst : multiplyMore);
      if (band > 0) {
        assembly.add(name("sum of kernel gradients"), part, sum, sum, false);
      }
      assembly.step(CONVOLUTION_BACKWARD_DATA, multiplyBack);
      joinSourceSlope(band, sourceSlopes, sourceSlope);
    }
    giveBiasGradient();
    windows.giveGradient(sum);
    VectorImages.contribute(assembly, input, byImage(sourceSlope, input.shape()));
  }

  private void cutSlope(int band, Region slope, Region slopes) {
    Tiling.PixelAction also = bias == null ? Tiling.PixelAction.NONE : biasRows::add;
    assembly.step(
        CONVOLUTION_BACKWARD_DATA,
        name("slope to points"),
        call ->
            resultTiling.cut(
                band, slope.floats(), LineTransform::resultsToPoints, slopes.floats(), also),
        slope,
        slopes);
  }

  private void joinSourceSlope(int band, Region sourceSlopes, Region sourceSlope) {
    assembly.step(
        CONVOLUTION_BACKWARD_DATA,
        name("points to slope of source"),
        call ->
            sourceTiling.join(
                band,
                sourceSlopes.floats(),
                LineTransform::pointsToPixels,
                sourceSlope.floats(),
                Tiling.PixelAction.NONE),
        sourceSlopes,
        sourceSlope);
  }

  private void clearBias() {
    if (bias != null) {
      assembly.step(
          CONVOLUTION_BACKWARD_WEIGHTS, name("bias gradient, cleared"), call -> biasRows.clear());
    }
  }

  private void giveBiasGradient() {
    if (bias != null) {
      Region gradient = assembly.gradient(bias, Layouts.plain(node.shape().channels()));
      assembly.step(
          CONVOLUTION_BACKWARD_WEIGHTS,
          name("bias gradient"),
          call -> biasRows.give(gradient.floats()),
          gradient);
    }
  }

  /** From the layout between layers to that of a tiling. */
  private Region byPixel(Region image, Shape shape) {
    Layouts layouts = assembly.layouts();
    Region plain = assembly.view(image, layouts.byImage(assembly.size(), shape));
    return assembly.in(layouts.byPixel(assembly.size(), shape), plain, name("by pixel"));
  }

  /** And back. */
  private Region byImage(Region pixels, Shape shape) {
    Layouts layouts = assembly.layouts();
    Region plain = assembly.in(layouts.byImage(assembly.size(), shape), pixels, name("by image"));
    return assembly.view(plain, layouts.image(assembly.size(), shape));
  }
}
