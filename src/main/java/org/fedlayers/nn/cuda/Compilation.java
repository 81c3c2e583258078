package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;

/** The calls that a network's layers become, in order, with the memory they work in. */
final class Compilation {
  private final Network network;
  private final ProgramPurpose purpose;
  private final Device device;
  private final Parameters parameters;
  private final Workspace space;
  private final List<Runnable> calls = new ArrayList<>();
  private final long[] values;
  private final long[] gradients;
  private final boolean[] needsGradient;
  private final boolean[] hasGradient;
  private final Normalisation[] normalisations;

  Compilation(
      Network network,
      ProgramPurpose purpose,
      Device device,
      Parameters parameters,
      Workspace space) {
    this.network = network;
    this.purpose = purpose;
    this.device = device;
    this.parameters = parameters;
    this.space = space;
    int nodes = network.nodes().size();
    values = new long[nodes];
    gradients = new long[nodes];
    needsGradient = new boolean[nodes];
    hasGradient = new boolean[nodes];
    normalisations = new Normalisation[nodes];
    for (Node node : network.nodes()) {
      needsGradient[node.index()] =
          !network.weightsOf(node.index()).isEmpty()
              || node.inputs().stream().anyMatch(input -> needsGradient[input]);
    }
  }

  /** From the images to the logits, both in host memory. */
  List<Runnable> forward(FloatBuffer images, FloatBuffer logits) {
    calls.addAll(parameters.uploads());
    for (Node node : network.nodes()) {
      values[node.index()] = space.take(count(node));
      if (node.index() == 0) {
        calls.add(device.upload(images, values[0]));
      } else {
        forward(node);
      }
      if (!purpose.training()) {
        giveBackInputs(node);
      }
    }
    calls.add(device.download(values[values.length - 1], logits));
    return List.copyOf(calls);
  }

  /** From the gradient by the logits to that by all weights, both in host memory. */
  List<Runnable> backward(FloatBuffer slopes, FloatBuffer penalties) {
    calls.clear();
    for (Node node : network.nodes()) {
      if (needsGradient[node.index()]) {
        gradients[node.index()] = space.take(count(node));
      }
    }
    int last = values.length - 1;
    calls.add(device.upload(slopes, gradients[last]));
    long sums = space.take(penalties.capacity());
    for (int i = last; i > 0; i--) {
      penalise(network.node(i), sums);
      if (needsGradient[i]) {
        backward(network.node(i));
      }
    }
    calls.add(device.download(sums, penalties));
    calls.add(parameters.downloadGradient());
    if (purpose.moving()) {
      calls.add(parameters.downloadStatistics());
    }
    return List.copyOf(calls);
  }

  /** Lets later layers of an evaluation work where nothing is read any more. */
  private void giveBackInputs(Node node) {
    for (int input : node.inputs().stream().distinct().toList()) {
      boolean readLater =
          network.nodes().stream()
              .anyMatch(later -> later.index() > node.index() && later.inputs().contains(input));
      if (!readLater) {
        space.giveBack(values[input], count(network.node(input)));
      }
    }
  }

  private void forward(Node node) {
    Node source = network.node(node.inputs().get(0));
    long x = values[source.index()];
    long y = values[node.index()];
    Layer layer = node.layer();
    if (layer instanceof Layer.Convolution convolution) {
      calls.add(device.convolve(window(node), x, weight(node, Tensor.Role.KERNEL), y));
      shift(node, convolution.bias(), y);
    } else if (layer instanceof Layer.Dense dense) {
      Product product = new Product(samples(), dense.units(), source.shape().size(), false, true);
      calls.add(device.multiply(product, x, weight(node, Tensor.Role.KERNEL), y, false));
      shift(node, dense.bias(), y);
    } else if (layer instanceof Layer.Normalise normalise) {
      Normalisation normalisation =
          new Normalisation(node, normalise.normaliser(), purpose, device, parameters, space);
      normalisations[node.index()] = normalisation;
      calls.addAll(normalisation.forward(x, y));
    } else if (layer instanceof Layer.Activate activate) {
      calls.add(device.activate(activate.function(), extent(node), x, y));
    } else if (layer instanceof Layer.Add) {
      calls.add(device.copy(count(node), x, y));
      calls.add(device.addMultiple(count(node), 1, values[node.inputs().get(1)], y));
    } else {
      calls.add(device.pool(window(node), pool(layer), x, y));
    }
  }

  private void shift(Node node, boolean bias, long y) {
    if (bias) {
      calls.add(device.shiftChannels(extent(node), weight(node, Tensor.Role.BIAS), y));
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

  private void backward(Node node) {
    int source = node.inputs().get(0);
    long x = values[source];
    long y = values[node.index()];
    long dy = gradients[node.index()];
    Layer layer = node.layer();
    if (layer instanceof Layer.Convolution convolution) {
      Window window = window(node);
      sum(node, convolution.bias(), dy);
      calls.add(
          device.convolveKernelBack(window, x, dy, parameters.gradient(node, Tensor.Role.KERNEL)));
      if (needsGradient[source]) {
        long kernel = weight(node, Tensor.Role.KERNEL);
        calls.add(device.convolveBack(window, kernel, dy, gradients[source], contributed(source)));
      }
    } else if (layer instanceof Layer.Dense dense) {
      int inputs = network.node(source).shape().size();
      sum(node, dense.bias(), dy);
      calls.add(
          device.multiply(
              new Product(dense.units(), inputs, samples(), true, false),
              dy,
              x,
              parameters.gradient(node, Tensor.Role.KERNEL),
              false));
      if (needsGradient[source]) {
        Product product = new Product(samples(), inputs, dense.units(), false, false);
        long kernel = weight(node, Tensor.Role.KERNEL);
        calls.add(device.multiply(product, dy, kernel, gradients[source], contributed(source)));
      }
    } else if (layer instanceof Layer.Normalise) {
      // A gradient by the input that nobody needs is cheaper computed than left out.
      long dx = needsGradient[source] ? gradients[source] : space.take(count(node));
      boolean add = needsGradient[source] && contributed(source);
      calls.addAll(normalisations[node.index()].backward(x, dy, dx, add));
    } else if (layer instanceof Layer.Add) {
      for (int input : node.inputs()) {
        if (needsGradient[input]) {
          calls.add(
              contributed(input)
                  ? device.addMultiple(count(node), 1, dy, gradients[input])
                  : device.copy(count(node), dy, gradients[input]));
        }
      }
    } else if (layer instanceof Layer.Activate activate) {
      calls.add(
          device.activateBack(
              activate.function(), extent(node), x, y, dy, gradients[source], contributed(source)));
    } else {
      calls.add(
          device.poolBack(
              window(node), pool(layer), x, y, dy, gradients[source], contributed(source)));
    }
  }

  private void sum(Node node, boolean bias, long dy) {
    if (bias) {
      long gradient = parameters.gradient(node, Tensor.Role.BIAS);
      calls.add(device.sumChannels(extent(node), dy, gradient));
    }
  }

  /** Whether a node's gradient has a contribution already, to which others are added. */
  private boolean contributed(int node) {
    boolean before = hasGradient[node];
    hasGradient[node] = true;
    return before;
  }

  private int samples() {
    return purpose.samples();
  }

  private long count(Node node) {
    return (long) samples() * node.shape().size();
  }

  private long weight(Node node, Tensor.Role role) {
    return parameters.weight(node, role);
  }

  private Extent extent(Node node) {
    Shape shape = node.shape();
    return new Extent(samples(), shape.channels(), shape.height() * shape.width());
  }

  private static Device.Pool pool(Layer layer) {
    return layer instanceof Layer.MaxPool ? Device.Pool.LARGEST : Device.Pool.MEAN;
  }

  private Window window(Node node) {
    Shape from = network.node(node.inputs().get(0)).shape();
    Shape to = node.shape();
    if (node.layer() instanceof Layer.Convolution c) {
      return new Window(
          samples(), from, to, c.kernel(), c.kernel(), c.stride(), c.padding(), c.dilation());
    }
    if (node.layer() instanceof Layer.MaxPool p) {
      return new Window(samples(), from, to, p.kernel(), p.kernel(), p.stride(), p.padding(), 1);
    }
    if (node.layer() instanceof Layer.GlobalAverage) {
      return new Window(samples(), from, to, from.height(), from.width(), 1, 0, 1);
    }
    throw new IllegalStateException("nn/cuda has no " + node.layer());
  }
}
