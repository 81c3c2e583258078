package org.fedlayers.nn.graph;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;

/** Translates a network, node by node, into DL4J's description of a graph. */
final class GraphConfiguration {
  private final Network network;
  private final DataType type;
  private final double[] statistics;

  /**
   * @param statistics the running statistics that normalisers will read and move
   */
  GraphConfiguration(Network network, DataType type, double[] statistics) {
    this.network = network;
    this.type = type;
    this.statistics = statistics;
  }

  ComputationGraphConfiguration build() {
    GraphBuilder builder =
        new NeuralNetConfiguration.Builder()
            .dataType(type)
            .weightInit(WeightInit.ZERO)
            .trainingWorkspaceMode(WorkspaceMode.ENABLED)
            .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
            .graphBuilder();
    for (Node node : network.nodes()) {
      String[] from =
          node.inputs().stream().map(i -> network.node(i).name()).toArray(String[]::new);
      append(builder, node, from);
    }
    return builder.setOutputs(network.node(network.nodes().size() - 1).name()).build();
  }

  private void append(GraphBuilder builder, Node node, String... from) {
    Layer layer = node.layer();
    String name = node.name();
    if (layer instanceof Layer.Input input) {
      builder.addInputs(name).setInputTypes(type(input.shape()));
    } else if (layer instanceof Layer.Convolution convolution) {
      builder.addLayer(name, KeepingConvolution.of(convolution), from);
    } else if (layer instanceof Layer.Dense dense) {
      builder.addLayer(name, dense(dense), from);
    } else if (layer instanceof Layer.MaxPool pool) {
      builder.addLayer(name, pool(pool), from);
    } else if (layer instanceof Layer.GlobalAverage) {
      builder.addLayer(name, new GlobalPoolingLayer(PoolingType.AVG), from);
    } else if (layer instanceof Layer.Add) {
      builder.addVertex(name, new ElementWiseVertex(ElementWiseVertex.Op.Add), from);
    } else if (layer instanceof Layer.Activate activate) {
      builder.addVertex(name, activate(activate), from);
    } else if (layer instanceof Layer.Normalise normalise) {
      builder.addVertex(name, normalise(node, normalise.normaliser()), from);
    } else {
      throw new IllegalStateException("no translation for " + layer);
    }
  }

  private static InputType type(Shape shape) {
    return shape.height() * shape.width() == 1
        ? InputType.feedForward(shape.channels())
        : InputType.convolutional(shape.height(), shape.width(), shape.channels());
  }

  private static DenseLayer dense(Layer.Dense dense) {
    return new DenseLayer.Builder()
        .nOut(dense.units())
        .hasBias(dense.bias())
        .activation(Activation.IDENTITY)
        .build();
  }

  private static SubsamplingLayer pool(Layer.MaxPool pool) {
    return new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX)
        .kernelSize(pool.kernel(), pool.kernel())
        .stride(pool.stride(), pool.stride())
        .padding(pool.padding(), pool.padding())
        .convolutionMode(ConvolutionMode.Truncate)
        .build();
  }

  private static NodeVertex activate(Layer.Activate activate) {
    return new NodeVertex(
        (graph, name, index, parameters, type) ->
            new ActivateVertex(graph, name, index, type, activate.function()),
        0);
  }

  private NodeVertex normalise(Node node, Normaliser normaliser) {
    long weights = network.weightsOf(node.index()).stream().mapToInt(Tensor::size).sum();
    int first =
        network.statistics().stream()
            .filter(tensor -> tensor.node() == node.index())
            .mapToInt(Tensor::offset)
            .findFirst()
            .orElse(0);
    return new NodeVertex(
        (graph, name, index, parameters, type) ->
            new NormaliseVertex(
                graph,
                name,
                index,
                type,
                normaliser,
                node.shape().channels(),
                parameters,
                statistics,
                first),
        weights);
  }
}
