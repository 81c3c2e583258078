package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;

/**
 * A oneDNN primitive with its arguments, through the C interface: one native call that allocates
 * nothing.
 */
final class Primitive implements Step.Action {
  private final String name;
  private final dnnl_primitive primitive;
  private final dnnl_stream stream;
  private final dnnl_exec_arg_t arguments;
  private final int count;

  Primitive(
      String name,
      dnnl_primitive primitive,
      dnnl_stream stream,
      dnnl_exec_arg_t arguments,
      int count) {
    this.name = name;
    this.primitive = primitive;
    this.stream = stream;
    this.arguments = arguments;
    this.count = count;
  }

  @Override
  public void run(Call call) {
    OneDnn.check(dnnl.dnnl_primitive_execute(primitive, stream, count, arguments), name);
  }
}
