package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;
import static org.fedlayers.nn.plan.Primitive.arg;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.scratchpad_mode;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive;
import org.bytedeco.dnnl.primitive_attr;
import org.bytedeco.dnnl.primitive_desc_base;
import org.bytedeco.dnnl.reorder;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;
import org.fedlayers.nn.plan.Primitive.Argument;

/** A plan being compiled: layers append steps to it and ask it for buffers. */
final class Assembly {
  final Network network;
  final Plan.Purpose purpose;
  final Layouts layouts;
  final engine engine;
  final List<Step> steps = new ArrayList<>();

  /** Each view after the buffer that owns its bytes. */
  final List<Buffer> buffers = new ArrayList<>();

  private final PlanModel model;
  private final Map<Integer, PixelRows> rows = new HashMap<>();

  Assembly(PlanModel model, Plan.Purpose purpose) {
    this.model = model;
    this.purpose = purpose;
    network = model.network();
    layouts = model.layouts;
    engine = model.engine;
  }

  int size() {
    return purpose.size();
  }

  /** Working memory of Java steps. */
  PixelRows rows(int block) {
    return rows.computeIfAbsent(block, b -> new PixelRows(size(), b));
  }

  Buffer buffer(memory.desc layout) {
    return added(new Buffer(layout, engine, 0));
  }

  Buffer view(Buffer buffer, memory.desc layout) {
    return view(buffer, layout, 0);
  }

  /** Part of a buffer, some bytes from its start. */
  Buffer view(Buffer buffer, memory.desc layout, long offset) {
    return added(buffer.view(layout, offset, engine));
  }

  private Buffer added(Buffer buffer) {
    buffers.add(buffer);
    return buffer;
  }

  /** A node's weights, null if it has none in this role. */
  Buffer weights(Node node, Tensor.Role role, memory.desc layout) {
    return model.weights.tensor(network.tensor(node, role), layout);
  }

  Buffer gradient(Node node, Tensor.Role role, memory.desc layout) {
    return model.gradient.tensor(network.tensor(node, role), layout);
  }

  Buffer statistics(Node node, Tensor.Role role, memory.desc layout) {
    return model.statistics.tensor(network.tensor(node, role), layout);
  }

  /** Attributes of every primitive: it works in scratch memory of ours, which no thread owns. */
  primitive_attr attributes() {
    primitive_attr attributes = new primitive_attr();
    attributes.set_scratchpad_mode(scratchpad_mode.user);
    return attributes;
  }

  primitive_attr attributes(boolean relu) {
    primitive_attr attributes = attributes();
    if (relu) {
      post_ops after = new post_ops();
      after.append_eltwise(1, algorithm.eltwise_relu, 0, 0);
      attributes.set_post_ops(after);
    }
    return attributes;
  }

  /** Appends Java code that reads or writes the given buffers. */
  void step(StepKind kind, String name, Step.Action action, Buffer... touched) {
    touch(List.of(touched));
    steps.add(new Step(kind, name, action));
  }

  /** Keeps buffers alive until here. */
  void touch(List<Buffer> touched) {
    touched.forEach(buffer -> buffer.touchedBy(steps.size()));
  }

  /** Appends a primitive; arguments without a buffer are left out. */
  void step(StepKind kind, String name, primitive_desc_base description, Argument... arguments) {
    step(kind, List.of(primitive(kind, name, description, arguments)));
  }

  /** Appends primitives of one kernel as a single step; they may be appended again. */
  void step(StepKind kind, List<Primitive> primitives) {
    primitives.forEach(primitive -> touch(primitive.buffers));
    Primitive[] all = primitives.toArray(Primitive[]::new);
    Step.Action action =
        call -> {
          for (Primitive primitive : all) {
            primitive.run(call);
          }
        };
    steps.add(new Step(kind, all[0].name, action));
  }

  /**
   * Makes a primitive without appending it.
   *
   * @throws IllegalStateException for a reference kernel, which oneDNN chooses silently where a
   *     layout does not suit the fast ones
   */
  Primitive primitive(
      StepKind kind, String name, primitive_desc_base description, Argument... arguments) {
    String kernel = Primitive.kernel(description);
    // One that is called simple is good enough: reorders of weights into layouts the generated
    // kernel does not know, compiled loops that run once per step over little memory.
    boolean allowed = kind == StepKind.REORDER && kernel.equals("simple:any");
    if (!allowed && !Primitive.isFast(description)) {
      throw new IllegalStateException(
          name + " would run the reference kernel " + kind + " " + kernel);
    }
    List<Argument> all =
        new ArrayList<>(Stream.of(arguments).filter(one -> one.buffer() != null).toList());
    memory.desc scratch = description.scratchpad_desc();
    if (scratch.get_size() > 0) {
      all.add(arg(DNNL_ARG_SCRATCHPAD, buffer(scratch)));
    }
    primitive made = new primitive(description.get());
    return new Primitive(name + ", " + kernel, made.get(), model.stream.get(), all);
  }

  /** The buffer itself if it has the layout, else a copy in it. */
  Buffer in(memory.desc layout, Buffer buffer, String name) {
    if (buffer.layout.equals(layout)) {
      return buffer;
    }
    Buffer copy = buffer(layout);
    copy(buffer, copy, name);
    return copy;
  }

  void copy(Buffer from, Buffer to, String name) {
    var description =
        new reorder.primitive_desc(engine, from.layout, engine, to.layout, attributes(), false);
    step(StepKind.REORDER, name, description, arg(DNNL_ARG_FROM, from), arg(DNNL_ARG_TO, to));
  }

  /** target = left + right, all in one layout, then perhaps ReLU; target may be one of the two. */
  void add(String name, Buffer left, Buffer right, Buffer target, boolean relu) {
    // As rows of plain values: in blocks of 8 on a processor with blocks of 16, oneDNN 2.5.2
    // leaves out the ReLU.
    memory.desc rows = Layouts.plain(1, left.bytes() / Float.BYTES);
    var description =
        new binary.primitive_desc(
            new binary.desc(algorithm.binary_add, rows, rows, rows), attributes(relu), engine);
    step(
        StepKind.ADD,
        name,
        description,
        arg(DNNL_ARG_SRC_0, view(left, rows)),
        arg(DNNL_ARG_SRC_1, view(right, rows)),
        arg(DNNL_ARG_DST, view(target, rows)));
  }
}
