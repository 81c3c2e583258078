package org.fedlayers.nn.graph;

import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Configuration of a vertex of our own: one input, an output of the same shape. */
final class NodeVertex extends GraphVertex {

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
  public InputType getOutputType(int index, InputType... inputs) {
    return inputs[0];
  }

  @Override
  public int minVertexInputs() {
    return 1;
  }

  @Override
  public int maxVertexInputs() {
    return 1;
  }

  @Override
  public MemoryReport getMemoryReport(InputType... inputs) {
    throw new UnsupportedOperationException("no memory report");
  }

  @Override
  public GraphVertex clone() {
    return new NodeVertex(factory, parameters);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NodeVertex vertex
        && vertex.factory == factory
        && vertex.parameters == parameters;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(parameters);
  }
}
