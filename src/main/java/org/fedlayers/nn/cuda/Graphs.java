package org.fedlayers.nn.cuda;

import static org.bytedeco.cuda.global.cudart.*;
import static org.fedlayers.nn.cuda.Cuda.check;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;

/** CUDA graphs: calls of a stream, captured once and launched as one. */
final class Graphs implements AutoCloseable {
  /**
   * Held while a stream is captured, and by whatever loads code or waits for the whole card: on any
   * thread that would break the capture.
   */
  static final Object TURN = new Object();

  private final CUstream_st stream;
  private final List<CUgraphExec_st> graphs = new ArrayList<>();

  Graphs(CUstream_st stream) {
    this.stream = stream;
  }

  /** Captured after a first run, in which the libraries load what they need. */
  Runnable capture(List<Runnable> calls) {
    CUgraphExec_st graph = new CUgraphExec_st();
    synchronized (TURN) {
      calls.forEach(Runnable::run);
      check(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
      CUgraph_st captured = captured(calls);
      try {
        check(cudaGraphInstantiateWithFlags(graph, captured, 0), "cudaGraphInstantiate");
      } finally {
        cudaGraphDestroy(captured);
      }
    }
    graphs.add(graph);
    return () -> check(cudaGraphLaunch(graph, stream), "cudaGraphLaunch");
  }

  private CUgraph_st captured(List<Runnable> calls) {
    CUgraph_st captured = new CUgraph_st();
    int mode = cudaStreamCaptureModeThreadLocal;
    check(cudaStreamBeginCapture(stream, mode), "cudaStreamBeginCapture");
    int ended;
    try {
      calls.forEach(Runnable::run);
    } finally {
      ended = cudaStreamEndCapture(stream, captured); // or the stream could not be used again
    }
    check(ended, "cudaStreamEndCapture");
    return captured;
  }

  @Override
  public void close() {
    graphs.forEach(graph -> cudaGraphExecDestroy(graph));
  }
}
