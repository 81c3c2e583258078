package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SCALE_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DIFF_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_DST;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_MEAN;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SCALE_SHIFT;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_SRC;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_VARIANCE;
import static org.bytedeco.dnnl.global.dnnl.DNNL_ARG_WORKSPACE;
import static org.bytedeco.dnnl.global.dnnl.dnnl_backward;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_inference;
import static org.bytedeco.dnnl.global.dnnl.dnnl_forward_training;
import static org.bytedeco.dnnl.global.dnnl.dnnl_fuse_norm_relu;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_global_stats;
import static org.bytedeco.dnnl.global.dnnl.dnnl_use_scaleshift;

import org.apache.commons.lang3.ArrayUtils;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.primitive_desc_base;
import org.fedlayers.nn.Normaliser;

/**
 * oneDNN's kernel of batch normalisation, with the ReLU that follows it if any: by statistics that
 * it finds itself, or by given ones, which it takes as constants on the way back too.
 */
final class NormKernel {
  private final Assembly assembly;
  private final String name;
  private final boolean relu;
  private final int flags;
  private batch_normalization_forward.primitive_desc forward;
  private Region source;
  private Region scalesAndShifts;
  private Region means;
  private Region variances;
  private Region positive;

  /**
   * @param name of the node
   * @param given whether the statistics are
   */
  NormKernel(Assembly assembly, String name, boolean relu, boolean given) {
    this.assembly = assembly;
    this.name = name;
    this.relu = relu;
    // The inference kernel has no flag for ReLU that would not ask for a workspace.
    int fused = relu && assembly.purpose().training() ? dnnl_fuse_norm_relu : 0;
    this.flags = dnnl_use_scaleshift | fused | (given ? dnnl_use_global_stats : 0);
  }

  /**
   * Normalises.
   *
   * @param scalesAndShifts all scales, then all shifts
   * @param result in the layout of the source
   */
  void forward(
      Region source, Region scalesAndShifts, Region means, Region variances, Region result) {
    this.source = source;
    this.scalesAndShifts = scalesAndShifts;
    this.means = means;
    this.variances = variances;
    boolean training = assembly.purpose().training();
    var description =
        new batch_normalization_forward.desc(
            training ? dnnl_forward_training : dnnl_forward_inference,
            source.layout(),
            (float) Normaliser.EPSILON,
            flags);
    forward =
        new batch_normalization_forward.primitive_desc(
            description, assembly.attributes(relu && !training), assembly.engine());
    positive = relu && training ? assembly.region(forward.workspace_desc()) : null;
    step(" forward", forward, new Argument(DNNL_ARG_DST, result));
  }

  /**
   * The way back.
   *
   * @param slope of the loss by the result
   * @param part of the source's slope; may be the slope's own memory
   * @param gradient by all scales, then by all shifts
   */
  void backward(Region slope, Region part, Region gradient) {
    var description =
        new batch_normalization_backward.desc(
            dnnl_backward, source.layout(), source.layout(), (float) Normaliser.EPSILON, flags);
    var backward =
        new batch_normalization_backward.primitive_desc(
            description, assembly.attributes(), assembly.engine(), forward);
    step(
        " backward",
        backward,
        new Argument(DNNL_ARG_DIFF_DST, slope),
        new Argument(DNNL_ARG_DIFF_SRC, part),
        new Argument(DNNL_ARG_DIFF_SCALE_SHIFT, gradient));
  }

  /** With what both ways read. */
  private void step(String way, primitive_desc_base description, Argument... arguments) {
    Argument[] both = {
      new Argument(DNNL_ARG_SRC, source),
      new Argument(DNNL_ARG_SCALE_SHIFT, scalesAndShifts),
      new Argument(DNNL_ARG_MEAN, means),
      new Argument(DNNL_ARG_VARIANCE, variances),
      new Argument(DNNL_ARG_WORKSPACE, positive)
    };
    assembly.step(StepKind.NORM, name + way, description, ArrayUtils.addAll(both, arguments));
  }
}
