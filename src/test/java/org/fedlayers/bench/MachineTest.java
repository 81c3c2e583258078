package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MachineTest {

  @Test
  void residentMemoryGrowsByWhatIsTouched() {
    double before = Machine.residentMebibytes();
    assumeTrue(!Double.isNaN(before), "this system does not say");
    ByteBuffer zeroed = ByteBuffer.allocateDirect(256 << 20);
    assertThat(Machine.residentMebibytes()).isBetween(before + 200, before + 512);
    assertThat(zeroed.get(0)).isZero();
  }
}
