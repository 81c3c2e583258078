package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.reflect.Method;
import org.deeplearning4j.nn.layers.mkldnn.BaseMKLDNNHelper;
import org.junit.jupiter.api.Test;
import org.nd4j.nativeblas.NativeOpsHolder;

class Nd4jRuntimeTest {

  @Test
  void helpersFindOneDnnWhereTheNativesHaveIt() throws Exception {
    Nd4jRuntime.isOnCpu();
    boolean oneDnn = Nd4jRuntime.usesOneDnn();
    assertThat(BaseMKLDNNHelper.mklDnnEnabled())
        .isEqualTo(Nd4jRuntime.natives().contains("onednn"))
        .isEqualTo(oneDnn);
    // The names DL4J looks for.
    Class<?> moved = Class.forName("org.nd4j.nativeblas.Nd4jCpu$Environment");
    Method getInstance = moved.getMethod("getInstance");
    assertThat(moved.getMethod("isUseMKLDNN").invoke(getInstance.invoke(null))).isEqualTo(oneDnn);
  }

  @Test
  void everyThreadThatAsksHasOneNativeThread() throws Exception {
    assumeThat(Nd4jRuntime.isOnCpu()).isTrue();
    int[] threads = new int[1];
    var thread =
        new Thread(
            () -> {
              Nd4jRuntime.useOneThread();
              threads[0] = NativeOpsHolder.getInstance().getDeviceNativeOps().ompGetMaxThreads();
            });
    thread.start();
    thread.join();
    assertThat(threads[0]).isEqualTo(1);
  }
}
