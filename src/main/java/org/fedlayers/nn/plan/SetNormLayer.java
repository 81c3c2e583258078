package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor.Role;

/**
 * GROUP, LAYER, INSTANCE and HYBRID normalisers: the channels of all samples are read as the
 * channels of one image, and that is normalised by given statistics. {@link NormSets} finds the
 * statistics; on the way back the kernel takes them as constants, and a {@link Correction} adds the
 * rest.
 */
final class SetNormLayer extends NormLayer {
  private final boolean hybrid;
  private final memory.desc stacked;
  private final memory.desc rowPairs;
  private final NormSets sets;
  private final Region scaleAndShift;
  private final Region source;

  SetNormLayer(Assembly assembly, Node node, Normaliser normaliser, Value input, boolean relu) {
    super(assembly, node, input, relu, true);
    hybrid = normaliser.kind() == Normaliser.Kind.HYBRID;
    if (hybrid) {
      requireTwo();
    }
    sets = sets(hybrid ? 0 : normaliser.groupsOf(node.shape().channels()));
    stacked = assembly.layouts.stacked(assembly.size(), node.shape());
    rowPairs = Layouts.plain(2, sets.rows());
    scaleAndShift = assembly.weights(node, Role.SCALE, pairs);
    Region image = input.image();
    source = assembly.view(image, stacked);
    Region means = assembly.region(Layouts.plain(sets.rows()));
    Region variances = assembly.region(Layouts.plain(sets.rows()));
    Region scalesAndShifts = assembly.region(rowPairs);
    measure(means, variances, scalesAndShifts);
    Region result = assembly.region(image.layout());
    normalise(source, scalesAndShifts, means, variances, assembly.view(result, stacked));
    output = image(result, true);
  }

  private void measure(Region means, Region variances, Region scalesAndShifts) {
    Region mix = assembly.weights(node, Role.MIX, channels);
    Region runningMean = running(Role.MEAN);
    Region runningVariance = running(Role.VARIANCE);
    assembly.step(
        StepKind.NORM,
        name("moments"),
        call -> {
          if (hybrid) {
            sets.mix(mix.floats(), runningMean.floats(), runningVariance.floats());
          }
          sets.measure(source.floats());
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
  void backward(Region slope, Region part) {
    Region rowGradients = assembly.region(rowPairs);
    kernelBackward(assembly.view(slope, stacked), assembly.view(part, stacked), rowGradients);
    int block = assembly.layouts.block(node.shape());
    var correction = new Correction(sets.rows(), block, pixels);
    Region gradient = assembly.gradient(node, Role.SCALE, pairs);
    Region mixGradient = assembly.gradient(node, Role.MIX, channels);
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
