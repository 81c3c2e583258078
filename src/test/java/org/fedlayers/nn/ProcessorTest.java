package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorTest {

  @Test
  void readsWhatLinuxSays() {
    var zen3 =
        Processor.linux(
            List.of("processor\t: 0", "model name\t: EPYC", "flags\t\t: fpu sse2 avx avx2", ""));
    assertThat(zen3).isEqualTo(new Processor("EPYC", "AVX2"));
    assertThat(zen3.lacksAvx2()).isFalse();
    var zen4 = Processor.linux(List.of("flags : avx avx2 avx512f avx512f", "model name : A: B"));
    assertThat(zen4).isEqualTo(new Processor("A: B", "AVX-512"));
  }

  @Test
  void knowsWhoLacksAvx2AndAccusesNobodyElse() {
    assertThat(Processor.linux(List.of("flags : fpu sse2 avx")).lacksAvx2()).isTrue();
    assertThat(Processor.linux(List.of("flags : fpu sse2")).lacksAvx2()).isTrue();
    var arm = Processor.linux(List.of("Features : fp asimd crc32"));
    assertThat(arm.instructions()).isEqualTo("NEON");
    assertThat(arm.lacksAvx2()).isFalse();
    assertThat(Processor.linux(List.of()).lacksAvx2()).isFalse();
    assertThat(Processor.here().model()).isNotBlank();
  }
}
