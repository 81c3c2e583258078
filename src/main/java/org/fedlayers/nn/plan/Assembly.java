package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.*;

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
import org.bytedeco.dnnl.stream;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Tensor;

/** A plan being put together: layers append steps to it and ask it for memory. */
final class Assembly {
  /**
   * Kernels that are called simple and are good enough: reorders of weights into layouts the
   * generated kernel does not know, compiled loops that run once per step over little memory.
   */
  private static final List<String> ALLOWED = List.of("reorder simple:any");

  final Network network;
  final Plan.Purpose purpose;
  final Layouts layouts;
  final engine engine;
  final List<Step> steps = new ArrayList<>();
  final List<Region> regions = new ArrayList<>();
  final List<Region> views = new ArrayList<>();
  private final Border border;
  private final stream stream;
  private final Map<Integer, PixelRows> rows = new HashMap<>();

  Assembly(
      Network network,
      Plan.Purpose purpose,
      Border border,
      Layouts layouts,
      engine engine,
      stream stream) {
    this.network = network;
    this.purpose = purpose;
    this.border = border;
    this.layouts = layouts;
    this.engine = engine;
    this.stream = stream;
  }

  int size() {
    return purpose.size();
  }

  /** Working memory of Java steps. */
  PixelRows rows(int block) {
    return rows.computeIfAbsent(block, b -> new PixelRows(size(), b));
  }

  Region region(memory.desc layout) {
    Region region = Region.unplaced(layout, engine);
    regions.add(region);
    return region;
  }

  Region view(Region region, memory.desc layout) {
    return view(region, layout, 0);
  }

  /** Part of a region, some bytes from its start. */
  Region view(Region region, memory.desc layout, long offset) {
    Region view = region.as(layout, offset, engine);
    views.add(view);
    return view;
  }

  /** A node's weights, null if it has none in this role. */
  Region weights(Node node, Tensor.Role role, memory.desc layout) {
    return border.weights.of(network.tensor(node, role), layout);
  }

  Region gradient(Node node, Tensor.Role role, memory.desc layout) {
    return border.gradient.of(network.tensor(node, role), layout);
  }

  Region statistics(Node node, Tensor.Role role, memory.desc layout) {
    return border.statistics.of(network.tensor(node, role), layout);
  }

  /**
   * Attributes every primitive is made with: scratch memory is ours, so it belongs to no thread.
   */
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

  /** Appends Java code that reads or writes the given regions. */
  void step(StepKind kind, String name, Step.Action action, Region... touched) {
    touch(List.of(touched));
    steps.add(new Step(kind, name, action));
  }

  /** Keeps regions alive until here. */
  void touch(List<Region> touched) {
    touched.forEach(region -> region.touchedBy(steps.size()));
  }

  /** Appends a primitive; roles without a region are left out. */
  void step(
      StepKind kind,
      String name,
      primitive_desc_base description,
      Primitive.Argument... arguments) {
    step(kind, List.of(primitive(kind, name, description, arguments)));
  }

  /** Appends primitives of one kernel as a single step; they may be appended again. */
  void step(StepKind kind, List<Primitive> primitives) {
    primitives.forEach(primitive -> touch(primitive.regions()));
    Primitive[] all = primitives.toArray(Primitive[]::new);
    steps.add(
        new Step(
            kind,
            all[0].name(),
            call -> {
              for (Primitive primitive : all) {
                primitive.run(call);
              }
            }));
  }

  /**
   * Makes a primitive without appending it.
   *
   * @throws IllegalStateException for a reference kernel, which oneDNN chooses silently where a
   *     layout does not suit the fast ones
   */
  Primitive primitive(
      StepKind kind,
      String name,
      primitive_desc_base description,
      Primitive.Argument... arguments) {
    String kernel = Primitive.kernel(description);
    if (!Primitive.isFast(description) && !ALLOWED.contains(kind + " " + kernel)) {
      throw new IllegalStateException(
          name + " would run the reference kernel " + kind + " " + kernel);
    }
    List<Primitive.Argument> all =
        new ArrayList<>(Stream.of(arguments).filter(one -> one.region() != null).toList());
    memory.desc scratch = description.scratchpad_desc();
    if (scratch.get_size() > 0) {
      all.add(new Primitive.Argument(DNNL_ARG_SCRATCHPAD, region(scratch)));
    }
    primitive made = new primitive(description.get());
    return new Primitive(name + ", " + kernel, made.get(), stream.get(), all);
  }

  /** The region itself if it has the layout, else a copy in it. */
  Region in(memory.desc layout, Region region, String name) {
    if (region.layout().equals(layout)) {
      return region;
    }
    Region copy = region(layout);
    copy(region, copy, name);
    return copy;
  }

  void copy(Region from, Region to, String name) {
    var description =
        new reorder.primitive_desc(engine, from.layout(), engine, to.layout(), attributes(), false);
    step(
        StepKind.REORDER,
        name,
        description,
        new Primitive.Argument(DNNL_ARG_FROM, from),
        new Primitive.Argument(DNNL_ARG_TO, to));
  }

  /** target = left + right, all in one layout, then perhaps ReLU; target may be one of the two. */
  void add(String name, Region left, Region right, Region target, boolean relu) {
    // As rows of plain values: in blocks of 8 on a processor with blocks of 16, oneDNN 2.5.2
    // forgets the ReLU.
    memory.desc rows = Layouts.plain(1, left.bytes() / Float.BYTES);
    var description =
        new binary.primitive_desc(
            new binary.desc(algorithm.binary_add, rows, rows, rows), attributes(relu), engine);
    step(
        StepKind.ADD,
        name,
        description,
        new Primitive.Argument(DNNL_ARG_SRC_0, view(left, rows)),
        new Primitive.Argument(DNNL_ARG_SRC_1, view(right, rows)),
        new Primitive.Argument(DNNL_ARG_DST, view(target, rows)));
  }
}
