package org.fedlayers.nn.cuda;

import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_T;
import static org.bytedeco.cuda.global.cublas.CUBLAS_PEDANTIC_MATH;
import static org.bytedeco.cuda.global.cublas.CUBLAS_POINTER_MODE_DEVICE;
import static org.bytedeco.cuda.global.cublas.CUBLAS_POINTER_MODE_HOST;
import static org.bytedeco.cuda.global.cublas.CUBLAS_TF32_TENSOR_OP_MATH;
import static org.bytedeco.cuda.global.cublas.cublasCreate_v2;
import static org.bytedeco.cuda.global.cublas.cublasDestroy_v2;
import static org.bytedeco.cuda.global.cublas.cublasSaxpy_v2;
import static org.bytedeco.cuda.global.cublas.cublasSdot_v2;
import static org.bytedeco.cuda.global.cublas.cublasSetMathMode;
import static org.bytedeco.cuda.global.cublas.cublasSetPointerMode_v2;
import static org.bytedeco.cuda.global.cublas.cublasSetStream_v2;
import static org.bytedeco.cuda.global.cublas.cublasSetWorkspace_v2;
import static org.bytedeco.cuda.global.cublas.cublasSgemm_v2;
import static org.bytedeco.cuda.global.cudart.cudaFree;
import static org.bytedeco.cuda.global.cudart.cudaFreeHost;
import static org.bytedeco.cuda.global.cudart.cudaGraphDestroy;
import static org.bytedeco.cuda.global.cudart.cudaGraphExecDestroy;
import static org.bytedeco.cuda.global.cudart.cudaGraphInstantiateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaGraphLaunch;
import static org.bytedeco.cuda.global.cudart.cudaMalloc;
import static org.bytedeco.cuda.global.cudart.cudaMallocHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToDevice;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaMemsetAsync;
import static org.bytedeco.cuda.global.cudart.cudaStreamBeginCapture;
import static org.bytedeco.cuda.global.cudart.cudaStreamCaptureModeThreadLocal;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamEndCapture;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;
import static org.bytedeco.cuda.global.cudnn.CUDNN_ACTIVATION_RELU;
import static org.bytedeco.cuda.global.cudnn.CUDNN_ACTIVATION_TANH;
import static org.bytedeco.cuda.global.cudnn.CUDNN_BATCHNORM_SPATIAL;
import static org.bytedeco.cuda.global.cudnn.CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING;
import static org.bytedeco.cuda.global.cudnn.CUDNN_POOLING_MAX_DETERMINISTIC;
import static org.bytedeco.cuda.global.cudnn.cudnnActivationBackward;
import static org.bytedeco.cuda.global.cudnn.cudnnActivationForward;
import static org.bytedeco.cuda.global.cudnn.cudnnAddTensor;
import static org.bytedeco.cuda.global.cudnn.cudnnBatchNormalizationBackward;
import static org.bytedeco.cuda.global.cudnn.cudnnBatchNormalizationForwardInference;
import static org.bytedeco.cuda.global.cudnn.cudnnBatchNormalizationForwardTraining;
import static org.bytedeco.cuda.global.cudnn.cudnnConvolutionBackwardBias;
import static org.bytedeco.cuda.global.cudnn.cudnnConvolutionBackwardData;
import static org.bytedeco.cuda.global.cudnn.cudnnConvolutionBackwardFilter;
import static org.bytedeco.cuda.global.cudnn.cudnnConvolutionForward;
import static org.bytedeco.cuda.global.cudnn.cudnnCreate;
import static org.bytedeco.cuda.global.cudnn.cudnnDestroy;
import static org.bytedeco.cuda.global.cudnn.cudnnOpTensor;
import static org.bytedeco.cuda.global.cudnn.cudnnPoolingBackward;
import static org.bytedeco.cuda.global.cudnn.cudnnPoolingForward;
import static org.bytedeco.cuda.global.cudnn.cudnnSetStream;
import static org.fedlayers.nn.cuda.Cuda.check;
import static org.fedlayers.nn.cuda.Cuda.checkBlas;
import static org.fedlayers.nn.cuda.Cuda.checkDnn;

import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cublas.cublasContext;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.cuda.cudnn.cudnnActivationStruct;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.cudnn.cudnnPoolingStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Normaliser;

/**
 * An NVIDIA card: one stream with handles of cuDNN and cuBLAS of its own, so that several cards of
 * one process run side by side. Only algorithms that give equal bits at every run are called.
 */
@SuppressWarnings("deprecation") // cuDNN 9 calls its fixed functions legacy, and keeps them
final class Card implements Device {
  /** For convolutions and products; an algorithm that needs more is not taken. */
  private static final long SCRATCH_BYTES = 128L << 20;

  private static final FloatPointer ONE = new FloatPointer(1f);
  private static final FloatPointer ZERO = new FloatPointer(0f);

  private final CUstream_st stream = new CUstream_st();
  private final cudnnContext dnn = new cudnnContext();
  private final cublasContext blas = new cublasContext();
  private final Descriptors descriptors = new Descriptors();
  private final List<FloatPointer> memory = new ArrayList<>();
  private final List<FloatPointer> hostMemory = new ArrayList<>();
  private final List<CUgraphExec_st> graphs = new ArrayList<>();
  private final boolean tensorCores;
  private final Pointer scratch;

  /**
   * @param tensorCores whether products may round their operands to TF32
   */
  Card(boolean tensorCores) {
    this.tensorCores = tensorCores;
    check(cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking), "cudaStreamCreate");
    checkDnn(cudnnCreate(dnn), "cudnnCreate");
    checkDnn(cudnnSetStream(dnn, stream), "cudnnSetStream");
    checkBlas(cublasCreate_v2(blas), "cublasCreate");
    checkBlas(cublasSetStream_v2(blas, stream), "cublasSetStream");
    scratch = new Address(allocate(SCRATCH_BYTES / Float.BYTES));
    // After the stream, which resets it. A workspace of its own keeps products deterministic.
    checkBlas(cublasSetWorkspace_v2(blas, scratch, SCRATCH_BYTES), "cublasSetWorkspace");
    int mode = tensorCores ? CUBLAS_TF32_TENSOR_OP_MATH : CUBLAS_PEDANTIC_MATH;
    checkBlas(cublasSetMathMode(blas, mode), "cublasSetMathMode");
  }

  /** A device address, in floats, as JavaCPP wants it. */
  private static final class Address extends FloatPointer {
    Address(long floats) {
      address = floats * Float.BYTES;
    }
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
    FloatPointer pointer = new FloatPointer();
    check(cudaMallocHost(pointer, (long) Math.max(1, floats) * Float.BYTES), "cudaMallocHost");
    hostMemory.add(pointer);
    return pointer.capacity(floats).asBuffer();
  }

  @Override
  public Runnable upload(FloatBuffer from, long to) {
    return copy(new FloatPointer(from), new Address(to), from.capacity(), cudaMemcpyHostToDevice);
  }

  @Override
  public Runnable download(long from, FloatBuffer to) {
    return copy(new Address(from), new FloatPointer(to), to.capacity(), cudaMemcpyDeviceToHost);
  }

  @Override
  public Runnable copy(long count, long from, long to) {
    return copy(new Address(from), new Address(to), count, cudaMemcpyDeviceToDevice);
  }

  private Runnable copy(Pointer from, Pointer to, long count, int kind) {
    if (count == 0) {
      return () -> {};
    }
    return () ->
        check(cudaMemcpyAsync(to, from, count * Float.BYTES, kind, stream), "cudaMemcpyAsync");
  }

  private ConvolutionPlan plan(Window window) {
    return new ConvolutionPlan(window, tensorCores, SCRATCH_BYTES, dnn, descriptors);
  }

  @Override
  public Runnable convolve(Window window, long x, long kernel, long y) {
    ConvolutionPlan plan = plan(window);
    int algorithm = plan.forward();
    Pointer from = new Address(x);
    Pointer weights = new Address(kernel);
    Pointer to = new Address(y);
    return () ->
        checkDnn(
            cudnnConvolutionForward(
                dnn,
                ONE,
                plan.input(),
                from,
                plan.kernel(),
                weights,
                plan.convolution(),
                algorithm,
                scratch,
                SCRATCH_BYTES,
                ZERO,
                plan.output(),
                to),
            "cudnnConvolutionForward");
  }

  @Override
  public Runnable convolveBack(Window window, long kernel, long dy, long dx, boolean add) {
    ConvolutionPlan plan = plan(window);
    int algorithm = plan.backward();
    Pointer weights = new Address(kernel);
    Pointer from = new Address(dy);
    Pointer to = new Address(dx);
    return () ->
        checkDnn(
            cudnnConvolutionBackwardData(
                dnn,
                ONE,
                plan.kernel(),
                weights,
                plan.output(),
                from,
                plan.convolution(),
                algorithm,
                scratch,
                SCRATCH_BYTES,
                beta(add),
                plan.input(),
                to),
            "cudnnConvolutionBackwardData");
  }

  @Override
  public Runnable convolveKernelBack(Window window, long x, long dy, long dKernel) {
    ConvolutionPlan plan = plan(window);
    int algorithm = plan.kernelBackward();
    Pointer input = new Address(x);
    Pointer from = new Address(dy);
    Pointer to = new Address(dKernel);
    return () ->
        checkDnn(
            cudnnConvolutionBackwardFilter(
                dnn,
                ONE,
                plan.input(),
                input,
                plan.output(),
                from,
                plan.convolution(),
                algorithm,
                scratch,
                SCRATCH_BYTES,
                ZERO,
                plan.kernel(),
                to),
            "cudnnConvolutionBackwardFilter");
  }

  /** cuBLAS stores by columns: what it calls B A is the transpose of A B, stored by rows. */
  @Override
  public Runnable multiply(Product p, long a, long b, long c, boolean add) {
    FloatPointer left = new Address(a);
    FloatPointer right = new Address(b);
    FloatPointer result = new Address(c);
    return () ->
        checkBlas(
            cublasSgemm_v2(
                blas,
                p.transposeB() ? CUBLAS_OP_T : CUBLAS_OP_N,
                p.transposeA() ? CUBLAS_OP_T : CUBLAS_OP_N,
                p.n(),
                p.m(),
                p.k(),
                ONE,
                right,
                p.transposeB() ? p.k() : p.n(),
                left,
                p.transposeA() ? p.m() : p.k(),
                beta(add),
                result,
                p.n()),
            "cublasSgemm");
  }

  private static int mode(Pool pool) {
    return pool == Pool.LARGEST
        ? CUDNN_POOLING_MAX_DETERMINISTIC
        : CUDNN_POOLING_AVERAGE_COUNT_EXCLUDE_PADDING;
  }

  @Override
  public Runnable pool(Window window, Pool pool, long x, long y) {
    cudnnPoolingStruct pooling = descriptors.pooling(window, mode(pool));
    cudnnTensorStruct input = descriptors.tensor(window.samples(), window.input());
    cudnnTensorStruct output = descriptors.tensor(window.samples(), window.output());
    Pointer from = new Address(x);
    Pointer to = new Address(y);
    return () ->
        checkDnn(
            cudnnPoolingForward(dnn, pooling, ONE, input, from, ZERO, output, to),
            "cudnnPoolingForward");
  }

  @Override
  public Runnable poolBack(
      Window window, Pool pool, long x, long y, long dy, long dx, boolean add) {
    cudnnPoolingStruct pooling = descriptors.pooling(window, mode(pool));
    cudnnTensorStruct input = descriptors.tensor(window.samples(), window.input());
    cudnnTensorStruct output = descriptors.tensor(window.samples(), window.output());
    Pointer values = new Address(x);
    Pointer pooled = new Address(y);
    Pointer from = new Address(dy);
    Pointer to = new Address(dx);
    return () ->
        checkDnn(
            cudnnPoolingBackward(
                dnn, pooling, ONE, output, pooled, output, from, input, values, beta(add), input,
                to),
            "cudnnPoolingBackward");
  }

  private cudnnActivationStruct activation(Layer.Function function) {
    return descriptors.activation(
        function == Layer.Function.RELU ? CUDNN_ACTIVATION_RELU : CUDNN_ACTIVATION_TANH);
  }

  @Override
  public Runnable activate(Layer.Function function, Extent extent, long x, long y) {
    cudnnActivationStruct activation = activation(function);
    cudnnTensorStruct values = descriptors.tensor(extent);
    Pointer from = new Address(x);
    Pointer to = new Address(y);
    return () ->
        checkDnn(
            cudnnActivationForward(dnn, activation, ONE, values, from, ZERO, values, to),
            "cudnnActivationForward");
  }

  @Override
  public Runnable activateBack(
      Layer.Function function, Extent extent, long x, long y, long dy, long dx, boolean add) {
    cudnnActivationStruct activation = activation(function);
    cudnnTensorStruct values = descriptors.tensor(extent);
    Pointer input = new Address(x);
    Pointer output = new Address(y);
    Pointer from = new Address(dy);
    Pointer to = new Address(dx);
    return () ->
        checkDnn(
            cudnnActivationBackward(
                dnn,
                activation,
                ONE,
                values,
                output,
                values,
                from,
                values,
                input,
                beta(add),
                values,
                to),
            "cudnnActivationBackward");
  }

  @Override
  public Runnable normalise(
      Extent extent, long x, long scale, long shift, long y, Statistics saved, Statistics running) {
    cudnnTensorStruct values = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    Pointer from = new Address(x);
    Pointer factor = new Address(scale);
    Pointer summand = new Address(shift);
    Pointer to = new Address(y);
    Pointer mean = new Address(saved.mean());
    Pointer inverse = new Address(saved.variance());
    Pointer runningMean = running == null ? null : new Address(running.mean());
    Pointer runningVariance = running == null ? null : new Address(running.variance());
    return () ->
        checkDnn(
            cudnnBatchNormalizationForwardTraining(
                dnn,
                CUDNN_BATCHNORM_SPATIAL,
                ONE,
                ZERO,
                values,
                from,
                values,
                to,
                channels,
                factor,
                summand,
                Normaliser.RATE,
                runningMean,
                runningVariance,
                Normaliser.EPSILON,
                mean,
                inverse),
            "cudnnBatchNormalizationForwardTraining");
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
    cudnnTensorStruct values = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    Pointer input = new Address(x);
    Pointer factor = new Address(scale);
    Pointer mean = new Address(saved.mean());
    Pointer inverse = new Address(saved.variance());
    Pointer from = new Address(dy);
    Pointer to = new Address(dx);
    Pointer byScale = new Address(dScale);
    Pointer byShift = new Address(dShift);
    return () ->
        checkDnn(
            cudnnBatchNormalizationBackward(
                dnn,
                CUDNN_BATCHNORM_SPATIAL,
                ONE,
                beta(add),
                ONE,
                ZERO,
                values,
                input,
                values,
                from,
                values,
                to,
                channels,
                factor,
                byScale,
                byShift,
                Normaliser.EPSILON,
                mean,
                inverse),
            "cudnnBatchNormalizationBackward");
  }

  @Override
  public Runnable normaliseBy(
      Extent extent, long x, long scale, long shift, Statistics given, long y, boolean add) {
    cudnnTensorStruct values = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    Pointer from = new Address(x);
    Pointer factor = new Address(scale);
    Pointer summand = new Address(shift);
    Pointer mean = new Address(given.mean());
    Pointer variance = new Address(given.variance());
    Pointer to = new Address(y);
    return () ->
        checkDnn(
            cudnnBatchNormalizationForwardInference(
                dnn,
                CUDNN_BATCHNORM_SPATIAL,
                ONE,
                beta(add),
                values,
                from,
                values,
                to,
                channels,
                factor,
                summand,
                mean,
                variance,
                Normaliser.EPSILON),
            "cudnnBatchNormalizationForwardInference");
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
    cudnnTensorStruct values = descriptors.tensor(extent);
    Pointer one = new Address(a);
    Pointer other = new Address(b);
    Pointer to = new Address(y);
    return () ->
        checkDnn(
            cudnnOpTensor(
                dnn, descriptors.product(), ONE, values, one, ONE, ofB, other, ZERO, values, to),
            "cudnnOpTensor");
  }

  @Override
  public Runnable shiftChannels(Extent extent, long shift, long y) {
    cudnnTensorStruct values = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    Pointer summand = new Address(shift);
    Pointer to = new Address(y);
    return () ->
        checkDnn(cudnnAddTensor(dnn, ONE, channels, summand, ONE, values, to), "cudnnAddTensor");
  }

  /** As cuDNN sums the gradient by a convolution's bias. */
  @Override
  public Runnable sumChannels(Extent extent, long x, long sums) {
    cudnnTensorStruct values = descriptors.tensor(extent);
    cudnnTensorStruct channels = descriptors.channels(extent);
    Pointer from = new Address(x);
    Pointer to = new Address(sums);
    return () ->
        checkDnn(
            cudnnConvolutionBackwardBias(dnn, ONE, values, from, ZERO, channels, to),
            "cudnnConvolutionBackwardBias");
  }

  @Override
  public Runnable addMultiple(long count, float factor, long x, long to) {
    FloatPointer multiple = new FloatPointer(factor);
    FloatPointer from = new Address(x);
    FloatPointer sum = new Address(to);
    int size = Math.toIntExact(count);
    return () -> checkBlas(cublasSaxpy_v2(blas, size, multiple, from, 1, sum, 1), "cublasSaxpy");
  }

  @Override
  public Runnable sumOfSquares(long count, long x, long sum) {
    FloatPointer values = new Address(x);
    FloatPointer to = new Address(sum);
    int size = Math.toIntExact(count);
    return () -> {
      checkBlas(cublasSetPointerMode_v2(blas, CUBLAS_POINTER_MODE_DEVICE), "cublasSetPointerMode");
      checkBlas(cublasSdot_v2(blas, size, values, 1, values, 1, to), "cublasSdot");
      checkBlas(cublasSetPointerMode_v2(blas, CUBLAS_POINTER_MODE_HOST), "cublasSetPointerMode");
    };
  }

  /**
   * Captured after a first run, in which the libraries load what they need. Captures take turns.
   */
  @Override
  public Runnable together(List<Runnable> calls) {
    CUgraphExec_st graph = new CUgraphExec_st();
    synchronized (Card.class) {
      calls.forEach(Runnable::run);
      await();
      CUgraph_st captured = new CUgraph_st();
      check(
          cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal),
          "cudaStreamBeginCapture");
      calls.forEach(Runnable::run);
      check(cudaStreamEndCapture(stream, captured), "cudaStreamEndCapture");
      check(cudaGraphInstantiateWithFlags(graph, captured, 0), "cudaGraphInstantiate");
      check(cudaGraphDestroy(captured), "cudaGraphDestroy");
    }
    graphs.add(graph);
    return () -> check(cudaGraphLaunch(graph, stream), "cudaGraphLaunch");
  }

  @Override
  public void await() {
    check(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
  }

  @Override
  public void close() {
    cudaStreamSynchronize(stream);
    graphs.forEach(graph -> cudaGraphExecDestroy(graph));
    descriptors.close();
    cublasDestroy_v2(blas);
    cudnnDestroy(dnn);
    memory.forEach(pointer -> cudaFree(pointer));
    hostMemory.forEach(pointer -> cudaFreeHost(pointer));
    cudaStreamDestroy(stream);
  }
}
