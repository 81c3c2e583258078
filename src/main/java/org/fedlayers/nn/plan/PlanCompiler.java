package org.fedlayers.nn.plan;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;

/**
 * Compiles a network: walks its nodes forward, then back, and lets each layer append its steps. A
 * ReLU whose input nobody else reads is computed by the layer before it.
 */
final class PlanCompiler {
  private static final Layer RELU = new Layer.Activate(Layer.Function.RELU);

  private final Network network;
  private final Assembly assembly;
  private final int[] readers;
  private final Value[] values;
  private final List<Runnable> backward = new ArrayList<>();
  private final List<PenaltyLayer> penalties = new ArrayList<>();

  private PlanCompiler(Network network, Assembly assembly) {
    this.network = network;
    this.assembly = assembly;
    this.values = new Value[network.nodes().size()];
    this.readers = new int[network.nodes().size()];
    for (Node node : network.nodes()) {
      node.inputs().forEach(input -> readers[input]++);
    }
    for (Node node : network.nodes().subList(0, readers.length - 1)) {
      if (readers[node.index()] == 0) {
        throw new IllegalArgumentException("no layer reads " + node.name());
      }
    }
  }

  /**
   * @param made the open scope that holds every native object
   */
  static Plan compile(Network network, Assembly assembly, PointerScope made) {
    var compiler = new PlanCompiler(network, assembly);
    Region logits = compiler.forward();
    if (assembly.purpose().training()) {
      compiler.backward();
    }
    return new Plan(assembly, logits, made);
  }

  private Region forward() {
    values[0] = pixels();
    for (Node node : network.nodes().subList(1, values.length)) {
      if (isFused(node)) {
        values[node.index()] = values[node.inputs().get(0)];
      } else {
        Node relu = fusedAfter(node);
        PlanLayer layer = layer(node, relu != null);
        values[node.index()] = layer.forward();
        Value value = values[node.index()];
        if (node.layer().equals(RELU)
            || (relu != null && !(node.layer() instanceof Layer.Normalise))) {
          value.setRectified();
        }
        if (value.needsGradient()) {
          backward.add(layer::backward);
        }
        if (assembly.purpose().penalty() != 0
            && (relu != null || node.layer() instanceof Layer.Activate)) {
          penalise(value);
        }
      }
    }
    Region logits = values[values.length - 1].region();
    assembly.touch(List.of(logits));
    return logits;
  }

  private void penalise(Value value) {
    var penalty = new PenaltyLayer(assembly, value);
    penalties.add(penalty);
    backward.add(penalty::backward);
  }

  private Value pixels() {
    Region pixels =
        assembly.region(
            Layouts.isVector(network.input())
                ? Layouts.plain(assembly.size(), network.input().channels())
                : Layouts.plain(Layouts.dimensions(assembly.size(), network.input())));
    int values = network.input().size();
    assembly.step(
        StepKind.BORDER,
        "images",
        call -> {
          Batch batch = call.batch;
          int count = assembly.size() * values;
          pixels.floats().put(0, batch.pixels(), call.first * values, count);
        },
        pixels);
    return new Value(network.input(), pixels, false);
  }

  private void backward() {
    Value last = values[values.length - 1];
    Region slopes = assembly.region(last.region().layout());
    assembly.step(
        StepKind.LOSS,
        "loss",
        new LossStep(assembly.size(), network.classes(), last.region(), slopes),
        last.region(),
        slopes);
    last.contribute(assembly, slopes);
    for (int i = backward.size() - 1; i >= 0; i--) {
      backward.get(i).run();
    }
    if (!penalties.isEmpty()) {
      PenaltyLayer.addUp(assembly, penalties);
    }
  }

  private boolean isFused(Node node) {
    return node == fusedAfter(network.node(node.inputs().get(0)));
  }

  /** The ReLU that the layer of this node computes on the way, or null. */
  private Node fusedAfter(Node node) {
    boolean can =
        node.layer() instanceof Layer.Convolution
            || node.layer() instanceof Layer.Dense
            || node.layer() instanceof Layer.Normalise
            || node.layer() instanceof Layer.Add;
    if (!can || readers[node.index()] != 1) {
      return null;
    }
    return network.nodes().stream()
        .filter(reader -> reader.inputs().contains(node.index()))
        .filter(reader -> reader.layer().equals(RELU))
        .findFirst()
        .orElse(null);
  }

  private PlanLayer layer(Node node, boolean relu) {
    Value input = values[node.inputs().get(0)];
    Layer layer = node.layer();
    if (layer instanceof Layer.Convolution convolution) {
      return isForWinograd(convolution, node.shape(), input)
          ? new WinogradLayer(assembly, node, input, relu)
          : new ConvolutionLayer(assembly, node, input, relu);
    } else if (layer instanceof Layer.Dense) {
      return new DenseLayer(assembly, node, input, relu);
    } else if (layer instanceof Layer.Normalise normalise) {
      Normaliser normaliser = normalise.normaliser();
      boolean running = normaliser.hasStatistics() && assembly.purpose().frozen();
      return running || normaliser.kind() == Normaliser.Kind.BATCH
          ? new BatchNormLayer(assembly, node, input, relu)
          : new SetNormLayer(assembly, node, input, relu);
    } else if (layer instanceof Layer.Activate) {
      return new ActivationLayer(assembly, node, input);
    } else if (layer instanceof Layer.Add) {
      return new AddLayer(assembly, node, input, values[node.inputs().get(1)], relu);
    }
    return new PoolLayer(assembly, node, input);
  }

  /** With AVX-512, oneDNN has a kernel of this kind for windows of 3 itself. */
  private boolean isForWinograd(Layer.Convolution layer, Shape result, Value input) {
    boolean elsewhere = layer.kernel() == 3 && assembly.layouts().isWide();
    return input.needsGradient()
        && !elsewhere
        && OneDnn.hasAvx2()
        && Winograd.suits(layer, input.shape(), result);
  }
}
