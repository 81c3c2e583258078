package org.fedlayers.nn.cuda;

import static org.bytedeco.cuda.global.cudnn.*;
import static org.fedlayers.nn.cuda.Card.ONE;
import static org.fedlayers.nn.cuda.Card.SCRATCH_BYTES;
import static org.fedlayers.nn.cuda.Card.ZERO;
import static org.fedlayers.nn.cuda.Cuda.checkDnn;
import static org.fedlayers.nn.cuda.Cuda.dnn;

import java.util.function.IntUnaryOperator;
import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdDataAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdFilterAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.SizeTPointer;

/**
 * One direction of a convolution, by the first algorithm that cuDNN's heuristics name, that is
 * deterministic, fits the scratch memory and runs. Timings play no part, so that two runs give
 * equal bits.
 */
@SuppressWarnings("deprecation") // cuDNN 9 calls its fixed functions legacy, and keeps them
final class Convolution {
  /** More than there are algorithms. */
  private static final int CANDIDATES = 16;

  private final Card card;
  private final cudnnContext dnn;
  private final Pointer scratch;
  private final Device.Geometry geometry;
  private final cudnnTensorStruct in;
  private final cudnnTensorStruct out;
  private final cudnnFilterStruct filter;
  private final cudnnConvolutionStruct shape;

  /** Asks cuDNN's heuristics for algorithms, best first. */
  private interface Heuristics {
    int ask(int most, int[] count);
  }

  private interface Needs {
    int ask(int algorithm, SizeTPointer bytes);
  }

  Convolution(Card card, Device.Geometry geometry) {
    this.card = card;
    this.geometry = geometry;
    dnn = card.dnn;
    scratch = card.scratch;
    Descriptors descriptors = card.descriptors;
    in = descriptors.tensor(geometry.samples(), geometry.input());
    out = descriptors.tensor(geometry.samples(), geometry.output());
    filter = descriptors.kernel(geometry);
    shape = descriptors.convolution(geometry);
    setMath(card.tensorCores ? CUDNN_DEFAULT_MATH : CUDNN_FMA_MATH);
  }

  Runnable forward(Pointer x, Pointer w, Pointer y) {
    var found = new cudnnConvolutionFwdAlgoPerf_t(CANDIDATES);
    return first(
        "cudnnConvolutionForward",
        found,
        (most, count) ->
            cudnnGetConvolutionForwardAlgorithm_v7(dnn, in, filter, shape, out, most, count, found),
        (algo, size) ->
            cudnnGetConvolutionForwardWorkspaceSize(dnn, in, filter, shape, out, algo, size),
        algo ->
            cudnnConvolutionForward(
                dnn, ONE, in, x, filter, w, shape, algo, scratch, SCRATCH_BYTES, ZERO, out, y));
  }

  Runnable back(Pointer w, Pointer dy, Pointer dx, FloatPointer beta) {
    var found = new cudnnConvolutionBwdDataAlgoPerf_t(CANDIDATES);
    return first(
        "cudnnConvolutionBackwardData",
        found,
        (most, count) ->
            cudnnGetConvolutionBackwardDataAlgorithm_v7(
                dnn, filter, out, shape, in, most, count, found),
        (algo, size) ->
            cudnnGetConvolutionBackwardDataWorkspaceSize(dnn, filter, out, shape, in, algo, size),
        algo ->
            cudnnConvolutionBackwardData(
                dnn, ONE, filter, w, out, dy, shape, algo, scratch, SCRATCH_BYTES, beta, in, dx));
  }

  Runnable kernelBack(Pointer x, Pointer dy, Pointer dw) {
    var found = new cudnnConvolutionBwdFilterAlgoPerf_t(CANDIDATES);
    return first(
        "cudnnConvolutionBackwardFilter",
        found,
        (most, count) ->
            cudnnGetConvolutionBackwardFilterAlgorithm_v7(
                dnn, in, out, shape, filter, most, count, found),
        (algo, size) ->
            cudnnGetConvolutionBackwardFilterWorkspaceSize(dnn, in, out, shape, filter, algo, size),
        algo ->
            cudnnConvolutionBackwardFilter(
                dnn, ONE, in, x, out, dy, shape, algo, scratch, SCRATCH_BYTES, ZERO, filter, dw));
  }

  /**
   * The memory that the heuristics report is an estimate: what is taken has been asked for with the
   * mathematics it will run in, which is the reported one where that may be other than FP32. It has
   * run once, too, for they are known to name algorithms that fail.
   *
   * @param found filled by the heuristics: structures of any direction, which have one layout
   * @param convolve runs by an algorithm, and gives its status
   */
  private Runnable first(
      String call, Pointer found, Heuristics heuristics, Needs needs, IntUnaryOperator convolve) {
    int[] count = new int[1];
    synchronized (Graphs.TURN) {
      checkDnn(heuristics.ask(CANDIDATES, count), "the choice for " + call);
    }
    var candidate = new cudnnConvolutionFwdAlgoPerf_t(found);
    try (SizeTPointer size = new SizeTPointer(1)) {
      for (int i = 0; i < count[0]; i++) {
        candidate.position(i);
        if (candidate.status() == CUDNN_STATUS_SUCCESS
            && candidate.determinism() == CUDNN_DETERMINISTIC) {
          setMath(card.tensorCores ? candidate.mathType() : CUDNN_FMA_MATH);
          int algorithm = candidate.algo();
          if (runs(call, algorithm, needs, size, convolve)) {
            return dnn(call, () -> convolve.applyAsInt(algorithm));
          }
        }
      }
    }
    throw new IllegalStateException("cuDNN has no deterministic algorithm for " + geometry);
  }

  /** In turn with captures: whatever is asked first of cuDNN may load code. */
  private boolean runs(
      String call, int algorithm, Needs needs, SizeTPointer size, IntUnaryOperator convolve) {
    synchronized (Graphs.TURN) {
      if (needs.ask(algorithm, size) != CUDNN_STATUS_SUCCESS || size.get() > SCRATCH_BYTES) {
        return false;
      }
      int status = convolve.applyAsInt(algorithm);
      card.await();
      if (status == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED) {
        checkDnn(status, call); // With more memory it may run: another would give other bits.
      }
      return status == CUDNN_STATUS_SUCCESS;
    }
  }

  private void setMath(int type) {
    checkDnn(cudnnSetConvolutionMathType(shape, type), "cudnnSetConvolutionMathType");
  }
}
