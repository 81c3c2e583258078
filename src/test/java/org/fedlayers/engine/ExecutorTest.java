package org.fedlayers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.fedlayers.nn.cuda.Cuda;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorTest {
  @ParameterizedTest
  @EnumSource
  void isFoundByTheNameItShows(Executor executor) {
    assertThat(Executor.named(executor.toString())).isSameAs(executor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cuda", "cuda-tf32"})
  void withoutACardItSaysInOneMessageWhatIsMissing(String name) {
    assumeThat(Cuda.missing()).as("this machine has a card").isNotNull();
    assertThatThrownBy(() -> Executor.named(name).resolved())
        .isInstanceOf(UserError.class)
        .hasMessage("executor " + name + " cannot run here: " + Cuda.missing());
  }

  @Test
  void noCardIsTakenUnlessAskedFor() {
    assertThat(Executor.AUTO.resolved()).isIn(Executor.PLAN, Executor.GRAPH);
  }
}
