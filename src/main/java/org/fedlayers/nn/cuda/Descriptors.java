package org.fedlayers.nn.cuda;

import static org.bytedeco.cuda.global.cudnn.*;
import static org.fedlayers.nn.cuda.Cuda.checkDnn;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToIntFunction;
import org.bytedeco.cuda.cudnn.cudnnActivationStruct;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnOpTensorStruct;
import org.bytedeco.cuda.cudnn.cudnnPoolingStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.cuda.global.cudnn;
import org.fedlayers.nn.Shape;

/** Descriptions of tensors and operations as cuDNN wants them, destroyed together. */
@SuppressWarnings("deprecation") // cuDNN 9 calls its fixed functions legacy, and keeps them
final class Descriptors implements AutoCloseable {
  private final Deque<Runnable> destructions = new ArrayDeque<>();

  private <D> D make(
      D descriptor, ToIntFunction<D> create, ToIntFunction<D> set, ToIntFunction<D> destroy) {
    String what = descriptor.getClass().getSimpleName();
    checkDnn(create.applyAsInt(descriptor), "creating a " + what);
    destructions.push(() -> destroy.applyAsInt(descriptor));
    checkDnn(set.applyAsInt(descriptor), "setting a " + what);
    return descriptor;
  }

  cudnnTensorStruct tensor(int samples, Shape shape) {
    return tensor(samples, shape.channels(), shape.height(), shape.width());
  }

  cudnnTensorStruct tensor(Device.Extent extent) {
    return tensor(extent.samples(), extent.channels(), 1, extent.pixels());
  }

  /** One value a channel. */
  cudnnTensorStruct channels(Device.Extent extent) {
    return tensor(1, extent.channels(), 1, 1);
  }

  private cudnnTensorStruct tensor(int n, int c, int h, int w) {
    return make(
        new cudnnTensorStruct(),
        cudnn::cudnnCreateTensorDescriptor,
        it -> cudnnSetTensor4dDescriptor(it, CUDNN_TENSOR_NCHW, CUDNN_DATA_FLOAT, n, c, h, w),
        cudnn::cudnnDestroyTensorDescriptor);
  }

  cudnnFilterStruct kernel(Device.Geometry w) {
    int to = w.output().channels();
    int from = w.input().channels();
    return make(
        new cudnnFilterStruct(),
        cudnn::cudnnCreateFilterDescriptor,
        it ->
            cudnnSetFilter4dDescriptor(
                it, CUDNN_DATA_FLOAT, CUDNN_TENSOR_NCHW, to, from, w.height(), w.width()),
        cudnn::cudnnDestroyFilterDescriptor);
  }

  cudnnConvolutionStruct convolution(Device.Geometry w) {
    int pad = w.padding();
    int step = w.stride();
    int gap = w.dilation();
    int mode = CUDNN_CROSS_CORRELATION;
    return make(
        new cudnnConvolutionStruct(),
        cudnn::cudnnCreateConvolutionDescriptor,
        it ->
            cudnnSetConvolution2dDescriptor(
                it, pad, pad, step, step, gap, gap, mode, CUDNN_DATA_FLOAT),
        cudnn::cudnnDestroyConvolutionDescriptor);
  }

  cudnnPoolingStruct pooling(Device.Geometry w, int mode) {
    int pad = w.padding();
    int step = w.stride();
    return make(
        new cudnnPoolingStruct(),
        cudnn::cudnnCreatePoolingDescriptor,
        it ->
            cudnnSetPooling2dDescriptor(
                it, mode, CUDNN_PROPAGATE_NAN, w.height(), w.width(), pad, pad, step, step),
        cudnn::cudnnDestroyPoolingDescriptor);
  }

  cudnnActivationStruct activation(int mode) {
    return make(
        new cudnnActivationStruct(),
        cudnn::cudnnCreateActivationDescriptor,
        it -> cudnnSetActivationDescriptor(it, mode, CUDNN_PROPAGATE_NAN, 0),
        cudnn::cudnnDestroyActivationDescriptor);
  }

  /** Of two tensors, value by value. */
  cudnnOpTensorStruct product() {
    int multiply = CUDNN_OP_TENSOR_MUL;
    return make(
        new cudnnOpTensorStruct(),
        cudnn::cudnnCreateOpTensorDescriptor,
        it -> cudnnSetOpTensorDescriptor(it, multiply, CUDNN_DATA_FLOAT, CUDNN_PROPAGATE_NAN),
        cudnn::cudnnDestroyOpTensorDescriptor);
  }

  @Override
  public void close() {
    destructions.forEach(Runnable::run);
    destructions.clear();
  }
}
