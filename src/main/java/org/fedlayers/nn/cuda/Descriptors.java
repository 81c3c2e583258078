package org.fedlayers.nn.cuda;

import static org.bytedeco.cuda.global.cudnn.*;
import static org.fedlayers.nn.cuda.Cuda.checkDnn;

import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.cuda.cudnn.cudnnActivationStruct;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnOpTensorStruct;
import org.bytedeco.cuda.cudnn.cudnnPoolingStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.fedlayers.nn.Shape;

/** Descriptions of tensors and operations as cuDNN wants them, destroyed together. */
@SuppressWarnings("deprecation") // cuDNN 9 calls its fixed functions legacy, and keeps them
final class Descriptors implements AutoCloseable {
  private final Deque<Runnable> destructions = new ArrayDeque<>();
  private cudnnOpTensorStruct product;

  cudnnTensorStruct tensor(int samples, Shape shape) {
    return tensor(samples, shape.channels(), shape.height(), shape.width());
  }

  cudnnTensorStruct tensor(Extent extent) {
    return tensor(extent.samples(), extent.channels(), 1, extent.pixels());
  }

  /** One value a channel. */
  cudnnTensorStruct channels(Extent extent) {
    return tensor(1, extent.channels(), 1, 1);
  }

  private cudnnTensorStruct tensor(int samples, int channels, int height, int width) {
    cudnnTensorStruct tensor = new cudnnTensorStruct();
    checkDnn(cudnnCreateTensorDescriptor(tensor), "cudnnCreateTensorDescriptor");
    destructions.push(() -> cudnnDestroyTensorDescriptor(tensor));
    checkDnn(
        cudnnSetTensor4dDescriptor(
            tensor, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, samples, channels, height, width),
        "cudnnSetTensor4dDescriptor");
    return tensor;
  }

  cudnnFilterStruct kernel(Window window) {
    cudnnFilterStruct kernel = new cudnnFilterStruct();
    checkDnn(cudnnCreateFilterDescriptor(kernel), "cudnnCreateFilterDescriptor");
    destructions.push(() -> cudnnDestroyFilterDescriptor(kernel));
    checkDnn(
        cudnnSetFilter4dDescriptor(
            kernel,
            CUDNN_DATA_FLOAT,
            CUDNN_TENSOR_NCHW,
            window.output().channels(),
            window.input().channels(),
            window.height(),
            window.width()),
        "cudnnSetFilter4dDescriptor");
    return kernel;
  }

  cudnnConvolutionStruct convolution(Window window, boolean tensorCores) {
    cudnnConvolutionStruct convolution = new cudnnConvolutionStruct();
    checkDnn(cudnnCreateConvolutionDescriptor(convolution), "cudnnCreateConvolutionDescriptor");
    destructions.push(() -> cudnnDestroyConvolutionDescriptor(convolution));
    checkDnn(
        cudnnSetConvolution2dDescriptor(
            convolution,
            window.padding(),
            window.padding(),
            window.stride(),
            window.stride(),
            window.dilation(),
            window.dilation(),
            CUDNN_CROSS_CORRELATION,
            CUDNN_DATA_FLOAT),
        "cudnnSetConvolution2dDescriptor");
    checkDnn(
        cudnnSetConvolutionMathType(convolution, tensorCores ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH),
        "cudnnSetConvolutionMathType");
    return convolution;
  }

  cudnnPoolingStruct pooling(Window window, int mode) {
    cudnnPoolingStruct pooling = new cudnnPoolingStruct();
    checkDnn(cudnnCreatePoolingDescriptor(pooling), "cudnnCreatePoolingDescriptor");
    destructions.push(() -> cudnnDestroyPoolingDescriptor(pooling));
    checkDnn(
        cudnnSetPooling2dDescriptor(
            pooling,
            mode,
            CUDNN_PROPAGATE_NAN,
            window.height(),
            window.width(),
            window.padding(),
            window.padding(),
            window.stride(),
            window.stride()),
        "cudnnSetPooling2dDescriptor");
    return pooling;
  }

  cudnnActivationStruct activation(int mode) {
    cudnnActivationStruct activation = new cudnnActivationStruct();
    checkDnn(cudnnCreateActivationDescriptor(activation), "cudnnCreateActivationDescriptor");
    destructions.push(() -> cudnnDestroyActivationDescriptor(activation));
    checkDnn(
        cudnnSetActivationDescriptor(activation, mode, CUDNN_PROPAGATE_NAN, 0),
        "cudnnSetActivationDescriptor");
    return activation;
  }

  /** Of two tensors, value by value. */
  cudnnOpTensorStruct product() {
    if (product == null) {
      product = new cudnnOpTensorStruct();
      checkDnn(cudnnCreateOpTensorDescriptor(product), "cudnnCreateOpTensorDescriptor");
      destructions.push(() -> cudnnDestroyOpTensorDescriptor(product));
      checkDnn(
          cudnnSetOpTensorDescriptor(
              product, CUDNN_OP_TENSOR_MUL, CUDNN_DATA_FLOAT, CUDNN_PROPAGATE_NAN),
          "cudnnSetOpTensorDescriptor");
    }
    return product;
  }

  @Override
  public void close() {
    destructions.forEach(Runnable::run);
    destructions.clear();
  }
}
