package org.fedlayers.nn;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Builds a {@link Network} layer by layer. Every method appends a node and returns it; a skip
 * connection is a second use of a node:
 *
 * <pre>{@code
 * var b = new NetworkBuilder("tiny", new Shape(3, 32, 32));
 * Node x = b.relu("conv1.relu", b.convolution("conv1", b.input(), 16, 3, 1));
 * Network network = b.logits(b.dense("logits", b.globalAverage("pool", x), 10));
 * }</pre>
 */
public final class NetworkBuilder {
  private final String name;
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  public NetworkBuilder(String name, Shape input) {
    this.name = name;
    append("input", new Layer.Input(input), input);
  }

  public Node input() {
    return nodes.get(0);
  }

  /** A convolution with bias whose padding keeps the size at stride 1. */
  public Node convolution(String name, Node from, int channels, int kernel, int stride) {
    return convolution(
        name, from, new Layer.Convolution(channels, kernel, stride, kernel / 2, 1, true));
  }

  public Node convolution(String name, Node from, Layer.Convolution layer) {
    var shape = slide(name, from, layer.channels(), layer.reach(), layer.stride(), layer.padding());
    return append(name, layer, shape, from);
  }

  public Node dense(String name, Node from, int units) {
    return append(name, new Layer.Dense(units, true), Shape.vector(units), from);
  }

  /** The normaliser over {@code from}, or {@code from} itself for {@code NONE}. */
  public Node normalise(String name, Node from, Normaliser normaliser) {
    if (normaliser.kind() == Normaliser.Kind.NONE) {
      return from;
    }
    int channels = from.shape().channels();
    if (normaliser.kind() == Normaliser.Kind.GROUP && channels % normaliser.groups() != 0) {
      throw new IllegalArgumentException(
          normaliser.groups() + " groups do not divide the " + channels + " channels of " + name);
    }
    if (!normaliser.hasStatistics() && normaliser.groupsOf(channels) == from.shape().size()) {
      throw new IllegalArgumentException(
          name + " normalises each of " + channels + " values by itself, which leaves 0");
    }
    return append(name, new Layer.Normalise(normaliser), from.shape(), from);
  }

  public Node relu(String name, Node from) {
    return activate(name, from, Layer.Function.RELU);
  }

  public Node activate(String name, Node from, Layer.Function function) {
    return append(name, new Layer.Activate(function), from.shape(), from);
  }

  public Node maxPool(String name, Node from, int kernel, int stride, int padding) {
    Layer layer = new Layer.MaxPool(kernel, stride, padding);
    Shape shape = slide(name, from, from.shape().channels(), kernel, stride, padding);
    return append(name, layer, shape, from);
  }

  public Node globalAverage(String name, Node from) {
    return append(name, new Layer.GlobalAverage(), Shape.vector(from.shape().channels()), from);
  }

  public Node add(String name, Node left, Node right) {
    if (!left.shape().equals(right.shape())) {
      throw new IllegalArgumentException(name + " adds " + left.shape() + " to " + right.shape());
    }
    return append(name, new Layer.Add(), left.shape(), left, right);
  }

  /**
   * Ends the description; {@code last} must be the node appended last, a vector: the logits. All
   * others must be read.
   */
  public Network logits(Node last) {
    if (last.index() != nodes.size() - 1 || !last.shape().isVector()) {
      throw new IllegalArgumentException(last.name() + " is not a vector at the end");
    }
    Network network = new Network(name, nodes, false);
    for (Node node : nodes.subList(0, last.index())) {
      if (network.readers(node).isEmpty()) {
        throw new IllegalArgumentException("no layer reads " + node.name());
      }
    }
    return network;
  }

  /** The shape of what a window gives that slides over an image. */
  private static Shape slide(
      String name, Node from, int channels, int reach, int stride, int padding) {
    int height = from.shape().height() + 2 * padding;
    int width = from.shape().width() + 2 * padding;
    int least = Math.min(height, width);
    if (least < reach) {
      throw new IllegalArgumentException(
          name + " looks at " + reach + " pixels where there are " + least);
    }
    return new Shape(channels, (height - reach) / stride + 1, (width - reach) / stride + 1);
  }

  private Node append(String name, Layer layer, Shape shape, Node... from) {
    if (!names.add(name)) {
      throw new IllegalArgumentException("two layers are called " + name);
    }
    List<Integer> inputs = new ArrayList<>();
    for (Node node : from) {
      inputs.add(node.index());
    }
    Node node = new Node(nodes.size(), name, layer, List.copyOf(inputs), shape);
    nodes.add(node);
    return node;
  }
}
