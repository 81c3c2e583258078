package org.fedlayers.nn.cuda;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.bytedeco.cuda.cudart.cudaDeviceProp;
import org.bytedeco.cuda.global.cublas;
import org.bytedeco.cuda.global.cudart;
import org.bytedeco.cuda.global.cudnn;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.NativeFolder;
import org.fedlayers.nn.Network;
import org.fedlayers.options.UserError;

/** CUDA on this machine: whether there is a card with its libraries, which, and what it answers. */
public final class Cuda {
  /** What an NVIDIA driver shows: on Linux, under WSL, on Windows. */
  private static final List<Path> DRIVERS =
      System.getenv("SystemRoot") == null
          ? List.of(Path.of("/dev/nvidiactl"), Path.of("/dev/dxg"))
          : List.of(Path.of(System.getenv("SystemRoot"), "System32", "nvcuda.dll"));

  /** Computed once, when first asked for. */
  private static final class Found {
    static final String MISSING = missing(DRIVERS);
  }

  private Cuda() {}

  /** Why networks cannot run on a card here: what was looked for. Null if they can. */
  public static String missing() {
    NativeFolder.check(); // Not in an initialiser, whose errors are those of a broken library.
    return Found.MISSING;
  }

  /** Looks at files first, so that a machine without a card loads nothing. */
  static String missing(List<Path> drivers) {
    if (drivers.stream().noneMatch(Files::exists)) {
      return "no NVIDIA driver (none of " + drivers + ")";
    }
    NativeFolder.check();
    String library = "";
    try {
      library = "CUDA 13";
      Loader.load(cudart.class);
      library = "CUDA 13's cuBLAS";
      Loader.load(cublas.class);
      library = "cuDNN 9";
      Loader.load(cudnn.class);
    } catch (LinkageError | RuntimeException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause(); // the system's own words
      String words = Objects.toString(reason.getMessage(), reason.toString());
      return "%s does not load; put the folder of its libraries on LD_LIBRARY_PATH (%s)"
          .formatted(library, words.replaceFirst("^/.*\\.so: ", ""));
    }
    int[] cards = new int[1];
    int status = cudart.cudaGetDeviceCount(cards);
    if (status != 0 || cards[0] == 0) {
      return "the driver offers no card (" + cudart.cudaGetErrorString(status).getString() + ")";
    }
    return null;
  }

  /**
   * A model of a network on the first card.
   *
   * @param tensorCores whether products may round their operands to TF32: faster, and three digits
   *     less
   */
  public static Model model(Network network, boolean tensorCores) {
    Card card = new Card(tensorCores);
    try {
      return new CudaModel(network, card);
    } catch (RuntimeException e) {
      card.close();
      throw e;
    }
  }

  /**
   * What decides bits: the card, and the versions of driver, CUDA and cuDNN as they number them.
   */
  public static String card() {
    int[] driver = new int[1];
    int[] runtime = new int[1];
    check(cudart.cudaDriverGetVersion(driver), "cudaDriverGetVersion");
    check(cudart.cudaRuntimeGetVersion(runtime), "cudaRuntimeGetVersion");
    try (cudaDeviceProp card = new cudaDeviceProp()) {
      check(cudart.cudaGetDeviceProperties(card, 0), "cudaGetDeviceProperties");
      return "%s, driver %d, CUDA %d, cuDNN %d"
          .formatted(card.name().getString(), driver[0], runtime[0], cudnn.cudnnGetVersion());
    }
  }

  /** Why DL4J graphs, as {@code make cuda-build} makes them, cannot run here; null if they can. */
  public static String lackOfGraphs() {
    if (missing() != null) {
      return missing();
    }
    try (cudaDeviceProp card = new cudaDeviceProp()) {
      check(cudart.cudaGetDeviceProperties(card, 0), "cudaGetDeviceProperties");
      return lackOfGraphs(card.major(), card.minor());
    }
  }

  static String lackOfGraphs(int major, int minor) {
    int generation = 10 * major + minor;
    return generation >= 37 && major <= 8 // code for sm_86 runs on all of generation 8
        ? null
        : ("ND4J has code for cards of sm_37 to sm_86, and this is one of sm_%d; run 'make clean"
                + " build' and take --executor cuda")
            .formatted(generation);
  }

  static void check(int status, String call) {
    check(status, cudart.cudaErrorMemoryAllocation, call, cudart::cudaGetErrorString);
  }

  static void checkDnn(int status, String call) {
    int full = cudnn.CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED;
    check(status, full, call, cudnn::cudnnGetErrorString);
  }

  static void checkBlas(int status, String call) {
    check(status, cublas.CUBLAS_STATUS_ALLOC_FAILED, call, cublas::cublasGetStatusString);
  }

  /** Queues a call of cuDNN whenever it is run. */
  static Runnable dnn(String call, IntSupplier status) {
    return () -> checkDnn(status.getAsInt(), call);
  }

  private static void check(int status, int full, String call, IntFunction<BytePointer> words) {
    if (status == 0) {
      return;
    }
    cudart.cudaGetLastError(); // which the next call would answer with again
    if (status == full) {
      throw new UserError("the card's memory is full; take fewer --workers");
    }
    throw new IllegalStateException(call + " failed: " + words.apply(status).getString());
  }
}
