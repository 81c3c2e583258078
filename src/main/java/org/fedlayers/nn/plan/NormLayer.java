package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;

import org.apache.commons.lang3.ArrayUtils;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor.Role;

/**
 * A normaliser, with the ReLU that follows it if any, on oneDNN's kernel of batch normalisation: by
 * statistics that it finds itself, or by given ones, which it takes as constants on the way back
 * too.
 */
abstract class NormLayer extends PlanLayer {
  final memory.desc channels;

  /** Scale and shift follow each other in the canonical order, as oneDNN wants them. */
  final memory.desc pairs;

  final int pixels;
  private final int flags;
  private batch_normalization_forward.primitive_desc forward;
  private Primitive.Argument[] both;

  /**
   * @param given whether the statistics are
   */
  NormLayer(Assembly assembly, Node node, Value input, boolean relu, boolean given) {
    super(assembly, node, input, relu);
    channels = Layouts.plain(node.shape().channels());
    pairs = Layouts.plain(2, node.shape().channels());
    pixels = node.shape().height() * node.shape().width();
    // The inference kernel has no flag for ReLU that would not ask for a workspace.
    int fused = relu && assembly.purpose.training() ? dnnl_fuse_norm_relu : 0;
    flags = dnnl_use_scaleshift | fused | (given ? dnnl_use_global_stats : 0);
  }

  /**
   * Normalises.
   *
   * @param scalesAndShifts all scales, then all shifts
   * @param result in the layout of the source
   */
  final void normalise(
      Region source, Region scalesAndShifts, Region means, Region variances, Region result) {
    boolean training = assembly.purpose.training();
    var description =
        new batch_normalization_forward.desc(
            training ? dnnl_forward_training : dnnl_forward_inference,
            source.layout(),
            (float) Normaliser.EPSILON,
            flags);
    forward =
        new batch_normalization_forward.primitive_desc(
            description, assembly.attributes(relu && !training), assembly.engine);
    Region positive = relu && training ? assembly.region(forward.workspace_desc()) : null;
    both =
        new Primitive.Argument[] {
          new Primitive.Argument(DNNL_ARG_SRC, source),
          new Primitive.Argument(DNNL_ARG_SCALE_SHIFT, scalesAndShifts),
          new Primitive.Argument(DNNL_ARG_MEAN, means),
          new Primitive.Argument(DNNL_ARG_VARIANCE, variances),
          new Primitive.Argument(DNNL_ARG_WORKSPACE, positive)
        };
    step("forward", forward, new Primitive.Argument(DNNL_ARG_DST, result));
  }

  @Override
  final void backward() {
    Region slope = output.gradientImage();
    Region part = slope == output.gradient() ? output.overwritable() : slope;
    backward(slope, part);
    if (input.needsGradient) {
      input.contributeImage(part, false);
    }
  }

  /**
   * @param part of the source's slope; may be the slope's own memory
   */
  abstract void backward(Region slope, Region part);

  /**
   * The kernel's way back.
   *
   * @param gradient by all scales, then by all shifts
   */
  final void kernelBackward(Region slope, Region part, Region gradient) {
    memory.desc layout = slope.layout();
    var description =
        new batch_normalization_backward.desc(
            dnnl_backward, layout, layout, (float) Normaliser.EPSILON, flags);
    var backward =
        new batch_normalization_backward.primitive_desc(
            description, assembly.attributes(), assembly.engine, forward);
    step(
        "backward",
        backward,
        new Primitive.Argument(DNNL_ARG_DIFF_DST, slope),
        new Primitive.Argument(DNNL_ARG_DIFF_SRC, part),
        new Primitive.Argument(DNNL_ARG_DIFF_SCALE_SHIFT, gradient));
  }

  /** With what both ways read. */
  private void step(String way, primitive_desc_base description, Primitive.Argument... arguments) {
    assembly.step(StepKind.NORM, name(way), description, ArrayUtils.addAll(both, arguments));
  }

  /** The sets that values fall into, and what measures them; groups as {@link NormSets} has it. */
  final NormSets sets(int groups) {
    int block = assembly.layouts.block(node.shape());
    int padded = assembly.layouts.paddedChannels(node.shape());
    return new NormSets(assembly.size(), node.shape().channels(), padded, block, pixels, groups);
  }

  final Region running(Role role) {
    return assembly.statistics(node, role, channels);
  }

  /** Of a layer that normalises by batch. */
  final void requireTwo() {
    if ((double) assembly.size() * pixels < 2) {
      throw new IllegalArgumentException(
          name("normalises by batch and has one value a channel; it needs two"));
    }
  }
}
