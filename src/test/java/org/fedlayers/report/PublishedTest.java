package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;

class PublishedTest {
  private static final Map<String, String> DYN =
      Map.of(
          "partition", "equal-dirichlet concentration=0.6",
          "method", "feddyn alpha=0.01",
          "training.man", "0.15");

  @Test
  void isFoundBySettingAndImageSet() {
    assertThat(Published.of("man", List.of("cifar-100")).at(DYN)).isEqualTo("55.63");
    assertThat(Published.of("man", List.of("tiny-imagenet-200")).at(DYN)).isEmpty();
  }

  @Test
  void neverStandsBesideOtherImages() {
    assertThat(Published.of("man", List.of("drawn"))).isNull();
    assertThat(Published.of("man", List.of("cifar-100", "cifar-10"))).isNull();
  }

  @Test
  void asksForEverySetting() {
    assertThat(Published.of("man", List.of("cifar-100")).at(Map.of("method", "fedavg"))).isEmpty();
  }

  @Test
  void refusesWhatNobodyPublished() {
    assertThatThrownBy(() -> Published.of("women", List.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'women'");
  }
}
