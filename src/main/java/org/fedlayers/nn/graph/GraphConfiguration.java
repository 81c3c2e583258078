package org.fedlayers.nn.graph;

import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.weights.WeightInit;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Translates a network, node by node, into DL4J's description of a graph. */
final class GraphConfiguration implements Layer.Visitor<GraphBuilder> {
  private final Network network;
  private final GraphBuilder builder;
  private final double[] statistics;

  /**
   * @param statistics the running statistics that normalisers will read and move
   */
  GraphConfiguration(Network network, DataType type, double[] statistics) {
    this.network = network;
    this.statistics = statistics;
    builder =
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .weightInit(WeightInit.ZERO)
            .trainingWorkspaceMode(WorkspaceMode.ENABLED)
            .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
            .graphBuilder();
  }

  ComputationGraphConfiguration build() {
    network.nodes().forEach(node -> node.layer().accept(this, node));
    return builder.setOutputs(network.node(network.nodes().size() - 1).name()).build();
  }

  private String[] from(Node node) {
    return node.inputs().stream().map(i -> network.node(i).name()).toArray(String[]::new);
  }

  @Override
  public GraphBuilder input(Node node, Layer.Input layer) {
    Shape shape = layer.shape();
    InputType type =
        shape.isVector()
            ? InputType.feedForward(shape.channels())
            : InputType.convolutional(shape.height(), shape.width(), shape.channels());
    return builder.addInputs(node.name()).setInputTypes(type);
  }

  @Override
  public GraphBuilder convolution(Node node, Layer.Convolution layer) {
    return builder.addLayer(node.name(), KeepingConvolution.of(layer), from(node));
  }

  @Override
  public GraphBuilder dense(Node node, Layer.Dense layer) {
    var dense =
        new DenseLayer.Builder()
            .nOut(layer.units())
            .hasBias(layer.bias())
            .activation(Activation.IDENTITY)
            .build();
    return builder.addLayer(node.name(), dense, from(node));
  }

  @Override
  public GraphBuilder maxPool(Node node, Layer.MaxPool layer) {
    var pool =
        new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
            .kernelSize(layer.kernel(), layer.kernel())
            .stride(layer.stride(), layer.stride())
            .padding(layer.padding(), layer.padding())
            .convolutionMode(ConvolutionMode.Truncate)
            .build();
    return builder.addLayer(node.name(), pool, from(node));
  }

  @Override
  public GraphBuilder globalAverage(Node node, Layer.GlobalAverage layer) {
    return builder.addLayer(node.name(), new GlobalPoolingLayer(PoolingType.AVG), from(node));
  }

  @Override
  public GraphBuilder add(Node node, Layer.Add layer) {
    var sum = new ElementWiseVertex(ElementWiseVertex.Op.Add);
    return builder.addVertex(node.name(), sum, from(node));
  }

  @Override
  public GraphBuilder activate(Node node, Layer.Activate layer) {
    return vertex(node, 0, place -> new ActivateVertex(place, layer.function()));
  }

  @Override
  public GraphBuilder normalise(Node node, Layer.Normalise layer) {
    long weights = network.weightsOf(node.index()).stream().mapToInt(Tensor::size).sum();
    Tensor means = network.tensor(node, Tensor.Role.MEAN);
    int first = means == null ? 0 : means.offset();
    int channels = node.shape().channels();
    return vertex(
        node,
        weights,
        place -> new NormaliseVertex(place, layer.normaliser(), channels, statistics, first));
  }

  private GraphBuilder vertex(
      Node node, long parameters, Function<SingleInputVertex.Place, SingleInputVertex> make) {
    return builder.addVertex(node.name(), new NodeVertex(make, parameters), from(node));
  }

  /**
   * Configuration of a vertex of our own: one input, an output of the same shape, as DL4J's vertex
   * that scales describes it.
   */
  private static final class NodeVertex extends ScaleVertex {
    private final transient Function<SingleInputVertex.Place, SingleInputVertex> make;
    private final long parameters;

    NodeVertex(Function<SingleInputVertex.Place, SingleInputVertex> make, long parameters) {
      super(1);
      this.make = make;
      this.parameters = parameters;
    }

    @Override
    public GraphVertex instantiate(
        ComputationGraph graph,
        String name,
        int index,
        INDArray slice,
        boolean initialise,
        DataType type) {
      return make.apply(new SingleInputVertex.Place(graph, name, index, slice, type));
    }

    @Override
    public long numParams(boolean backprop) {
      return parameters;
    }

    @Override
    public ScaleVertex clone() {
      return new NodeVertex(make, parameters);
    }
  }
}
