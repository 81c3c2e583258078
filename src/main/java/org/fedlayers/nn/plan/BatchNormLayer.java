package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import java.util.List;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;

/**
 * Batch normalisation by the batch's own statistics or, frozen (HYBRID too), by the running ones;
 * with the ReLU that follows it if any.
 */
final class BatchNormLayer extends PlanLayer {
  private final boolean frozen;
  private final NormKernel kernel;
  private final Tensor scale;
  private final memory.desc channels;
  private final memory.desc pairs;
  private final long values;
  private Region source;
  private Region mean;
  private Region variance;

  BatchNormLayer(Assembly assembly, Node node, Value input, boolean relu) {
    super(assembly, node, input, relu);
    this.frozen = assembly.purpose().frozen();
    this.kernel = new NormKernel(assembly, node.name(), relu, frozen);
    this.scale = assembly.weightsOf(node).get(0);
    this.channels = Layouts.plain(node.shape().channels());
    // Scale and shift follow each other in the canonical order, as oneDNN wants them.
    this.pairs = Layouts.plain(2, node.shape().channels());
    this.values = (long) assembly.size() * node.shape().height() * node.shape().width();
    if (!frozen) {
      requireTwo(values);
    }
  }

  @Override
  Value forward() {
    source = VectorImages.of(assembly, input);
    List<Tensor> running = assembly.statisticsOf(node);
    mean = frozen ? assembly.statistics(running.get(0), channels) : assembly.region(channels);
    variance = frozen ? assembly.statistics(running.get(1), channels) : assembly.region(channels);
    Region result = assembly.region(source.layout());
    kernel.forward(source, assembly.weights(scale, pairs), mean, variance, result);
    if (!frozen) {
      move(running);
    }
    output = VectorImages.value(assembly, node, result, true);
    return output;
  }

  /** Moves running statistics towards the batch's: S = 0.9 S + 0.1 batch, the variance unbiased. */
  private void move(List<Tensor> running) {
    Region runningMean = assembly.statistics(running.get(0), channels);
    Region runningVariance = assembly.statistics(running.get(1), channels);
    assembly.step(
        StepKind.NORM,
        name("running statistics"),
        call -> {
          if (call.moving) {
            move(runningMean.floats(), mean.floats(), 1);
            move(runningVariance.floats(), variance.floats(), values / (values - 1.0));
          }
        },
        mean,
        variance);
  }

  private static void move(FloatBuffer running, FloatBuffer batch, double factor) {
    for (int i = 0; i < running.capacity(); i++) {
      double moved =
          (1 - Normaliser.RATE) * running.get(i) + Normaliser.RATE * factor * batch.get(i);
      running.put(i, (float) moved);
    }
  }

  @Override
  void backward() {
    Region slope = VectorImages.gradient(assembly, output);
    Region part = slope == output.gradient() ? output.overwritable(assembly) : slope;
    kernel.backward(slope, part, assembly.gradient(scale, pairs));
    if (frozen) {
      collect();
    }
    clearMix();
    if (input.needsGradient()) {
      VectorImages.contribute(assembly, input, part);
    }
  }

  /** Frozen, the batch's statistics may take the place of those which have served both ways. */
  private void collect() {
    Shape shape = node.shape();
    int pixels = shape.height() * shape.width();
    int padded = assembly.layouts().paddedChannels(shape);
    var moments = new Moments(assembly.size() * padded, assembly.layouts().block(shape), pixels);
    var sets = new NormSets(assembly.size(), shape.channels(), padded, pixels, 0);
    assembly.step(
        StepKind.NORM,
        name("batch statistics"),
        call -> {
          if (call.moving) {
            requireTwo(values);
            moments.measure(source.floats());
            sets.gather(moments);
            sets.move(1, mean.floats(), variance.floats());
          }
        },
        source);
  }

  /** Frozen, HYBRID takes nothing from the batch, so that nothing depends on its mix. */
  private void clearMix() {
    for (Tensor tensor : assembly.weightsOf(node)) {
      if (tensor.role() == Tensor.Role.MIX) {
        FloatBuffer gradient = assembly.gradient(tensor, channels).floats();
        assembly.step(
            StepKind.NORM,
            name("mix"),
            call -> {
              for (int i = 0; i < gradient.capacity(); i++) {
                gradient.put(i, 0);
              }
            });
      }
    }
  }
}
