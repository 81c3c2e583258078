package org.fedlayers.nn.cuda;

import static org.bytedeco.cuda.global.cudnn.CUDNN_DETERMINISTIC;
import static org.bytedeco.cuda.global.cudnn.CUDNN_STATUS_SUCCESS;
import static org.bytedeco.cuda.global.cudnn.cudnnGetConvolutionBackwardDataAlgorithm_v7;
import static org.bytedeco.cuda.global.cudnn.cudnnGetConvolutionBackwardFilterAlgorithm_v7;
import static org.bytedeco.cuda.global.cudnn.cudnnGetConvolutionForwardAlgorithm_v7;
import static org.fedlayers.nn.cuda.Cuda.checkDnn;

import org.bytedeco.cuda.cudnn.cudnnContext;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdDataAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionBwdFilterAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionFwdAlgoPerf_t;
import org.bytedeco.cuda.cudnn.cudnnConvolutionStruct;
import org.bytedeco.cuda.cudnn.cudnnFilterStruct;
import org.bytedeco.cuda.cudnn.cudnnTensorStruct;

/**
 * A convolution as cuDNN describes it, and which of its algorithms are taken: the first that its
 * heuristics name, that is deterministic and fits the scratch memory. No stopwatch chooses, so that
 * two runs give equal bits.
 */
@SuppressWarnings("deprecation") // cuDNN 9 calls its fixed functions legacy, and keeps them
final class ConvolutionPlan {
  /** More than there are algorithms. */
  private static final int CANDIDATES = 16;

  private final cudnnContext dnn;
  private final Window window;
  private final long scratchBytes;
  private final cudnnTensorStruct input;
  private final cudnnTensorStruct output;
  private final cudnnFilterStruct kernel;
  private final cudnnConvolutionStruct convolution;

  ConvolutionPlan(
      Window window,
      boolean tensorCores,
      long scratchBytes,
      cudnnContext dnn,
      Descriptors descriptors) {
    this.dnn = dnn;
    this.window = window;
    this.scratchBytes = scratchBytes;
    input = descriptors.tensor(window.samples(), window.input());
    output = descriptors.tensor(window.samples(), window.output());
    kernel = descriptors.kernel(window);
    convolution = descriptors.convolution(window, tensorCores);
  }

  cudnnTensorStruct input() {
    return input;
  }

  cudnnTensorStruct output() {
    return output;
  }

  cudnnFilterStruct kernel() {
    return kernel;
  }

  cudnnConvolutionStruct convolution() {
    return convolution;
  }

  int forward() {
    int[] found = new int[1];
    try (var candidates = new cudnnConvolutionFwdAlgoPerf_t(CANDIDATES)) {
      checkDnn(
          cudnnGetConvolutionForwardAlgorithm_v7(
              dnn, input, kernel, convolution, output, CANDIDATES, found, candidates),
          "cudnnGetConvolutionForwardAlgorithm");
      for (int i = 0; i < found[0]; i++) {
        candidates.position(i);
        if (suits(candidates.status(), candidates.determinism(), candidates.memory())) {
          return candidates.algo();
        }
      }
    }
    throw none();
  }

  int backward() {
    int[] found = new int[1];
    try (var candidates = new cudnnConvolutionBwdDataAlgoPerf_t(CANDIDATES)) {
      checkDnn(
          cudnnGetConvolutionBackwardDataAlgorithm_v7(
              dnn, kernel, output, convolution, input, CANDIDATES, found, candidates),
          "cudnnGetConvolutionBackwardDataAlgorithm");
      for (int i = 0; i < found[0]; i++) {
        candidates.position(i);
        if (suits(candidates.status(), candidates.determinism(), candidates.memory())) {
          return candidates.algo();
        }
      }
    }
    throw none();
  }

  int kernelBackward() {
    int[] found = new int[1];
    try (var candidates = new cudnnConvolutionBwdFilterAlgoPerf_t(CANDIDATES)) {
      checkDnn(
          cudnnGetConvolutionBackwardFilterAlgorithm_v7(
              dnn, input, output, convolution, kernel, CANDIDATES, found, candidates),
          "cudnnGetConvolutionBackwardFilterAlgorithm");
      for (int i = 0; i < found[0]; i++) {
        candidates.position(i);
        if (suits(candidates.status(), candidates.determinism(), candidates.memory())) {
          return candidates.algo();
        }
      }
    }
    throw none();
  }

  private boolean suits(int status, int determinism, long memory) {
    return status == CUDNN_STATUS_SUCCESS
        && determinism == CUDNN_DETERMINISTIC
        && memory <= scratchBytes;
  }

  private IllegalStateException none() {
    return new IllegalStateException("cuDNN has no deterministic algorithm for " + window);
  }
}
