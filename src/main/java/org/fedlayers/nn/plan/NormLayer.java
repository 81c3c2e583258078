package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;

import java.nio.FloatBuffer;
import org.apache.commons.lang3.ArrayUtils;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor.Role;

/**
 * A normaliser, with the ReLU that follows it if any, on oneDNN's kernel of batch normalisation.
 *
 * <p>BATCH: the kernel computes the batch's statistics itself. Frozen, BATCH and HYBRID are given
 * the running ones, constants for the gradient. GROUP, LAYER, INSTANCE and HYBRID else: the
 * channels of all samples are read as the channels of one image, normalised by the statistics that
 * {@link NormSets} computes; the kernel's derivative takes these as constants, and a correction
 * adds what flows through them.
 */
final class NormLayer extends PlanLayer {
  private final memory.desc channels;

  /** Scale and shift follow each other in the canonical order, as oneDNN wants them. */
  private final memory.desc pairs;

  private final int pixels;
  private final boolean frozen;

  /** Null where the kernel has its statistics from the batch or from the running ones. */
  private final NormSets sets;

  private final int flags;
  private final Buffer scaleAndShift;
  private final Buffer source;
  private final Buffer mean;
  private final Buffer variance;
  private batch_normalization_forward.primitive_desc forward;
  private Primitive.Argument[] inputs;

  NormLayer(Assembly assembly, Node node, Normaliser normaliser, Value input, boolean relu) {
    super(assembly, node, input, relu);
    channels = Layouts.plain(node.shape().channels());
    pairs = Layouts.plain(2, node.shape().channels());
    pixels = node.shape().pixels();
    frozen = normaliser.hasStatistics() && assembly.purpose.frozen();
    boolean byKernel = normaliser.kind() == Normaliser.Kind.BATCH && !frozen;
    sets = byKernel || frozen ? null : sets(normaliser);
    // The inference kernel has no flag for ReLU that would not ask for a workspace.
    int fused = relu && assembly.purpose.training() ? dnnl_fuse_norm_relu : 0;
    flags = dnnl_use_scaleshift | fused | (byKernel ? 0 : dnnl_use_global_stats);
    scaleAndShift = assembly.weights(node, Role.SCALE, pairs);
    Buffer image = input.image();
    source = stacked(image);
    memory.desc statistics = sets == null ? channels : Layouts.plain(sets.rows());
    mean = frozen ? running(Role.MEAN) : assembly.buffer(statistics);
    variance = frozen ? running(Role.VARIANCE) : assembly.buffer(statistics);
    Buffer result = assembly.buffer(image.layout);
    normalise(sets == null ? scaleAndShift : measure(), stacked(result));
    if (byKernel) {
      moveRunning();
    }
    output = image(result, true);
  }

  private NormSets sets(Normaliser normaliser) {
    boolean overBatch = normaliser.hasStatistics();
    int groups = overBatch ? 0 : normaliser.groupsOf(node.shape().channels());
    return new NormSets(assembly.layouts, assembly.size(), node.shape(), groups);
  }

  /** An image as the kernel takes it. */
  private Buffer stacked(Buffer image) {
    return sets == null
        ? image
        : assembly.view(image, assembly.layouts.stacked(assembly.size(), node.shape()));
  }

  private Buffer running(Role role) {
    return assembly.statistics(node, role, channels);
  }

  /**
   * @param scalesAndShifts all scales, then all shifts
   */
  private void normalise(Buffer scalesAndShifts, Buffer result) {
    boolean training = assembly.purpose.training();
    var description =
        new batch_normalization_forward.desc(
            training ? dnnl_forward_training : dnnl_forward_inference,
            source.layout,
            (float) Normaliser.EPSILON,
            flags);
    forward =
        new batch_normalization_forward.primitive_desc(
            description, assembly.attributes(relu && !training), assembly.engine);
    Buffer positive = relu && training ? assembly.buffer(forward.workspace_desc()) : null;
    inputs =
        new Primitive.Argument[] {
          arg(DNNL_ARG_SRC, source),
          arg(DNNL_ARG_SCALE_SHIFT, scalesAndShifts),
          arg(DNNL_ARG_MEAN, mean),
          arg(DNNL_ARG_VARIANCE, variance),
          arg(DNNL_ARG_WORKSPACE, positive)
        };
    step("forward", forward, arg(DNNL_ARG_DST, result));
  }

  private void step(String way, primitive_desc_base description, Primitive.Argument... outputs) {
    assembly.step(StepKind.NORM, name(way), description, ArrayUtils.addAll(inputs, outputs));
  }

  /** Appends what finds the statistics of all sets; returns each row's scale and shift. */
  private Buffer measure() {
    Buffer scalesAndShifts = assembly.buffer(Layouts.plain(2, sets.rows()));
    Buffer mix = assembly.weights(node, Role.MIX, channels);
    Buffer runningMean = running(Role.MEAN);
    Buffer runningVariance = running(Role.VARIANCE);
    assembly.step(
        StepKind.NORM,
        name("moments"),
        call -> {
          if (mix != null) {
            sets.mix(mix.floats(), runningMean.floats(), runningVariance.floats());
          }
          sets.measure(source.floats());
          if (mix != null && call.moving) {
            sets.move(Normaliser.RATE, runningMean.floats(), runningVariance.floats());
          }
          sets.writeRows(
              scaleAndShift.floats(), mean.floats(), variance.floats(), scalesAndShifts.floats());
        },
        source,
        mean,
        variance,
        scalesAndShifts);
    return scalesAndShifts;
  }

  /** Moves running statistics towards the batch's: S = 0.9 S + 0.1 batch, the variance unbiased. */
  private void moveRunning() {
    Buffer runningMean = running(Role.MEAN);
    Buffer runningVariance = running(Role.VARIANCE);
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
  void backward() {
    Buffer outputGradient = output.gradientImage();
    boolean own = outputGradient != output.gradient();
    Buffer inputGradient = own ? outputGradient : output.overwritable();
    // By all scales, then by all shifts.
    Buffer gradient = assembly.gradient(node, Role.SCALE, pairs);
    Buffer byRows = sets == null ? gradient : assembly.buffer(Layouts.plain(2, sets.rows()));
    Buffer given = stacked(outputGradient);
    var description =
        new batch_normalization_backward.desc(
            dnnl_backward, given.layout, given.layout, (float) Normaliser.EPSILON, flags);
    step(
        "backward",
        new batch_normalization_backward.primitive_desc(
            description, assembly.attributes(), assembly.engine, forward),
        arg(DNNL_ARG_DIFF_DST, given),
        arg(DNNL_ARG_DIFF_SRC, stacked(inputGradient)),
        arg(DNNL_ARG_DIFF_SCALE_SHIFT, byRows));
    if (sets != null) {
      correct(byRows, gradient, inputGradient);
    }
    if (frozen) {
      collect();
      clearMix();
    }
    if (input.needsGradient) {
      input.contributeImage(inputGradient, false);
    }
  }

  /** Adds up the rows' gradients, and adds to the input's what flows through the statistics. */
  private void correct(Buffer byRows, Buffer gradient, Buffer inputGradient) {
    Buffer mixGradient = assembly.gradient(node, Role.MIX, channels);
    assembly.step(
        StepKind.NORM,
        name("correction"),
        call -> {
          sets.back(scaleAndShift.floats(), byRows.floats(), gradient.floats());
          if (mixGradient != null) {
            sets.backMix(mixGradient.floats());
          }
          sets.correct(source.floats(), inputGradient.floats());
        },
        byRows,
        source,
        inputGradient);
  }

  /** Frozen, the batch's statistics may replace the running ones after both passes. */
  private void collect() {
    NormSets batch = sets(Normaliser.BATCH);
    assembly.step(
        StepKind.NORM,
        name("batch statistics"),
        call -> {
          if (call.moving) {
            batch.measure(source.floats());
            batch.move(1, mean.floats(), variance.floats());
          }
        },
        source);
  }

  /** Frozen, HYBRID takes nothing from the batch, so that nothing depends on its mix. */
  private void clearMix() {
    Buffer gradient = assembly.gradient(node, Role.MIX, channels);
    if (gradient != null) {
      float[] zeros = new float[node.shape().channels()];
      assembly.step(StepKind.NORM, name("mix"), call -> gradient.floats().put(0, zeros));
    }
  }
}
