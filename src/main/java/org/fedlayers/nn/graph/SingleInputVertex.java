package org.fedlayers.nn.graph;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.impl.ScaleVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.fedlayers.nn.Pass;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vertex of our own with one input and an output of the same shape: in all but what it computes
 * it is DL4J's vertex that scales.
 */
@SuppressWarnings("overrides") // DL4J declares setInputs with ... above and with [] below.
abstract class SingleInputVertex extends ScaleVertex {

  /** What the next training passes are to do. */
  Pass pass = Pass.TRAINING;

  /**
   * What DL4J says of a vertex that it makes.
   *
   * @param parameters the vertex's slice of the graph's, null if it has none
   */
  record Place(
      ComputationGraph graph, String name, int index, INDArray parameters, DataType type) {}

  SingleInputVertex(Place place) {
    super(place.graph, place.name, place.index, 1, place.type);
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
}
