package org.nd4j.nativeblas;

import org.fedlayers.nn.Nd4jRuntime;

/**
 * A class that deeplearning4j 1.0.0-M2.1 looks for by reflection, under the name it had before it
 * moved, to learn whether ND4J was built with oneDNN. Not found, the answer is no, and every
 * convolution is 6-10 times slower. This one asks the real environment.
 */
public final class Nd4jCpu {

  private Nd4jCpu() {}

  /** What remains of the class that moved to {@code org.nd4j.linalg.cpu.nativecpu.bindings}. */
  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    public static Environment getInstance() {
      return INSTANCE;
    }

    /** Whether the native library at hand has oneDNN (once MKL-DNN) and uses it. */
    public boolean isUseMKLDNN() {
      return Nd4jRuntime.usesOneDnn();
    }
  }
}
