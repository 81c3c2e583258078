package org.fedlayers.nn.graph;

import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a vertex of our own: one input, an output of the same shape, as DL4J's vertex
 * that scales describes it.
 */
final class NodeVertex extends ScaleVertex {

  /** Makes the vertex that computes. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param parameters the vertex's slice of the graph's, null if it has none
     */
    SingleInputVertex make(
        ComputationGraph graph, String name, int index, INDArray parameters, DataType type);
  }

  private final transient Factory factory;
  private final long parameters;

  NodeVertex(Factory factory, long parameters) {
    super(1);
    this.factory = factory;
    this.parameters = parameters;
  }

  @Override
  public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
      ComputationGraph graph,
      String name,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    return factory.make(graph, name, index, parameters, type);
  }

  @Override
  public long numParams(boolean backprop) {
    return parameters;
  }

  @Override
  public ScaleVertex clone() {
    return new NodeVertex(factory, parameters);
  }
}
