package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.primitive_attr;

/**
 * oneDNN's descriptions of a convolution and of its two derivatives, in layouts of the caller's
 * choice: source [N, C, H, W], weights [K, C, kernel, kernel], result [N, K, H', W'].
 *
 * @param bias its layout, empty for none
 * @param stride down and across, as are dilation (0 for none) and padding
 */
record ConvolutionKernels(
    Assembly assembly, memory.desc bias, long[] stride, long[] dilation, long[] padding) {

  /**
   * @param stride along both sides of an image, as are dilation (1 for none) and padding
   */
  ConvolutionKernels(Assembly assembly, memory.desc bias, int stride, int dilation, int padding) {
    this(assembly, bias, both(stride), both(dilation - 1), both(padding));
  }

  private static long[] both(int side) {
    return new long[] {side, side};
  }

  /** The convolution; empty where oneDNN's own Winograd has no such kernel. */
  convolution_forward.primitive_desc forward(
      prop_kind kind,
      algorithm how,
      memory.desc source,
      memory.desc weights,
      memory.desc result,
      primitive_attr attributes) {
    var description =
        new convolution_forward.desc(
            kind, how, source, weights, bias, result, stride, dilation, padding, padding);
    return new convolution_forward.primitive_desc(
        description, attributes, assembly.engine, how == algorithm.convolution_winograd);
  }

  /** The derivative by weights and bias; empty where oneDNN's own Winograd has no such kernel. */
  convolution_backward_weights.primitive_desc backwardWeights(
      convolution_forward.primitive_desc forward,
      algorithm how,
      memory.desc source,
      memory.desc weights,
      memory.desc result) {
    var description =
        new convolution_backward_weights.desc(
            how, source, weights, bias, result, stride, dilation, padding, padding);
    boolean mayBeEmpty = how == algorithm.convolution_winograd;
    return new convolution_backward_weights.primitive_desc(
        description, assembly.attributes(), assembly.engine, forward, mayBeEmpty);
  }

  /** The derivative by the source. */
  convolution_backward_data.primitive_desc backwardData(
      convolution_forward.primitive_desc forward,
      algorithm how,
      memory.desc source,
      memory.desc weights,
      memory.desc result) {
    var description =
        new convolution_backward_data.desc(
            how, source, weights, result, stride, dilation, padding, padding);
    return new convolution_backward_data.primitive_desc(
        description, assembly.attributes(), assembly.engine, forward);
  }
}
