package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.fedlayers.nn.NativeFolder;
import org.fedlayers.nn.Nd4jRuntime;
import org.fedlayers.options.UserError;

/** oneDNN's native library: whether it is here, and its threads. */
final class OneDnn {

  /** What environment/fedlayers sets: OpenMP's threads, of every thread that asks for none. */
  private static final boolean ONE_THREAD = "1".equals(System.getenv("OMP_NUM_THREADS"));

  private static final String MISSING = load();

  private OneDnn() {}

  private static String load() {
    String processor = System.getProperty("os.arch");
    if (!processor.equals("amd64") && !processor.equals("x86_64")) {
      return "this processor (" + processor + ") is not x86-64";
    }
    try {
      NativeFolder.check();
      Loader.load(dnnl.class);
      return null;
    } catch (LinkageError | RuntimeException e) {
      return "oneDNN's native library does not load: " + e.getMessage();
    }
  }

  /**
   * Why oneDNN cannot be used here, or null if it can.
   *
   * @throws UserError if no native library can
   */
  static String missing() {
    NativeFolder.check();
    return MISSING;
  }

  /**
   * Holds oneDNN to the calling thread. OpenMP keeps this setting per thread, so it is made
   * wherever primitives are built or run; oneDNN has no call for it, ND4J has.
   */
  static void useOneThread() {
    if (!ONE_THREAD) {
      Nd4jRuntime.useOneThread();
    }
  }

  /** Whether its kernels may use AVX2, without which many of them are missing. */
  static boolean hasAvx2() {
    return (dnnl.dnnl_get_effective_cpu_isa() & dnnl.dnnl_cpu_isa_avx2) == dnnl.dnnl_cpu_isa_avx2;
  }

  /** A scope that frees the native objects made on this thread while it is open. */
  @SuppressWarnings("unchecked") // an empty list of classes: all of them
  static PointerScope scope() {
    return new PointerScope();
  }

  static void check(int status, String what) {
    if (status != dnnl_success) {
      throw new IllegalStateException("oneDNN failed with status " + status + " in " + what);
    }
  }
}
