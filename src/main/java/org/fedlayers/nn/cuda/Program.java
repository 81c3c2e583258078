package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Pass;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;

/**
 * A network compiled for one batch size and one kind of pass: what goes forward as one queued call,
 * what goes back as another, and the host memory that both begin and end with. Each layer appends
 * its calls, and says how to append those of the backward pass.
 */
final class Program implements Layer.Visitor<Runnable> {

  /**
   * What a program is compiled for.
   *
   * @param samples in a batch
   * @param pass null for evaluation
   */
  record Purpose(int samples, Pass pass) {
    Purpose {
      if (pass != null && pass.statistics() == Pass.Statistics.COLLECTING) {
        throw new IllegalStateException("nn/cuda has no FBN; run it with --executor plan");
      }
    }

    boolean training() {
      return pass != null;
    }

    /** Whether running statistics normalise by batch. */
    boolean given() {
      return !training() || pass.byRunning();
    }

    boolean moving() {
      return training() && pass.moves();
    }

    double penalty() {
      return training() ? pass.activationPenalty() : 0;
    }
  }

  /** All images of the batch, packed. */
  final FloatBuffer images;

  /** The logits after going forward; the gradient by them before going back. */
  final FloatBuffer logits;

  /** After going back: the sum of squares of each penalised activation. */
  final FloatBuffer penalties;

  final Runnable forward;
  final Runnable backward;

  final Purpose purpose;
  final Device device;
  final Workspace space;
  private final CudaModel model;
  private final Network network;
  private final List<Runnable> calls = new ArrayList<>();
  private final Runnable[] back;
  private final long[] values;
  private final long[] gradients;
  private final boolean[] needsGradient;
  private final boolean[] hasGradient;

  Program(CudaModel model, Purpose purpose) {
    this.model = model;
    this.purpose = purpose;
    network = model.network();
    device = model.device;
    space = model.space;
    int nodes = network.nodes().size();
    back = new Runnable[nodes];
    values = new long[nodes];
    gradients = new long[nodes];
    hasGradient = new boolean[nodes];
    needsGradient = network.reachableFrom(node -> !network.weightsOf(node.index()).isEmpty());
    space.restart();
    images = device.staging(purpose.samples() * network.input().size());
    logits = device.staging(purpose.samples() * network.classes());
    penalties = device.staging(Math.max(1, network.penalised().size()));
    forward = forward();
    backward = purpose.training() ? backward() : () -> {};
  }

  /** From the images to the logits, both in host memory. */
  private Runnable forward() {
    calls.add(model.weights.upload());
    calls.add(model.statistics.upload());
    for (Node node : network.nodes()) {
      values[node.index()] = space.take(count(node));
      back[node.index()] = node.layer().accept(this, node);
      if (!purpose.training()) {
        giveBackInputs(node);
      }
    }
    calls.add(device.download(values[values.length - 1], logits));
    return device.together(List.copyOf(calls));
  }

  /** From the gradient by the logits to that by all weights, both in host memory. */
  private Runnable backward() {
    calls.clear();
    for (Node node : network.nodes()) {
      if (needsGradient[node.index()]) {
        gradients[node.index()] = space.take(count(node));
      }
    }
    int last = values.length - 1;
    calls.add(device.upload(logits, gradients[last]));
    long sums = space.take(penalties.capacity());
    for (int i = last; i > 0; i--) {
      penalise(network.node(i), sums);
      if (needsGradient[i]) {
        back[i].run();
      }
    }
    calls.add(device.download(sums, penalties));
    calls.add(model.gradient.download());
    if (purpose.moving()) {
      calls.add(model.statistics.download());
    }
    return device.together(List.copyOf(calls));
  }

  /** Lets later layers of an evaluation work where nothing is read any more. */
  private void giveBackInputs(Node node) {
    for (int input : node.inputs().stream().distinct().toList()) {
      Node source = network.node(input);
      if (network.readers(source).stream().noneMatch(later -> later.index() > node.index())) {
        space.giveBack(values[input], count(source));
      }
    }
  }

  /** What MAN's penalty adds to the gradient by an activation: zeta / units times its value. */
  private void penalise(Node node, long sums) {
    int index = network.penalised().indexOf(node);
    if (purpose.penalty() == 0 || index < 0) {
      return;
    }
    long y = values[node.index()];
    calls.add(device.sumOfSquares(count(node), y, sums + index));
    if (needsGradient[node.index()]) {
      // Whatever reads the activation has contributed already.
      float factor = (float) (purpose.penalty() / count(node));
      calls.add(device.addMultiple(count(node), factor, y, gradients[node.index()]));
    }
  }

  @Override
  public Runnable input(Node node, Layer.Input layer) {
    calls.add(device.upload(images, values[0]));
    return null;
  }

  @Override
  public Runnable convolution(Node node, Layer.Convolution layer) {
    int side = layer.kernel();
    var geometry = geometry(node, side, side, layer.stride(), layer.padding(), layer.dilation());
    int source = source(node);
    long kernel = weight(node, Tensor.Role.KERNEL);
    calls.add(device.convolve(geometry, values[source], kernel, values[node.index()]));
    shift(node, layer.bias());
    return () -> {
      long dy = sum(node, layer.bias());
      long dKernel = gradient(node, Tensor.Role.KERNEL);
      calls.add(device.convolveKernelBack(geometry, values[source], dy, dKernel));
      if (needsGradient[source]) {
        calls.add(
            device.convolveBack(geometry, kernel, dy, gradients[source], contributed(source)));
      }
    };
  }

  @Override
  public Runnable dense(Node node, Layer.Dense layer) {
    int source = source(node);
    int inputs = network.node(source).shape().size();
    int samples = purpose.samples();
    int units = layer.units();
    long x = values[source];
    long kernel = weight(node, Tensor.Role.KERNEL);
    var product = new Device.Product(samples, units, inputs, false, true);
    calls.add(device.multiply(product, x, kernel, values[node.index()], false));
    shift(node, layer.bias());
    return () -> {
      long dy = sum(node, layer.bias());
      long dKernel = gradient(node, Tensor.Role.KERNEL);
      var turned = new Device.Product(units, inputs, samples, true, false);
      calls.add(device.multiply(turned, dy, x, dKernel, false));
      if (needsGradient[source]) {
        var down = new Device.Product(samples, inputs, units, false, false);
        calls.add(device.multiply(down, dy, kernel, gradients[source], contributed(source)));
      }
    };
  }

  private void shift(Node node, boolean bias) {
    if (bias) {
      long by = weight(node, Tensor.Role.BIAS);
      calls.add(device.shiftChannels(extent(node), by, values[node.index()]));
    }
  }

  /** The gradient by a node's output; appends its sum for the bias if there is one. */
  private long sum(Node node, boolean bias) {
    long dy = gradients[node.index()];
    if (bias) {
      calls.add(device.sumChannels(extent(node), dy, gradient(node, Tensor.Role.BIAS)));
    }
    return dy;
  }

  @Override
  public Runnable normalise(Node node, Layer.Normalise layer) {
    int source = source(node);
    long x = values[source];
    var normalisation = new Normalisation(this, node, layer.normaliser());
    calls.addAll(normalisation.forward(x, values[node.index()]));
    return () -> {
      // It is cheaper to compute a gradient by the input that is not needed than to leave it out.
      long dx = needsGradient[source] ? gradients[source] : space.take(count(node));
      boolean add = needsGradient[source] && contributed(source);
      calls.addAll(normalisation.backward(x, gradients[node.index()], dx, add));
    };
  }

  @Override
  public Runnable activate(Node node, Layer.Activate layer) {
    int source = source(node);
    long x = values[source];
    long y = values[node.index()];
    Device.Extent extent = extent(node);
    calls.add(device.activate(layer.function(), extent, x, y));
    return () -> {
      long dy = gradients[node.index()];
      boolean add = contributed(source);
      calls.add(device.activateBack(layer.function(), extent, x, y, dy, gradients[source], add));
    };
  }

  @Override
  public Runnable maxPool(Node node, Layer.MaxPool layer) {
    int side = layer.kernel();
    return pool(
        node, Device.Pool.LARGEST, geometry(node, side, side, layer.stride(), layer.padding(), 1));
  }

  @Override
  public Runnable globalAverage(Node node, Layer.GlobalAverage layer) {
    Shape from = network.node(source(node)).shape();
    return pool(node, Device.Pool.MEAN, geometry(node, from.height(), from.width(), 1, 0, 1));
  }

  private Runnable pool(Node node, Device.Pool pool, Device.Geometry geometry) {
    int source = source(node);
    long x = values[source];
    long y = values[node.index()];
    calls.add(device.pool(geometry, pool, x, y));
    return () -> {
      long dy = gradients[node.index()];
      boolean add = contributed(source);
      calls.add(device.poolBack(geometry, pool, x, y, dy, gradients[source], add));
    };
  }

  @Override
  public Runnable add(Node node, Layer.Add layer) {
    long y = values[node.index()];
    calls.add(device.copy(count(node), values[source(node)], y));
    calls.add(device.addMultiple(count(node), 1, values[node.inputs().get(1)], y));
    return () -> {
      long dy = gradients[node.index()];
      for (int input : node.inputs()) {
        if (needsGradient[input]) {
          calls.add(
              contributed(input)
                  ? device.addMultiple(count(node), 1, dy, gradients[input])
                  : device.copy(count(node), dy, gradients[input]));
        }
      }
    };
  }

  /** Whether a node's gradient has a contribution already, to which others are added. */
  private boolean contributed(int node) {
    boolean before = hasGradient[node];
    hasGradient[node] = true;
    return before;
  }

  private static int source(Node node) {
    return node.inputs().get(0);
  }

  private long count(Node node) {
    return (long) purpose.samples() * node.shape().size();
  }

  long weight(Node node, Tensor.Role role) {
    return model.weights.address(network.tensor(node, role));
  }

  long gradient(Node node, Tensor.Role role) {
    return model.gradient.address(network.tensor(node, role));
  }

  /** The running mean and variance of a node. */
  Device.Statistics running(Node node) {
    return new Device.Statistics(
        model.statistics.address(network.tensor(node, Tensor.Role.MEAN)),
        model.statistics.address(network.tensor(node, Tensor.Role.VARIANCE)));
  }

  Device.Extent extent(Node node) {
    Shape shape = node.shape();
    return new Device.Extent(purpose.samples(), shape.channels(), shape.pixels());
  }

  private Device.Geometry geometry(
      Node node, int height, int width, int stride, int padding, int dilation) {
    Shape from = network.node(source(node)).shape();
    return new Device.Geometry(
        purpose.samples(), from, node.shape(), height, width, stride, padding, dilation);
  }
}
