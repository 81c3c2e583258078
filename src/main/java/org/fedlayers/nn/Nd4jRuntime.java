package org.fedlayers.nn;

import java.util.List;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.bytedeco.javacpp.Loader;
import org.deeplearning4j.config.DL4JSystemProperties;
import org.fedlayers.options.UserError;
import org.nd4j.common.config.ND4JSystemProperties;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that makes deeplearning4j fast on a CPU, and says what it runs on. Out of the box
 * 1.0.0-M2.1 is 6-10 times too slow: its layer helpers are off, and it looks for oneDNN in a class
 * that has moved. Everything is set in code, because a notebook's kernel brings no environment
 * variables:
 *
 * <ul>
 *   <li>helpers on, before a layer is made;
 *   <li>{@link org.nd4j.nativeblas.Nd4jCpu}, the class under its old name;
 *   <li>one native thread for each of ours: clients run side by side, and sums keep their order.
 * </ul>
 *
 * <p>Natives for processors without AVX2 are chosen when building: {@code mvn
 * -Dnd4j.classifier=linux-x86_64-onednn} (or {@code linux-x86_64} for the plain ones).
 */
public final class Nd4jRuntime {
  private static final Logger LOG = LoggerFactory.getLogger(Nd4jRuntime.class);
  private static final String BINDINGS = "org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu";

  /** What may follow the platform in a classifier, in the order JavaCPP looks for them. */
  private static final List<String> BUILDS =
      List.of("-onednn", "-onednn-avx512", "-onednn-avx2", "", "-avx2", "-avx512", "-compat");

  private static Boolean cpu;

  private Nd4jRuntime() {}

  /** Whether this is the build for NVIDIA cards; starts nothing. */
  public static boolean ofCards() {
    return Nd4jRuntime.class.getResource("/org/nd4j/linalg/jcublas/JCublasBackend.class") != null;
  }

  /** Starts ND4J if need be, which takes seconds, and says whether it is on a CPU. */
  public static synchronized boolean isOnCpu() {
    if (cpu == null) {
      NativeFolder.check();
      cpu = start();
    }
    return cpu;
  }

  /**
   * Makes native code called from this thread stay on it. OpenMP counts its threads for each caller
   * anew, so every thread that computes has to ask.
   */
  public static void useOneThread() {
    if (isOnCpu()) { // On CUDA the same call sets the threads of a block.
      NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
    }
  }

  private static boolean start() {
    System.setProperty(DL4JSystemProperties.DISABLE_HELPER_PROPERTY, "false");
    System.setProperty(DL4JSystemProperties.CRASH_DUMP_ENABLED_PROPERTY, "false"); // needs oshi
    System.getProperties().putIfAbsent(ND4JSystemProperties.LOG_INITIALIZATION, "false");
    Processor processor = Processor.here();
    String natives = natives();
    if (natives.endsWith("avx2") && processor.lacksAvx2()) {
      throw new UserError(
          ("This processor, %s, has no AVX2, which the native library %s is made of. Build with mvn"
                  + " -Dnd4j.classifier=%s instead.")
              .formatted(processor, natives, natives.replace("-avx2", "")));
    }
    String backend;
    try {
      backend = Nd4j.getExecutioner().getEnvironmentInformation().getProperty("backend", "unknown");
    } catch (LinkageError | RuntimeException e) {
      throw new UserError("ND4J does not start: " + ExceptionUtils.getRootCauseMessage(e), e);
    }
    if (backend.equals("CPU")) {
      Nd4j.getEnvironment().setMaxThreads(1);
      Nd4j.getEnvironment().setMaxMasterThreads(1);
      Nd4j.factory().blas().setMaxThreads(1);
    }
    String ceiling = System.getenv("DNNL_MAX_CPU_ISA");
    String oneDnn = usesOneDnn() ? ceiling == null ? "on" : "on, held to " + ceiling : "off";
    LOG.info("ND4J on {}, {}, natives {}, oneDNN {}", backend, processor, natives, oneDnn);
    if (backend.equals("CPU") && oneDnn.equals("off")) {
      LOG.warn(
          "Without oneDNN, convolutions are 6-10 times slower than they could be: build with mvn"
              + " -Dnd4j.classifier=linux-x86_64-onednn-avx2, or your platform's equivalent.");
    }
    return backend.equals("CPU");
  }

  /** Whether ND4J's native library was built with oneDNN and uses it. */
  public static boolean usesOneDnn() {
    try {
      // By reflection: a build for CUDA has no such class.
      Class<?> environment = Class.forName(BINDINGS + "$Environment");
      Object instance = environment.getMethod("getInstance").invoke(null);
      NativeOps ops = NativeOpsHolder.getInstance().getDeviceNativeOps();
      return (boolean) environment.getMethod("isUseONEDNN").invoke(instance)
          && ops.buildInfo().contains("HAVE_ONEDNN");
    } catch (ReflectiveOperationException | LinkageError e) {
      return false;
    }
  }

  /** Which build of the native library the class path holds; the first is the one loaded. */
  static String natives() {
    String folder = "/org/nd4j/linalg/cpu/nativecpu/bindings/";
    return BUILDS.stream()
        .map(build -> Loader.getPlatform() + build)
        .filter(natives -> Nd4jRuntime.class.getResource(folder + natives + "/") != null)
        .findFirst()
        .orElse("unknown");
  }
}
