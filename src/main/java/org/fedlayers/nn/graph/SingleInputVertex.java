package org.fedlayers.nn.graph;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.fedlayers.nn.Pass;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A vertex of our own with one input and an output of the same shape. */
@SuppressWarnings("overrides") // DL4J declares setInputs with ... above and with [] below.
abstract class SingleInputVertex extends BaseGraphVertex {

  /** What the next training passes are to do. */
  Pass pass = Pass.TRAINING;

  SingleInputVertex(ComputationGraph graph, String name, int index, DataType type) {
    super(graph, name, index, null, null, type);
  }

  /** What the last training pass adds to the loss here. */
  double penalty() {
    return 0;
  }

  /** An array like the input, in C order, of the given lifetime. */
  final INDArray likeInput(ArrayType lifetime, LayerWorkspaceMgr workspaces) {
    return workspaces.createUninitialized(lifetime, dataType, inputs[0].shape(), 'c');
  }

  /** A batch as a matrix [size x channels, pixels]: one row for each channel of a sample. */
  static INDArray rows(INDArray batch) {
    long rows = batch.size(0) * batch.size(1);
    return batch.reshape('c', new long[] {rows, batch.length() / rows});
  }

  @Override
  public boolean hasLayer() {
    return false;
  }

  @Override
  public Layer getLayer() {
    return null;
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray gradients) {
    throw new IllegalStateException(getVertexName() + " has no parameters");
  }

  @Override
  public Pair<INDArray, MaskState> feedForwardMaskArrays(
      INDArray[] masks, MaskState state, int size) {
    throw new UnsupportedOperationException("images have no masks");
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "(" + getVertexName() + ")";
  }
}
