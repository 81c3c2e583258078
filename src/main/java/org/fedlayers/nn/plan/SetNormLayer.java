package org.fedlayers.nn.plan;

import java.util.List;
import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor;

/**
 * GROUP, LAYER, INSTANCE and HYBRID normalisers, with the ReLU that follows if any, on the kernel
 * of batch normalisation: the channels of all samples are read as the channels of one image, and
 * that is normalised by given statistics. {@link Moments} and {@link NormSets} find the statistics;
 * on the way back the kernel takes them as constants, and a {@link Correction} adds the rest.
 */
final class SetNormLayer extends PlanLayer {
  private final boolean hybrid;
  private final NormKernel kernel;
  private final int pixels;
  private final int rowsPerSample;
  private final memory.desc stacked;
  private final memory.desc rows;
  private final memory.desc rowPairs;
  private final Region scaleAndShift;
  private final Region mix;
  private final Region runningMean;
  private final Region runningVariance;
  private final NormSets sets;
  private Region source;
  private Region means;
  private Region variances;
  private Region scalesAndShifts;

  SetNormLayer(Assembly assembly, Node node, Value input, boolean relu) {
    super(assembly, node, input, relu);
    kernel = new NormKernel(assembly, node.name(), relu, true);
    Normaliser normaliser = ((Layer.Normalise) node.layer()).normaliser();
    hybrid = normaliser.kind() == Normaliser.Kind.HYBRID;
    int size = assembly.size();
    int channels = node.shape().channels();
    pixels = node.shape().height() * node.shape().width();
    rowsPerSample = assembly.layouts().paddedChannels(node.shape());
    stacked = assembly.layouts().stacked(size, node.shape());
    rows = Layouts.plain((long) size * rowsPerSample);
    rowPairs = Layouts.plain(2, (long) size * rowsPerSample);
    scaleAndShift = assembly.weights(assembly.weightsOf(node).get(0), Layouts.plain(2, channels));
    int groups = hybrid ? 0 : normaliser.groupsOf(channels);
    sets = new NormSets(size, channels, rowsPerSample, pixels, groups);
    memory.desc one = Layouts.plain(channels);
    List<Tensor> running = assembly.statisticsOf(node);
    mix = hybrid ? assembly.weights(assembly.weightsOf(node).get(2), one) : null;
    runningMean = hybrid ? assembly.statistics(running.get(0), one) : null;
    runningVariance = hybrid ? assembly.statistics(running.get(1), one) : null;
    if (hybrid) {
      requireTwo(sets.count());
    }
  }

  @Override
  Value forward() {
    Region image = VectorImages.of(assembly, input);
    source = assembly.view(image, stacked);
    means = assembly.region(rows);
    variances = assembly.region(rows);
    scalesAndShifts = assembly.region(rowPairs);
    measure();
    Region result = assembly.region(image.layout());
    kernel.forward(source, scalesAndShifts, means, variances, assembly.view(result, stacked));
    output = VectorImages.value(assembly, node, result, true);
    return output;
  }

  private void measure() {
    int block = assembly.layouts().block(node.shape());
    var moments = new Moments(assembly.size() * rowsPerSample, block, pixels);
    assembly.step(
        StepKind.NORM,
        name("moments"),
        call -> {
          moments.measure(source.floats());
          if (hybrid) {
            sets.mix(mix.floats(), runningMean.floats(), runningVariance.floats());
          }
          sets.gather(moments);
          if (hybrid && call.moving) {
            sets.move(Normaliser.RATE, runningMean.floats(), runningVariance.floats());
          }
          sets.spread(
              scaleAndShift.floats(), means.floats(), variances.floats(), scalesAndShifts.floats());
        },
        source,
        means,
        variances,
        scalesAndShifts);
  }

  @Override
  void backward() {
    Region slope = VectorImages.gradient(assembly, output);
    Region part = slope == output.gradient() ? output.overwritable(assembly) : slope;
    Region rowGradients = assembly.region(rowPairs);
    kernel.backward(assembly.view(slope, stacked), assembly.view(part, stacked), rowGradients);
    correct(rowGradients, part);
    if (input.needsGradient()) {
      VectorImages.contribute(assembly, input, part);
    }
  }

  private void correct(Region rowGradients, Region part) {
    int block = assembly.layouts().block(node.shape());
    var correction = new Correction(assembly.size() * rowsPerSample, block, pixels);
    List<Tensor> weights = assembly.weightsOf(node);
    Region gradient = assembly.gradient(weights.get(0), scaleAndShift.layout());
    Region mixGradient = hybrid ? assembly.gradient(weights.get(2), mix.layout()) : null;
    assembly.step(
        StepKind.NORM,
        name("correction"),
        call -> {
          sets.back(
              scaleAndShift.floats(),
              rowGradients.floats(),
              gradient.floats(),
              correction.slopes(),
              correction.offsets());
          if (hybrid) {
            sets.backMix(mixGradient.floats());
          }
          correction.apply(source.floats(), part.floats());
        },
        rowGradients,
        source,
        part);
  }
}
