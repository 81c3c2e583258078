package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor.Role;

/**
 * Batch normalisation by the batch's own statistics or, frozen (HYBRID too), by the running ones.
 */
final class BatchNormLayer extends NormLayer {
  private final boolean frozen;
  private final Region source;
  private final Region mean;
  private final Region variance;

  BatchNormLayer(Assembly assembly, Node node, Value input, boolean relu) {
    super(assembly, node, input, relu, assembly.purpose.frozen());
    frozen = assembly.purpose.frozen();
    if (!frozen) {
      requireTwo();
    }
    source = input.image();
    mean = frozen ? running(Role.MEAN) : assembly.region(channels);
    variance = frozen ? running(Role.VARIANCE) : assembly.region(channels);
    Region result = assembly.region(source.layout());
    normalise(source, assembly.weights(node, Role.SCALE, pairs), mean, variance, result);
    if (!frozen) {
      move();
    }
    output = image(result, true);
  }

  /** Moves running statistics towards the batch's: S = 0.9 S + 0.1 batch, the variance unbiased. */
  private void move() {
    Region runningMean = running(Role.MEAN);
    Region runningVariance = running(Role.VARIANCE);
    long values = (long) assembly.size() * pixels;
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
  void backward(Region slope, Region part) {
    kernelBackward(slope, part, assembly.gradient(node, Role.SCALE, pairs));
    if (frozen) {
      collect();
    }
    clearMix();
  }

  /** Frozen, the batch's statistics may take the place of those which have served both ways. */
  private void collect() {
    NormSets sets = sets(0);
    assembly.step(
        StepKind.NORM,
        name("batch statistics"),
        call -> {
          if (call.moving) {
            requireTwo();
            sets.measure(source.floats());
            sets.move(1, mean.floats(), variance.floats());
          }
        },
        source);
  }

  /** Frozen, HYBRID takes nothing from the batch, so that nothing depends on its mix. */
  private void clearMix() {
    Region gradient = assembly.gradient(node, Role.MIX, channels);
    if (gradient != null) {
      float[] zeros = new float[node.shape().channels()];
      assembly.step(StepKind.NORM, name("mix"), call -> gradient.floats().put(0, zeros));
    }
  }
}
