package org.fedlayers.nn.plan;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.javacpp.PointerScope;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;

/**
 * Compiles a network: walks its nodes forward, then back, and lets each layer append its steps. A
 * ReLU whose input no other node reads is computed by the layer before it.
 */
final class PlanCompiler implements Layer.Visitor<PlanLayer> {
  private static final Layer RELU = new Layer.Activate(Layer.Function.RELU);

  private final Assembly assembly;
  private final List<Node> nodes;
  private final Value[] values;
  private final List<Runnable> backward = new ArrayList<>();
  private final List<PenaltyLayer> penalties = new ArrayList<>();

  private PlanCompiler(Assembly assembly) {
    this.assembly = assembly;
    nodes = assembly.network.nodes();
    values = new Value[nodes.size()];
  }

  /**
   * @param made the open scope that holds every native object
   */
  static Plan compile(Assembly assembly, PointerScope made) {
    var compiler = new PlanCompiler(assembly);
    Buffer logits = compiler.forward();
    if (assembly.purpose.training()) {
      compiler.backward();
    }
    return new Plan(assembly, logits, made);
  }

  private Buffer forward() {
    values[0] = pixels();
    for (Node node : nodes.subList(1, values.length)) {
      Value before = values[node.inputs().get(0)];
      values[node.index()] =
          node == fusedAfter(nodes.get(node.inputs().get(0))) ? before : value(node);
    }
    Buffer logits = values[values.length - 1].buffer;
    assembly.touch(List.of(logits));
    return logits;
  }

  private Value value(Node node) {
    PlanLayer layer = node.layer().accept(this, node);
    Value value = layer.output;
    boolean activation = layer.relu || node.layer() instanceof Layer.Activate;
    boolean rectified = layer.relu || node.layer().equals(RELU);
    value.rectified = rectified && !(node.layer() instanceof Layer.Normalise);
    if (rectified && !assembly.purpose.training()) {
      FiniteCheck.append(assembly, value.buffer);
    }
    if (value.needsGradient) {
      backward.add(layer::backward);
    }
    if (assembly.purpose.penalty() != 0 && activation) {
      var penalty = new PenaltyLayer(assembly, value);
      penalties.add(penalty);
      backward.add(penalty::backward);
    }
    return value;
  }

  private Value pixels() {
    var shape = nodes.get(0).shape();
    Buffer pixels =
        assembly.buffer(
            shape.isVector()
                ? Layouts.plain(assembly.size(), shape.channels())
                : Layouts.plain(Layouts.dimensions(assembly.size(), shape)));
    int count = assembly.size() * shape.size();
    assembly.step(
        StepKind.HOST_COPY,
        "images",
        call -> pixels.floats().put(0, call.batch.pixels(), call.first * shape.size(), count),
        pixels);
    return new Value(assembly, shape, pixels, false);
  }

  private void backward() {
    Value last = values[values.length - 1];
    Buffer gradients = assembly.buffer(last.buffer.layout);
    double[] logits = new double[assembly.size() * last.shape.size()];
    double[] gradient = new double[logits.length];
    assembly.step(
        StepKind.LOSS,
        "loss",
        call -> loss(call, last.buffer.floats(), logits, gradient, gradients.floats()),
        last.buffer,
        gradients);
    last.contribute(gradients);
    for (int i = backward.size() - 1; i >= 0; i--) {
      backward.get(i).run();
    }
    if (!penalties.isEmpty()) {
      PenaltyLayer.addUp(assembly, penalties);
    }
  }

  /** Computes the loss and its gradient in double precision. */
  private void loss(
      Step.Call call, FloatBuffer from, double[] logits, double[] gradient, FloatBuffer to) {
    for (int i = 0; i < logits.length; i++) {
      logits[i] = from.get(i);
    }
    int size = assembly.size();
    call.lossValue =
        call.loss.apply(logits, call.batch.labels(), size, logits.length / size, gradient);
    for (int i = 0; i < gradient.length; i++) {
      to.put(i, (float) gradient[i]);
    }
  }

  /** The ReLU that the layer of this node computes on the way, or null. */
  private Node fusedAfter(Node node) {
    List<Node> all = assembly.network.readers(node);
    boolean can =
        node.layer() instanceof Layer.Convolution
            || node.layer() instanceof Layer.Dense
            || node.layer() instanceof Layer.Normalise
            || node.layer() instanceof Layer.Add;
    return can && all.size() == 1 && all.get(0).layer().equals(RELU) ? all.get(0) : null;
  }

  private boolean relu(Node node) {
    return fusedAfter(node) != null;
  }

  private Value input(Node node) {
    return values[node.inputs().get(0)];
  }

  @Override
  public PlanLayer input(Node node, Layer.Input layer) {
    throw new IllegalStateException("images come first");
  }

  @Override
  public PlanLayer convolution(Node node, Layer.Convolution layer) {
    return isForWinograd(layer, node)
        ? new WinogradLayer(assembly, node, layer, input(node), relu(node))
        : new ConvolutionLayer(assembly, node, layer, input(node), relu(node));
  }

  /** With AVX-512, oneDNN has a kernel of this kind for 3x3 kernels itself. */
  private boolean isForWinograd(Layer.Convolution layer, Node node) {
    boolean elsewhere = layer.kernel() == 3 && assembly.layouts.isWide();
    return input(node).needsGradient
        && !elsewhere
        && OneDnn.hasAvx2()
        && Winograd.suits(layer, input(node).shape, node.shape());
  }

  @Override
  public PlanLayer dense(Node node, Layer.Dense layer) {
    return new DenseLayer(assembly, node, layer, input(node), relu(node));
  }

  @Override
  public PlanLayer normalise(Node node, Layer.Normalise layer) {
    return new NormLayer(assembly, node, layer.normaliser(), input(node), relu(node));
  }

  @Override
  public PlanLayer activate(Node node, Layer.Activate layer) {
    return new ActivationLayer(assembly, node, input(node), layer.function());
  }

  @Override
  public PlanLayer maxPool(Node node, Layer.MaxPool layer) {
    long[] window = {layer.kernel(), layer.kernel()};
    long[] stride = {layer.stride(), layer.stride()};
    long[] padding = {layer.padding(), layer.padding()};
    return new PoolLayer(
        assembly, node, input(node), algorithm.pooling_max, window, stride, padding);
  }

  @Override
  public PlanLayer globalAverage(Node node, Layer.GlobalAverage layer) {
    long[] whole = {input(node).shape.height(), input(node).shape.width()};
    algorithm average = algorithm.pooling_avg_exclude_padding;
    return new PoolLayer(assembly, node, input(node), average, whole, whole, new long[2]);
  }

  @Override
  public PlanLayer add(Node node, Layer.Add layer) {
    Value right = values[node.inputs().get(1)];
    return new AddLayer(assembly, node, input(node), right, relu(node));
  }
}
