package org.fedlayers.nn.graph;

import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * DL4J's convolution, except that it keeps its output until the backward pass. DL4J convolves again
 * there, for the derivative of an activation function, which here is the identity.
 */
final class KeepingConvolution extends ConvolutionLayer {

  static ConvolutionLayer of(org.fedlayers.nn.Layer.Convolution layer) {
    return new KeepingConvolution(
        new Builder(layer.kernel(), layer.kernel())
            .nOut(layer.channels())
            .stride(layer.stride(), layer.stride())
            .padding(layer.padding(), layer.padding())
            .dilation(layer.dilation(), layer.dilation())
            .convolutionMode(ConvolutionMode.Truncate)
            .hasBias(layer.bias())
            .activation(Activation.IDENTITY)
            .helperAllowFallback(false));
  }

  private KeepingConvolution(Builder builder) {
    super(builder);
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration configuration,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialise,
      DataType type) {
    var layer = new Keeping(configuration, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(configuration, parameters, initialise));
    layer.setConf(configuration);
    return layer;
  }

  private static final class Keeping
      extends org.deeplearning4j.nn.layers.convolution.ConvolutionLayer {

    Keeping(NeuralNetConfiguration configuration, DataType type) {
      super(configuration, type);
      if (layerConf().getDilation()[0] > 1) {
        // The oneDNN helper of M2.1 pads as if there were no dilation, which oneDNN refuses.
        helper = null;
      }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
      INDArray output = super.activate(training, workspaces);
      preOutput = training ? output : null;
      return output;
    }
  }
}
