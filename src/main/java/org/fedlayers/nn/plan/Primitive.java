package org.fedlayers.nn.plan;

import java.util.List;
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
  private final List<Region> regions;
  private final int count;

  Primitive(String name, dnnl_primitive primitive, dnnl_stream stream, List<Argument> arguments) {
    this.name = name;
    this.primitive = primitive;
    this.stream = stream;
    this.regions = arguments.stream().map(Argument::region).toList();
    this.count = arguments.size();
    this.arguments = new dnnl_exec_arg_t(count);
    for (int i = 0; i < count; i++) {
      Argument argument = arguments.get(i);
      this.arguments.getPointer(i).arg(argument.role()).memory(argument.region().handle().get());
    }
  }

  /** For profiles and messages: what it is for, and oneDNN's name of its kernel. */
  String name() {
    return name;
  }

  /** All it reads and writes. */
  List<Region> regions() {
    return regions;
  }

  @Override
  public void run(Call call) {
    OneDnn.check(dnnl.dnnl_primitive_execute(primitive, stream, count, arguments), name);
  }
}
