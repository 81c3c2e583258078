package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Operations;
import org.fedlayers.nn.plan.StepKind;
import org.junit.jupiter.api.Test;

/** Held against numbers added up by hand from the layers' shapes. */
class StepOperationsTest {

  @Test
  void ofTheManCnn() {
    Network network = Workload.named("man-cnn").network();
    long first = 3 * 5 * 5 * 64 * 28 * 28;
    long second = 64 * 5 * 5 * 64 * 10 * 10;
    assertThat(StepOperations.of(network, StepKind.CONVOLUTION_FORWARD))
        .isEqualTo(2 * (first + second));
    assertThat(StepOperations.of(network, StepKind.CONVOLUTION_BACKWARD_DATA))
        .isEqualTo(2 * second);
  }

  @Test
  void nothingIsLostOrCountedTwice() {
    for (String net : Workload.STANDARD) {
      Network network = Workload.named(net).network();
      long all = Stream.of(StepKind.values()).mapToLong(k -> StepOperations.of(network, k)).sum();
      assertThat(all).isEqualTo(Operations.training(network));
    }
  }
}
