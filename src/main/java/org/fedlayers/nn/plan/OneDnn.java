package org.fedlayers.nn.plan;

import static org.bytedeco.dnnl.global.dnnl.dnnl_success;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;

/** oneDNN's native library: whether it is here, and its threads. */
final class OneDnn {

  /**
   * JNA would open libraries for all to see (RTLD_GLOBAL), and ND4J's own, older oneDNN would call
   * into this one and crash.
   */
  private static final int RTLD_LAZY = 1;

  private static final String MISSING = load();

  private OneDnn() {}

  private static String load() {
    String processor = System.getProperty("os.arch");
    if (!processor.equals("amd64") && !processor.equals("x86_64")) {
      return "this processor (" + processor + ") is not x86-64";
    }
    try {
      String library = Loader.load(dnnl.class);
      // Found through oneDNN's own library, so that it is the OpenMP runtime oneDNN is bound to.
      Native.register(
          OneDnn.class,
          NativeLibrary.getInstance(library, Map.of(Library.OPTION_OPEN_FLAGS, RTLD_LAZY)));
      return null;
    } catch (LinkageError | RuntimeException e) {
      return "oneDNN's native library does not load: " + e.getMessage();
    }
  }

  /** Why oneDNN cannot be used here, or null if it can. */
  static String missing() {
    return MISSING;
  }

  /**
   * Holds oneDNN to the calling thread. OpenMP keeps this setting per thread, so it is made
   * wherever primitives are built or run.
   */
  static void useOneThread() {
    omp_set_num_threads(1);
  }

  /** Of OpenMP: how many threads the calling thread's parallel regions take. */
  private static native void omp_set_num_threads(int threads);

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
