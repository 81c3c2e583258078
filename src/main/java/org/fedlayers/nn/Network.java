package org.fedlayers.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.data.Batch;

/**
 * An architecture, written once: nodes in topological order, the first an input, the last the
 * logits. Everything else is derived from it: the canonical flat order of weights and of
 * statistics, parameter count, the tensors MAN penalises, the receptive field, and what every
 * executor runs. Made by {@link NetworkBuilder}; immutable.
 */
public final class Network {
  private final String name;
  private final List<Node> nodes;
  private final List<Tensor> weights = new ArrayList<>();
  private final List<Tensor> statistics = new ArrayList<>();

  private final boolean standardised;

  Network(String name, List<Node> nodes, boolean standardised) {
    this.name = name;
    this.standardised = standardised;
    this.nodes = List.copyOf(nodes);
    for (Node node : nodes) {
      layOut(node);
    }
  }

  private void layOut(Node node) {
    int channels = node.shape().channels();
    if (node.layer() instanceof Layer.Convolution convolution) {
      int in = nodes.get(node.inputs().get(0)).shape().channels();
      int side = convolution.kernel();
      int fanIn = in * side * side;
      weight(node, Tensor.Role.KERNEL, fanIn, channels, in, side, side);
      if (convolution.bias()) {
        weight(node, Tensor.Role.BIAS, fanIn, channels);
      }
    } else if (node.layer() instanceof Layer.Dense dense) {
      int in = nodes.get(node.inputs().get(0)).shape().size();
      weight(node, Tensor.Role.KERNEL, in, channels, in);
      if (dense.bias()) {
        weight(node, Tensor.Role.BIAS, in, channels);
      }
    } else if (node.layer() instanceof Layer.Normalise normalise) {
      weight(node, Tensor.Role.SCALE, 0, channels);
      weight(node, Tensor.Role.SHIFT, 0, channels);
      if (normalise.normaliser().kind() == Normaliser.Kind.HYBRID) {
        weight(node, Tensor.Role.MIX, 0, channels);
      }
      if (normalise.normaliser().hasStatistics()) {
        append(statistics, node, Tensor.Role.MEAN, 0, channels);
        append(statistics, node, Tensor.Role.VARIANCE, 0, channels);
      }
    }
  }

  private void weight(Node node, Tensor.Role role, int fanIn, int... dimensions) {
    append(weights, node, role, fanIn, dimensions);
  }

  private static void append(
      List<Tensor> list, Node node, Tensor.Role role, int fanIn, int... dimensions) {
    int size = IntStream.of(dimensions).reduce(1, (product, side) -> product * side);
    String name = node.name() + "." + role.name().toLowerCase(Locale.ROOT);
    list.add(new Tensor(node.index(), name, role, dimensions, count(list), size, fanIn));
  }

  /**
   * The same with kernels that are standardised before each pass, see {@link StandardisedModel}.
   */
  public Network standardised() {
    return new Network(name, nodes, true);
  }

  public boolean isStandardised() {
    return standardised;
  }

  /** Whether a normaliser mixes the batch's statistics into the global ones (HBN). */
  public boolean hasHybrid() {
    return nodes.stream()
        .anyMatch(
            node ->
                node.layer() instanceof Layer.Normalise normalise
                    && normalise.normaliser().kind() == Normaliser.Kind.HYBRID);
  }

  public String name() {
    return name;
  }

  /** All nodes in topological order. */
  public List<Node> nodes() {
    return nodes;
  }

  public Node node(int index) {
    return nodes.get(index);
  }

  /** The shape of one input sample. */
  public Shape input() {
    return nodes.get(0).shape();
  }

  /** The number of logits. */
  public int classes() {
    return nodes.get(nodes.size() - 1).shape().size();
  }

  /**
   * The tensors of the flat weight vector, in order: what the optimiser, control variates, SAM and
   * momentum see.
   */
  public List<Tensor> weights() {
    return List.copyOf(weights);
  }

  /**
   * The tensors of the flat statistics vector, in order: running means and variances of the
   * normalisers.
   */
  public List<Tensor> statistics() {
    return List.copyOf(statistics);
  }

  /** Weights of the given node, in order; empty if it has none. */
  public List<Tensor> weightsOf(int node) {
    return weights.stream().filter(tensor -> tensor.node() == node).toList();
  }

  /** The weight or statistic that a node has in a role; null if it has none. */
  public Tensor tensor(Node node, Tensor.Role role) {
    return Stream.concat(weights.stream(), statistics.stream())
        .filter(tensor -> tensor.node() == node.index() && tensor.role() == role)
        .findFirst()
        .orElse(null);
  }

  /** The nodes that read a node's output. */
  public List<Node> readers(Node node) {
    return nodes.stream().filter(reader -> reader.inputs().contains(node.index())).toList();
  }

  /** For each node, whether it or a node before it on some path is of a kind. */
  public boolean[] reachableFrom(Predicate<Node> kind) {
    boolean[] reached = new boolean[nodes.size()];
    for (Node node : nodes) {
      reached[node.index()] =
          kind.test(node) || node.inputs().stream().anyMatch(input -> reached[input]);
    }
    return reached;
  }

  /** Length of the flat weight vector, the number usually called parameters. */
  public int weightCount() {
    return count(weights);
  }

  /** Length of the flat statistics vector. */
  public int statisticsCount() {
    return count(statistics);
  }

  private static int count(List<Tensor> tensors) {
    return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
  }

  /**
   * @throws IllegalArgumentException if a batch has no images, or images of another size
   */
  public void check(Batch batch) {
    int size = input().size();
    if (batch.size() < 1 || batch.pixels().length != batch.capacity() * size) {
      throw new IllegalArgumentException(
          "%s images in a batch of %s, %s values for images of %s"
              .formatted(batch.size(), batch.capacity(), batch.pixels().length, input()));
    }
  }

  /**
   * That a training pass can be computed, too.
   *
   * @throws IllegalArgumentException if not, or a channel whose batch normalises it has one value
   */
  public void check(Batch batch, Pass pass) {
    check(batch);
    if (batch.size() > 1 || pass.statistics() == Pass.Statistics.FROZEN) {
      return;
    }
    for (Node node : nodes) {
      if (node.layer() instanceof Layer.Normalise layer
          && layer.normaliser().hasStatistics()
          && node.shape().pixels() == 1) {
        throw new IllegalArgumentException(
            node.name() + " normalises by batch, which needs two values a channel, not one");
      }
    }
  }

  /** Fresh statistics: means 0, variances 1. */
  public float[] freshStatistics() {
    float[] fresh = new float[statisticsCount()];
    for (Tensor tensor : statistics) {
      if (tensor.role() == Tensor.Role.VARIANCE) {
        Arrays.fill(fresh, tensor.offset(), tensor.end(), 1f);
      }
    }
    return fresh;
  }

  /**
   * The activations MAN penalises (arXiv 2512.08314): every activation's output, which is before
   * pooling and includes residual blocks' outputs; never the logits.
   */
  public List<Node> penalised() {
    return nodes.stream().filter(node -> node.layer() instanceof Layer.Activate).toList();
  }

  /** The nodes that hold kernels, in order: the layers of every layerwise figure. */
  public List<Node> kernelLayers() {
    return nodes.stream().filter(this::hasKernel).toList();
  }

  private boolean hasKernel(Node node) {
    return weightsOf(node.index()).stream().anyMatch(of -> of.role() == Tensor.Role.KERNEL);
  }

  /** The depth as papers count it: layers with kernels on the longest path, 20 for ResNet-20. */
  public int depth() {
    int[] depths = new int[nodes.size()];
    for (Node node : nodes) {
      int before = node.inputs().stream().mapToInt(input -> depths[input]).max().orElse(0);
      depths[node.index()] = before + (hasKernel(node) ? 1 : 0);
    }
    return depths[depths.length - 1];
  }

  @Override
  public String toString() {
    return name + " (" + weightCount() + " weights)";
  }
}
