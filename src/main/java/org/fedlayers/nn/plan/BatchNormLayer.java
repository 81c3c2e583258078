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

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor;

/**
 * Batch normalisation by the batch's own statistics or, frozen (HYBRID too), by the running ones;
 * with the ReLU that follows it if any.
 */
final class BatchNormLayer implements PlanLayer {
  private final Assembly assembly;
  private final Node node;
  private final Value input;
  private final boolean relu;
  private final boolean frozen;
  private final int flags;
  private final Tensor scale;
  private final memory.desc channels;
  private batch_normalization_forward.primitive_desc forward;
  private Region source;
  private Region scaleAndShift;
  private Region mean;
  private Region variance;
  private Region positive;
  private Value output;

  BatchNormLayer(Assembly assembly, Node node, Value input, boolean relu) {
    this.assembly = assembly;
    this.node = node;
    this.input = input;
    this.relu = relu;
    this.frozen = assembly.purpose().frozen();
    // The inference kernel has no flag for ReLU that would not ask for a workspace.
    int fused = relu && assembly.purpose().training() ? dnnl_fuse_norm_relu : 0;
    this.flags = dnnl_use_scaleshift | fused | (frozen ? dnnl_use_global_stats : 0);
    this.scale = assembly.weightsOf(node).get(0);
    this.channels = Layouts.plain(node.shape().channels());
    long values = (long) assembly.size() * node.shape().height() * node.shape().width();
    if (!frozen && values < 2) {
      throw new IllegalArgumentException(
          node.name() + " normalises by batch and has one value a channel; it needs two");
    }
  }

  @Override
  public Value forward() {
    source = Images.of(assembly, input);
    boolean training = assembly.purpose().training();
    var description =
        new batch_normalization_forward.desc(
            training ? dnnl_forward_training : dnnl_forward_inference,
            source.layout(),
            (float) Normaliser.EPSILON,
            flags);
    primitive_attr attributes = assembly.attributes(relu && !training);
    forward =
        new batch_normalization_forward.primitive_desc(description, attributes, assembly.engine());
    // Scale and shift follow each other in the canonical order, as oneDNN wants them.
    memory.desc pairs = Layouts.plain(2, node.shape().channels());
    scaleAndShift = assembly.weights(scale, pairs);
    List<Tensor> running = assembly.statisticsOf(node);
    mean = frozen ? assembly.statistics(running.get(0), channels) : assembly.region(channels);
    variance = frozen ? assembly.statistics(running.get(1), channels) : assembly.region(channels);
    Region result = assembly.region(source.layout());
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(DNNL_ARG_SRC, source));
    arguments.add(Argument.of(DNNL_ARG_SCALE_SHIFT, scaleAndShift));
    arguments.add(Argument.of(DNNL_ARG_MEAN, mean));
    arguments.add(Argument.of(DNNL_ARG_VARIANCE, variance));
    arguments.add(Argument.of(DNNL_ARG_DST, result));
    if (relu && training) {
      positive = assembly.region(forward.workspace_desc());
      arguments.add(Argument.of(DNNL_ARG_WORKSPACE, positive));
    }
    assembly.step(
        StepKind.NORM, node.name() + " forward", forward, arguments.toArray(Argument[]::new));
    if (!frozen) {
      move(running);
    }
    output = Images.value(assembly, node, result, true);
    return output;
  }

  private void move(List<Tensor> running) {
    long count = (long) assembly.size() * node.shape().height() * node.shape().width();
    var moving =
        new MovingStatistics(
            assembly.statistics(running.get(0), channels),
            assembly.statistics(running.get(1), channels),
            mean,
            variance,
            count);
    assembly.step(StepKind.NORM, node.name() + " running statistics", moving, mean, variance);
  }

  @Override
  public void backward() {
    memory.desc layout = source.layout();
    var description =
        new batch_normalization_backward.desc(
            dnnl_backward, layout, layout, (float) Normaliser.EPSILON, flags);
    var backward =
        new batch_normalization_backward.primitive_desc(
            description, assembly.attributes(), assembly.engine(), forward);
    Region slope = Images.gradient(assembly, output);
    Region part = slope == output.gradient() ? output.overwritable(assembly) : slope;
    List<Argument> arguments = new ArrayList<>();
    arguments.add(Argument.of(DNNL_ARG_SRC, source));
    arguments.add(Argument.of(DNNL_ARG_MEAN, mean));
    arguments.add(Argument.of(DNNL_ARG_VARIANCE, variance));
    arguments.add(Argument.of(DNNL_ARG_SCALE_SHIFT, scaleAndShift));
    arguments.add(Argument.of(DNNL_ARG_DIFF_DST, slope));
    arguments.add(Argument.of(DNNL_ARG_DIFF_SRC, part));
    Region gradient = assembly.gradient(scale, scaleAndShift.layout());
    arguments.add(Argument.of(DNNL_ARG_DIFF_SCALE_SHIFT, gradient));
    if (relu) {
      arguments.add(Argument.of(DNNL_ARG_WORKSPACE, positive));
    }
    assembly.step(
        StepKind.NORM, node.name() + " backward", backward, arguments.toArray(Argument[]::new));
    clearMix();
    if (input.needsGradient()) {
      Images.contribute(assembly, input, part);
    }
  }

  /** Frozen, HYBRID takes nothing from the batch, so that nothing depends on its mix. */
  private void clearMix() {
    for (Tensor tensor : assembly.weightsOf(node)) {
      if (tensor.role() == Tensor.Role.MIX) {
        FloatBuffer gradient = assembly.gradient(tensor, channels).floats();
        assembly.step(
            StepKind.NORM,
            node.name() + " mix",
            call -> {
              for (int i = 0; i < gradient.capacity(); i++) {
                gradient.put(i, 0);
              }
            });
      }
    }
  }
}
