package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DataSetsTest {
  @Test
  void theDrawnSetIsTheSameEverywhere() {
    DataSet drawn = DataSets.load("drawn", null);
    assertThat(drawn.train().size()).isEqualTo(5_000);
    assertThat(SmallSets.classCounts(drawn.train())).containsOnly(500);
    assertThat(SmallSets.classCounts(drawn.test())).containsOnly(100);
    assertThat(drawn.sha256())
        .isEqualTo("f262c2a85b12be7ab4aa980e1c46d270b5fc74ace98fd0dea64b62265e904078");
    for (int channel = 0; channel < 3; channel++) {
      Moments moments = Moments.of(drawn.train(), channel);
      assertThat((float) moments.mean()).isCloseTo(drawn.mean()[channel], within(.001f));
      assertThat((float) moments.deviation()).isCloseTo(drawn.deviation()[channel], within(.001f));
    }
    assertThat(DataSetTest.pictures(drawn.train()))
        .hasSize(5_000)
        .doesNotContainAnyElementsOf(DataSetTest.pictures(drawn.test()));
  }

  @ParameterizedTest
  @CsvSource({"cifar-10, 10", "cifar-100, 100", "tiny-imagenet-200, 200"})
  @EnabledIfEnvironmentVariable(named = DataHome.VARIABLE, matches = ".+")
  void theRealSetsHaveTheirPublishedMoments(String name, int classes) {
    DataSet real = DataSets.load(name, DataHome.resolve(null));
    assertThat(real.classNames()).hasSize(classes).doesNotHaveDuplicates();
    for (int channel = 0; channel < 3; channel++) {
      Moments moments = Moments.of(real.train(), channel);
      assertThat((float) moments.mean()).isCloseTo(real.mean()[channel], within(.02f));
      assertThat((float) moments.deviation()).isCloseTo(real.deviation()[channel], within(.06f));
    }
  }

  private record Moments(double mean, double deviation) {
    static Moments of(Images images, int channel) {
      int plane = images.height() * images.width();
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < images.size(); i++) {
        int at = i * images.imageSize() + channel * plane;
        for (int p = at; p < at + plane; p++) {
          double value = (images.pixels()[p] & 255) / 255.0;
          sum += value;
          squares += value * value;
        }
      }
      double n = (double) images.size() * plane;
      return new Moments(sum / n, Math.sqrt(squares / n - sum / n * (sum / n)));
    }
  }
}
