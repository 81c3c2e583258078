package org.fedlayers.nn.graph;

import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.FwdPassType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A ComputationGraph trained by errors from outside. DL4J's own way to do that keeps every
 * activation off its workspaces; here they stay in one, as in {@code fit}.
 */
final class ExternalErrorGraph extends ComputationGraph {

  ExternalErrorGraph(ComputationGraphConfiguration configuration) {
    super(configuration);
  }

  /**
   * Forward in training mode, then backward; the gradient is in {@link #getGradientsViewArray()}.
   *
   * @param error gives the derivative of the loss by each output, from the outputs
   */
  @SuppressWarnings("try") // A workspace is open while it is a resource; no code names it.
  void train(INDArray input, UnaryOperator<INDArray> error) {
    var workspaces =
        LayerWorkspaceMgr.builder()
            .with(ArrayType.ACTIVATIONS, WS_ALL_LAYERS_ACT, WS_ALL_LAYERS_ACT_CONFIG)
            .build();
    try (MemoryWorkspace open = workspaces.notifyScopeEntered(ArrayType.ACTIVATIONS)) {
      String output = getConfiguration().getNetworkOutputs().get(0);
      INDArray[] inputs = {input};
      INDArray outputs =
          ffToLayerActivationsInWS(
                  true, -1, null, FwdPassType.STANDARD, false, inputs, null, null, false)
              .get(output);
      calcBackpropGradients(true, false, error.apply(outputs));
    } finally {
      // After an exception, vertices may still point into the workspace.
      for (GraphVertex vertex : vertices) {
        vertex.clear();
      }
    }
  }
}
