package org.fedlayers.nn.plan;

import java.util.List;
import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.primitive_desc_base;

/**
 * A oneDNN primitive with its arguments, through the C interface: one native call that allocates
 * nothing.
 */
final class Primitive implements Step.Action {

  /**
   * A buffer in a role of a primitive.
   *
   * @param role one of oneDNN's {@code DNNL_ARG_} constants
   */
  record Argument(int role, Buffer buffer) {}

  static Argument arg(int role, Buffer buffer) {
    return new Argument(role, buffer);
  }

  /** For profiles and messages: what it is for, and oneDNN's name of its kernel. */
  final String name;

  /** All it reads and writes. */
  final List<Buffer> buffers;

  private final dnnl_primitive primitive;
  private final dnnl_stream stream;
  private final dnnl_exec_arg_t arguments;
  private final int count;

  Primitive(String name, dnnl_primitive primitive, dnnl_stream stream, List<Argument> arguments) {
    this.name = name;
    this.primitive = primitive;
    this.stream = stream;
    this.buffers = arguments.stream().map(Argument::buffer).toList();
    this.count = arguments.size();
    this.arguments = new dnnl_exec_arg_t(count);
    for (int i = 0; i < count; i++) {
      Argument argument = arguments.get(i);
      this.arguments.getPointer(i).arg(argument.role()).memory(argument.buffer().handle.get());
    }
  }

  /** OneDNN's name of a kernel. */
  static String kernel(primitive_desc_base description) {
    return description.impl_info_str().getString();
  }

  /** Whether a kernel is none of oneDNN's slow reference ones. */
  static boolean isFast(primitive_desc_base description) {
    return !kernel(description).startsWith("ref") && !kernel(description).startsWith("simple");
  }

  @Override
  public void run(Step.Call call) {
    OneDnn.check(dnnl.dnnl_primitive_execute(primitive, stream, count, arguments), name);
  }
}
