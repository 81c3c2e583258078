package org.fedlayers.nn.cuda;

import static org.bytedeco.cuda.global.cublas.*;
import static org.bytedeco.cuda.global.cudart.*;
import static org.bytedeco.cuda.global.cudnn.*;
import static org.fedlayers.nn.Normaliser.EPSILON;
import static org.fedlayers.nn.Normaliser.RATE;
import static org.fedlayers.nn.cuda.Cuda.check;
import static org.fedlayers.nn.cuda.Cuda.checkBlas;
import static org.fedlayers.nn.cuda.Cuda.checkDnn;
import static org.fedlayers.nn.cuda.Cuda.dnn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cudnn.cudnnActivationStruct;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.cudnn.cudnnOpTensorStruct;
import org.bytedeco.cuda.cudnn.cudnnPoolingStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.fedlayers.nn.Layer;

/**
 * An NVIDIA card: one stream with handles of cuDNN and cuBLAS of its own, so that several cards of
 * one process run side by side. Only algorithms that give equal bits at every run are called.
 */
@SuppressWarnings("deprecation") // cuDNN 9 calls its fixed functions legacy, and keeps them
final class Card implements Device {
  /** For convolutions and products; an algorithm that needs more is not taken. */
  static final long SCRATCH_BYTES = 256L << 20;

  private static final int MODE = CUDNN_BATCHNORM_SPATIAL;

  static final FloatPointer ONE = new FloatPointer(1f);
  static final FloatPointer ZERO = new FloatPointer(0f);

  private final CUstream_st stream = new CUstream_st();
  final cudnnContext dnn = new cudnnContext();
  private final cublasContext blas = new cublasContext();
  final Descriptors descriptors = new Descriptors();
  private final List<FloatPointer> memory = new ArrayList<>();
  private final List<FloatPointer> hostMemory = new ArrayList<>();
  private final Graphs graphs = new Graphs(stream);
  final boolean tensorCores;
  final Pointer scratch;

  /**
   * @param tensorCores whether products may round their operands to TF32
   */
  Card(boolean tensorCores) {
    this.tensorCores = tensorCores;
    try {
      synchronized (Graphs.TURN) {
        scratch = open();
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private Pointer open() {
    check(cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking), "cudaStreamCreate");
    checkDnn(cudnnCreate(dnn), "cudnnCreate");
    checkDnn(cudnnSetStream(dnn, stream), "cudnnSetStream");
    checkBlas(cublasCreate_v2(blas), "cublasCreate");
    checkBlas(cublasSetStream_v2(blas, stream), "cublasSetStream");
    Pointer workspace = at(allocate(SCRATCH_BYTES / Float.BYTES));
    // After the stream, which resets it. A workspace of its own keeps products deterministic.
    checkBlas(cublasSetWorkspace_v2(blas, workspace, SCRATCH_BYTES), "cublasSetWorkspace");
    int mode = tensorCores ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_PEDANTIC_MATH;
    checkBlas(cublasSetMathMode(blas, mode), "cublasSetMathMode");
    return workspace;
  }

  /** A device address, in floats, as JavaCPP wants it. */
  private static final class Address extends FloatPointer {
    Address(long floats) {
      address = floats * Float.BYTES;
    }
  }

  private static FloatPointer at(long floats) {
    return new Address(floats);
  }

  private static FloatPointer beta(boolean add) {
    return add ? ONE : ZERO;
  }

  @Override
  public long allocate(long floats) {
    long bytes = Workspace.aligned(floats) * Float.BYTES;
    FloatPointer pointer = new FloatPointer();
    check(cudaMalloc(pointer, bytes), "cudaMalloc");
    memory.add(pointer);
    check(cudaMemsetAsync(pointer, 0, bytes, stream), "cudaMemset");
    return pointer.address() / Float.BYTES;
  }

  @Override
  public FloatBuffer staging(int floats) {
    if (floats == 0) {
      return FloatBuffer.allocate(0);
    }
    FloatPointer pointer = new FloatPointer();
    check(cudaMallocHost(pointer, (long) floats * Float.BYTES), "cudaMallocHost");
    hostMemory.add(pointer);
    return pointer.capacity(floats).asBuffer();
  }

  @Override
  public Runnable upload(FloatBuffer from, long to) {
    return copy(new FloatPointer(from), at(to), from.capacity(), cudaMemcpyHostToDevice);
  }

  @Override
  public Runnable download(long from, FloatBuffer to) {
    return copy(at(from), new FloatPointer(to), to.capacity(), cudaMemcpyDeviceToHost);
  }

  @Override
  public Runnable copy(long count, long from, long to) {
    return copy(at(from), at(to), count, cudaMemcpyDeviceToDevice);
  }

  private Runnable copy(Pointer from, Pointer to, long count, int kind) {
    if (count == 0) {
      return () -> {};
    }
    return () ->
        check(cudaMemcpyAsync(to, from, count * Float.BYTES, kind, stream), "cudaMemcpyAsync");
  }

  private Convolution convolution(Geometry geometry) {
    return new Convolution(this, geometry);
  }

  @Override
  public Runnable convolve(Geometry geometry, long x, long kernel, long y) {
    return convolution(geometry).forward(at(x), at(kernel), at(y));
  }

  @Override
  public Runnable convolveBack(Geometry geometry, long kernel, long dy, long dx, boolean add) {
    return convolution(geometry).back(at(kernel), at(dy), at(dx), beta(add));
  }

  @Override
  public Runnable convolveKernelBack(Geometry geometry, long x, long dy, long dKernel) {
    return convolution(geometry).kernelBack(at(x), at(dy), at(dKernel));
  }

  /** cuBLAS stores by columns: what it calls B A is the transpose of A B, stored by rows. */
  @Override
  public Runnable multiply(Product p, long a, long b, long c, boolean add) {
    int opA = p.transposeA() ? CUBLAS_OP_T : CUBLAS_OP_N;
    int opB = p.transposeB() ? CUBLAS_OP_T : CUBLAS_OP_N;
    int lda = p.transposeA() ? p.m() : p.k();
    int ldb = p.transposeB() ? p.k() : p.n();
    return () ->
        checkBlas(
            cublasSgemm_v2(
                blas, opB, opA, p.n(), p.m(), p.k(), ONE, at(b), ldb, at(a), lda, beta(add), at(c),
                p.n()),
            "cublasSgemm");
  }

  private static int mode(Pool pool) {
    return pool == Pool.LARGEST
        ? CUDNN_POOLING_MAX_DETERMINISTIC
        : CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING;
  }

  @Override
  public Runnable pool(Geometry geometry, Pool pool, long x, long y) {
    cudnnPoolingStruct pooling = descriptors.pooling(geometry, mode(pool));
    cudnnTensorStruct input = descriptors.tensor(geometry.samples(), geometry.input());
    cudnnTensorStruct output = descriptors.tensor(geometry.samples(), geometry.output());
    return dnn(
        "cudnnPoolingForward",
        () -> cudnnPoolingForward(dnn, pooling, ONE, input, at(x), ZERO, output, at(y)));
  }

  @Override
  public Runnable poolBack(
      Geometry geometry, Pool pool, long x, long y, long dy, long dx, boolean add) {
    cudnnPoolingStruct pooling = descriptors.pooling(geometry, mode(pool));
    cudnnTensorStruct input = descriptors.tensor(geometry.samples(), geometry.input());
    cudnnTensorStruct output = descriptors.tensor(geometry.samples(), geometry.output());
    return dnn(
        "cudnnPoolingBackward",
        () ->
            cudnnPoolingBackward(
                dnn, pooling, ONE, output, at(y), output, at(dy), input, at(x), beta(add), input,
                at(dx)));
  }

  private cudnnActivationStruct activation(Layer.Function function) {
    return descriptors.activation(
        function == Layer.Function.RELU ? CUDNN_ACTIVATION_RELU : CUDNN_ACTIVATION_TANH);
  }

  @Override
  public Runnable activate(Layer.Function function, Extent extent, long x, long y) {
    cudnnActivationStruct activation = activation(function);
    cudnnTensorStruct values = descriptors.tensor(extent);
    return dnn(
        "cudnnActivationForward",
        () -> cudnnActivationForward(dnn, activation, ONE, values, at(x), ZERO, values, at(y)));
  }

  @Override
  public Runnable activateBack(
      Layer.Function function, Extent extent, long x, long y, long dy, long dx, boolean add) {
    cudnnActivationStruct f = activation(function);
    cudnnTensorStruct all = descriptors.tensor(extent);
    return dnn(
        "cudnnActivationBackward",
        () ->
            cudnnActivationBackward(
                dnn, f, ONE, all, at(y), all, at(dy), all, at(x), beta(add), all, at(dx)));
  }

  @Override
  public Runnable normalise(
      Extent extent, long x, long scale, long shift, long y, Statistics saved, Statistics running) {
    cudnnTensorStruct all = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    FloatPointer mean = running == null ? null : at(running.mean());
    FloatPointer variance = running == null ? null : at(running.variance());
    FloatPointer outMean = at(saved.mean());
    FloatPointer outScale = at(saved.variance());
    return dnn(
        "cudnnBatchNormalizationForwardTraining",
        () ->
            cudnnBatchNormalizationForwardTraining(
                dnn, MODE, ONE, ZERO, all, at(x), all, at(y), channels, at(scale), at(shift), RATE,
                mean, variance, EPSILON, outMean, outScale));
  }

  @Override
  public Runnable normaliseBack(
      Extent extent,
      long x,
      long scale,
      Statistics saved,
      long dy,
      long dx,
      boolean add,
      long dScale,
      long dShift) {
    cudnnTensorStruct all = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    FloatPointer byScale = at(dScale);
    FloatPointer byShift = at(dShift);
    FloatPointer mean = at(saved.mean());
    FloatPointer scatter = at(saved.variance());
    return dnn(
        "cudnnBatchNormalizationBackward",
        () ->
            cudnnBatchNormalizationBackward(
                dnn, MODE, ONE, beta(add), ONE, ZERO, all, at(x), all, at(dy), all, at(dx),
                channels, at(scale), byScale, byShift, EPSILON, mean, scatter));
  }

  @Override
  public Runnable normaliseBy(
      Extent extent, long x, long scale, long shift, Statistics given, long y, boolean add) {
    cudnnTensorStruct all = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    FloatPointer mean = at(given.mean());
    FloatPointer variance = at(given.variance());
    return dnn(
        "cudnnBatchNormalizationForwardInference",
        () ->
            cudnnBatchNormalizationForwardInference(
                dnn, MODE, ONE, beta(add), all, at(x), all, at(y), channels, at(scale), at(shift),
                mean, variance, EPSILON));
  }

  @Override
  public Runnable scaleChannels(Extent extent, long x, long factor, long y) {
    return product(extent, x, descriptors.channels(extent), factor, y);
  }

  @Override
  public Runnable multiplyValues(Extent extent, long a, long b, long y) {
    return product(extent, a, descriptors.tensor(extent), b, y);
  }

  private Runnable product(Extent extent, long a, cudnnTensorStruct ofB, long b, long y) {
    cudnnOpTensorStruct product = descriptors.product();
    cudnnTensorStruct all = descriptors.tensor(extent);
    return dnn(
        "cudnnOpTensor",
        () -> cudnnOpTensor(dnn, product, ONE, all, at(a), ONE, ofB, at(b), ZERO, all, at(y)));
  }

  @Override
  public Runnable shiftChannels(Extent extent, long shift, long y) {
    cudnnTensorStruct values = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    return dnn(
        "cudnnAddTensor", () -> cudnnAddTensor(dnn, ONE, channels, at(shift), ONE, values, at(y)));
  }

  /** As cuDNN sums the gradient by a convolution's bias. */
  @Override
  public Runnable sumChannels(Extent extent, long x, long sums) {
    cudnnTensorStruct values = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    return dnn(
        "cudnnConvolutionBackwardBias",
        () -> cudnnConvolutionBackwardBias(dnn, ONE, values, at(x), ZERO, channels, at(sums)));
  }

  @Override
  public Runnable addMultiple(long count, float factor, long x, long to) {
    FloatPointer multiple = new FloatPointer(factor);
    int size = Math.toIntExact(count);
    return () ->
        checkBlas(cublasSaxpy_v2(blas, size, multiple, at(x), 1, at(to), 1), "cublasSaxpy");
  }

  @Override
  public Runnable sumOfSquares(long count, long x, long sum) {
    int size = Math.toIntExact(count);
    return () -> {
      checkBlas(cublasSetPointerMode_v2(blas, CUBLAS_POINTER_MODE_DEVICE), "cublasSetPointerMode");
      int status = cublasSdot_v2(blas, size, at(x), 1, at(x), 1, at(sum));
      checkBlas(cublasSetPointerMode_v2(blas, CUBLAS_POINTER_MODE_HOST), "cublasSetPointerMode");
      checkBlas(status, "cublasSdot");
    };
  }

  @Override
  public Runnable together(List<Runnable> calls) {
    return graphs.capture(calls);
  }

  @Override
  public void await() {
    check(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
  }

  @Override
  public void close() {
    synchronized (Graphs.TURN) {
      cudaStreamSynchronize(stream);
      graphs.close();
      descriptors.close();
      cublasDestroy_v2(blas);
      cudnnDestroy(dnn);
      memory.forEach(pointer -> cudaFree(pointer));
      hostMemory.forEach(pointer -> cudaFreeHost(pointer));
      cudaStreamDestroy(stream);
    }
  }
}
