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

/**
 * Convolution by {@link Winograd}'s algorithm, with the ReLU that follows it if any. Band by band,
 * images become points, points are multiplied by those of the kernel, and products become images;
 * the way back is the transpose of each of these steps. Points are computed again on the way back:
 * that takes less time than bringing them from memory would.
 */
final class WinogradLayer extends PlanLayer {
  private final boolean bias;
  private final BiasRows biasRows;
  private final memory.desc biasLayout;
  private final WindowPoints windows;
  private final Bands bands;
  private final PointProducts products;
  private final Tiling sourceTiling;
  private final Tiling resultTiling;
  private final Region source;

  /**
   * @param input behind which there are weights
   */
  WinogradLayer(Assembly assembly, Node node, Layer.Convolution layer, Value input, boolean relu) {
    super(assembly, node, input, relu);
    bias = layer.bias();
    biasLayout = Layouts.plain(layer.channels());
    Winograd winograd = Winograd.of(layer);
    int pitch = winograd.outputs();
    int down = winograd.tiles(node.shape().height());
    bands = Bands.of(down, winograd.tiles(node.shape().width()), assembly.size());
    sourceTiling = tiling(input.shape, layer.padding(), Winograd.SIDE, pitch);
    resultTiling = tiling(node.shape(), 0, pitch, pitch);
    int inputChannels = input.shape.channels();
    windows = new WindowPoints(assembly, node, layer.channels(), inputChannels, winograd);
    products =
        new PointProducts(assembly, node.name(), inputChannels, layer.channels(), bands.tiles());
    biasRows =
        new BiasRows(layer.channels(), assembly.layouts.blocks(node.shape()), rows(node.shape()));
    source = byPixel(input.image(), input.shape);
    output = image(byImage(forward(), node.shape()), true);
  }

  private Tiling tiling(Shape shape, int margin, int side, int pitch) {
    int blocks = assembly.layouts.blocks(shape);
    return new Tiling(shape, blocks, assembly.size(), rows(shape), bands, margin, side, pitch);
  }

  private PixelRows rows(Shape shape) {
    return assembly.rows(assembly.layouts.block(shape));
  }

  private Region forward() {
    Region sources = products.sources();
    Region results = products.results();
    Region result = assembly.region(assembly.layouts.byPixel(assembly.size(), node.shape()));
    if (bias) {
      Region values = assembly.weights(node, Role.BIAS, biasLayout);
      assembly.step(
          CONVOLUTION_FORWARD, name("bias"), call -> biasRows.take(values.floats()), values);
    }
    Region kernels = windows.toPoints(CONVOLUTION_FORWARD, products.kernels);
    List<Primitive> multiply = products.forward(sources, kernels, results);
    for (int band = 0; band < bands.count(); band++) {
      cutSource(CONVOLUTION_FORWARD, band, sources);
      assembly.step(CONVOLUTION_FORWARD, multiply);
      join(
          CONVOLUTION_FORWARD,
          "points to result",
          new Cut(resultTiling, LineTransform::pointsToResults, this::finish),
          band,
          results,
          result);
    }
    return result;
  }

  private void cutSource(StepKind kind, int band, Region sources) {
    var cut = new Cut(sourceTiling, LineTransform::pixelsToPoints, Tiling.PixelAction.NONE);
    cut(kind, "source to points", cut, band, source, sources);
  }

  /** One way between images and points. */
  private record Cut(Tiling tiling, LineTransform transform, Tiling.PixelAction also) {}

  private void cut(StepKind kind, String what, Cut cut, int band, Region images, Region points) {
    assembly.step(
        kind,
        name(what),
        call -> cut.tiling.cut(band, images.floats(), cut.transform, points.floats(), cut.also),
        images,
        points);
  }

  private void join(StepKind kind, String what, Cut cut, int band, Region points, Region images) {
    assembly.step(
        kind,
        name(what),
        call -> cut.tiling.join(band, points.floats(), cut.transform, images.floats(), cut.also),
        points,
        images);
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
    Region slope = byPixel(output.gradientImage(), node.shape());
    Region slopes = products.results();
    Region sources = products.sources();
    Region sum = assembly.region(products.kernels);
    Region part = assembly.region(products.kernels);
    List<Primitive> multiplyFirst = products.backwardWeights(sources, slopes, sum);
    List<Primitive> multiplyMore = products.backwardWeights(sources, slopes, part);
    Region sourceSlopes = products.sources();
    Region turned = windows.toPoints(CONVOLUTION_BACKWARD_DATA, products.turnedKernels);
    List<Primitive> multiplyBack = products.backwardData(slopes, turned, sourceSlopes);
    Region sourceSlope = assembly.region(assembly.layouts.byPixel(assembly.size(), input.shape));
    if (bias) {
      assembly.step(
          CONVOLUTION_BACKWARD_WEIGHTS, name("bias gradient, cleared"), call -> biasRows.clear());
    }
    Tiling.PixelAction addBias = bias ? biasRows::add : Tiling.PixelAction.NONE;
    var cut = new Cut(resultTiling, LineTransform::resultsToPoints, addBias);
    var join = new Cut(sourceTiling, LineTransform::pointsToPixels, Tiling.PixelAction.NONE);
    for (int band = 0; band < bands.count(); band++) {
      cut(CONVOLUTION_BACKWARD_DATA, "slope to points", cut, band, slope, slopes);
      cutSource(CONVOLUTION_BACKWARD_WEIGHTS, band, sources);
      assembly.step(CONVOLUTION_BACKWARD_WEIGHTS, band == 0 ? multiplyFirst : multiplyMore);
      if (band > 0) {
        assembly.add(name("sum of kernel gradients"), part, sum, sum, false);
      }
      assembly.step(CONVOLUTION_BACKWARD_DATA, multiplyBack);
      String back = "points to slope of source";
      join(CONVOLUTION_BACKWARD_DATA, back, join, band, sourceSlopes, sourceSlope);
    }
    if (bias) {
      Region gradient = assembly.gradient(node, Role.BIAS, biasLayout);
      assembly.step(
          CONVOLUTION_BACKWARD_WEIGHTS,
          name("bias gradient"),
          call -> biasRows.give(gradient.floats()),
          gradient);
    }
    windows.giveGradient(sum);
    input.contributeImage(byImage(sourceSlope, input.shape), false);
  }

  /** From the layout between layers to that of a tiling. */
  private Region byPixel(Region image, Shape shape) {
    Layouts layouts = assembly.layouts;
    Region plain = assembly.view(image, layouts.byImage(assembly.size(), shape));
    return assembly.in(layouts.byPixel(assembly.size(), shape), plain, name("by pixel"));
  }

  /** And back. */
  private Region byImage(Region pixels, Shape shape) {
    Layouts layouts = assembly.layouts;
    Region plain = assembly.in(layouts.byImage(assembly.size(), shape), pixels, name("by image"));
    return assembly.view(plain, layouts.image(assembly.size(), shape));
  }
}
