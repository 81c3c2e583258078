package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossEntropyTest {
  private static double loss(double... logits) {
    return CrossEntropy.INSTANCE.apply(
        logits, new int[logits.length / 3], logits.length / 3, 3, new double[logits.length]);
  }

  @Test
  void isTheNegativeLogarithmOfTheLabelsProbability() {
    assertThat(loss(1, 2, 3)).isCloseTo(-Math.log(Math.exp(-2) / 1.503214724), within(1e-8));
    assertThat(loss(3e38, -3e38, 0)).isZero();
  }

  /** It would read the next sample's logits. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 3})
  void refusesALabelThatIsNoClass(int label) {
    assertThatThrownBy(
            () ->
                CrossEntropy.INSTANCE.apply(
                    new double[9], new int[] {0, label, 0}, 3, 3, new double[9]))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining(label + " out of bounds for length 3");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void noLogitThatIsNotFinitePassesUnseen(double none) {
    for (int i = 0; i < 6; i++) {
      double[] logits = {1, 2, 3, 4, 5, 6};
      logits[i] = none;
      assertThat(loss(logits)).as("logit %d", i).isNaN();
    }
  }
}
