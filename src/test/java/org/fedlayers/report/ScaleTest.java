package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
  private static Scale scale(boolean logarithmic, double... values) {
    Scale scale = new Scale("", logarithmic, List.of());
    scale.include(values);
    return scale;
  }

  @Test
  void ticksAreRoundNumbersWithinTheAxis() {
    Scale scale = scale(false, 31.3, 72.4);
    assertThat(scale.ticks(5)).containsExactly(30.0, 40.0, 50.0, 60.0, 70.0);
    assertThat(scale.ticks(5).stream().map(scale::label)).startsWith("30");
    assertThat(scale(false, 0.0013, 0.0042).ticks(4)).hasSizeBetween(2, 4);
  }

  @Test
  void valuesThatDifferByRoundingHaveAnAxisToo() {
    assertThat(scale(false, 5, Math.nextUp(5.0)).ticks(5)).hasSizeBetween(2, 5);
    assertThat(scale(false, 0, 0).ticks(5)).contains(0.0);
  }

  @Test
  void fewPlacesAreTickedWhereTheyAreUnlessTheyTouch() {
    for (boolean logarithmic : new boolean[] {false, true}) {
      Scale scale = scale(logarithmic);
      for (double place : new double[] {1, 20, 500}) {
        scale.includeSetting(place, true);
      }
      assertThat(scale.ticks(100)).containsExactly(1.0, 20.0, 500.0);
      assertThat(scale.ticks(3)).hasSize(logarithmic ? 3 : 2);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 2, 1", "0, 3, 1", "2, 40, 5", "0.5, 2, 0.1"})
  void betweenWholeSettingsThereAreNoTicks(double first, double last, double step) {
    Scale scale = scale(false);
    scale.includeSetting(first, false);
    scale.includeSetting(last, false);
    List<Double> ticks = scale.ticks(20);
    assertThat(ticks).hasSizeGreaterThan(1);
    assertThat(ticks.get(1) - ticks.get(0)).isCloseTo(step, within(1e-9));
  }

  @Test
  void zeroHasNoTickOnALogarithmicAxis() {
    Scale scale = scale(true);
    for (double place : new double[] {0, 0.1, 1}) {
      scale.includeSetting(place, true);
    }
    assertThat(scale.ticks(100)).containsExactly(0.1, 1.0);
  }

  @Test
  void aLogarithmicAxisHasTicksAtAnyLength() {
    assertThat(scale(true, 0.9, 1100).ticks(30)).contains(1.0, 2.0, 5.0, 1000.0);
    assertThat(scale(true, 3.1, 3.9).ticks(6)).hasSizeBetween(2, 7);
    assertThat(scale(true, 1, 100, 0, -4, Double.NaN).share(10)).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void zeroEndsTheAxisWhereItLiesJustBelow() {
    assertThat(scale(false, 2, 30).min()).isZero();
    assertThat(scale(false, 60, 70).min()).isBetween(58.0, 60.0);
    assertThat(scale(false, -1, 3).min()).isLessThan(-1);
  }

  @Test
  void numbersReadAsPeopleWriteThem() {
    Scale scale = scale(false, 0, 1);
    assertThat(scale.label(0.30000000000000004)).isEqualTo("0.3");
    assertThat(scale.label(0)).isEqualTo("0");
    assertThat(scale.label(2e7)).isEqualTo("2e7");
    assertThat(scale.label(-5e-7)).isEqualTo("-5e-7");
    assertThat(new Scale("", false, List.of("conv1", "fc")).label(1)).isEqualTo("fc");
  }

  @Test
  void ofTooManyNamesTheFirstAndTheLastAreShown() {
    Scale layers = new Scale("", false, List.of("stem", "a", "b", "c", "d", "e", "f", "logits"));
    assertThat(layers.ticks(4)).startsWith(0.0).endsWith(7.0).hasSizeLessThan(6);
    assertThat(layers.ticks(20)).hasSize(8);
  }
}
