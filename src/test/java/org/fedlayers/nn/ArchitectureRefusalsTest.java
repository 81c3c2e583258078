package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchitectureRefusalsTest {
  @ParameterizedTest
  @CsvSource({
    "resnet-21, resnet-20 and resnet-26",
    "resnet-12, 'resnet-10, -18'",
    "resnet-7, nearest: resnet-8 (",
    "resnet-0, nearest: resnet-8 (",
    "resnet-999999, nearest: resnet-1202 (",
    "resnet, resnet-20",
    "mlp-1, from 2 to",
    "alexnet, mcmahan-cnn",
  })
  void refusesAnUnknownNameWithTheNearest(String name, String hint) {
    assertThatThrownBy(() -> Architectures.named(name))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("'" + name + "'", hint);
  }

  @ParameterizedTest
  @CsvSource({
    "logistic, width, 2, there are none",
    "mlp-3, normaliser, bn, 'width, activation'",
    "man-cnn, stem, 7x7, 'normaliser, width'",
    "cnn-8, skips, off, kernel",
    "divergence-cnn, kernel, 5, 'normaliser, width, skips'",
    "resnet-20, kernel, 5, late-kernel",
  })
  void refusesAnotherArchitecturesOption(String name, String option, String value, String takes) {
    assertThatThrownBy(() -> Networks.CIFAR_10.with(option, value).named(name))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(name, "no option '" + option + "'", takes);
  }

  @Test
  void acceptsAnInapplicableOptionThatChangesNothing() {
    Networks neutral = Networks.CIFAR_10.with("normaliser", "default").with("skips", "on");
    assertThat(neutral.named("mlp-3").weightCount())
        .isEqualTo(Networks.CIFAR_10.named("mlp-3").weightCount());
  }

  @ParameterizedTest
  @CsvSource({
    "width, 0",
    "width, -1",
    "width, NaN",
    "width, wide",
    "skips, maybe",
    "stem, 5x5",
    "late-kernel, 2",
    "strides, 1-0-2",
    "strides, two",
    "strides, ''",
    "dilation, 0",
    "kernel, 4",
    "activation, gelu",
    "normaliser, gn-0",
    "normaliser, batchnorm",
  })
  void refusesAValueAnOptionDoesNotTake(String option, String value) {
    String taker =
        Map.of("kernel", "cnn-8", "activation", "mlp-3").getOrDefault(option, "resnet-20");
    assertThatThrownBy(() -> Networks.CIFAR_10.with(option, value).named(taker))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(option, "'" + value + "'");
  }

  @Test
  void refusesTypedValuesTheSameWay() {
    assertThatThrownBy(() -> Networks.CIFAR_10.with("width", -1.0).named("mlp-3"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("width");
    assertThatThrownBy(() -> Networks.CIFAR_10.with("depth", "3").named("resnet-20"))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("'depth'", "late-kernel");
    assertThatThrownBy(() -> Networks.of(new Shape(3, 32, 32), 1).named("mlp-3"))
        .isInstanceOf(UserError.class);
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    refused("resnet-20", Networks.CIFAR_10.with("normaliser", "gn-3"), "3 groups", "16 channels");
    refused(
        "resnet-20",
        Networks.CIFAR_10.with("normaliser", "gn-4").with("width", "0.6"),
        "10 channels");
    refused("resnet-20", Networks.CIFAR_10.with("strides", "1-2-2-2"), "4 numbers for 3 stages");
    Networks dilated = Networks.CIFAR_10.with("dilation", "2");
    refused("cnn-8", dilated.with("kernel", 1), "dilation 2 has no effect on kernels of one pixel");
    refused("man-cnn", Networks.of(new Shape(3, 8, 8), 10), "3x8x8", "conv2");
    refused("mlp-3", Networks.CIFAR_10.with("width", "1000"), "weights");
  }

  private static void refused(String name, Networks options, String... parts) {
    assertThatThrownBy(() -> options.named(name))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(name)
        .hasMessageContainingAll(parts);
  }

  @Test
  void readsEveryNormaliserByName() {
    assertThat(Normalisers.parse("gn-8")).isEqualTo(Normaliser.group(8));
    assertThat(Normalisers.parse("GN")).isEqualTo(Normaliser.group(2));
    assertThat(Normalisers.parse("fixbn")).isEqualTo(Normaliser.BATCH);
    assertThat(Normalisers.parse("fedbn")).isEqualTo(Normaliser.BATCH);
    assertThat(Normalisers.parse("fbn")).isEqualTo(Normaliser.BATCH);
    assertThat(Normalisers.ALL.names())
        .extracting(name -> Normalisers.parse(name).kind())
        .contains(Normaliser.Kind.values());
  }

  @ParameterizedTest
  @ValueSource(strings = {"gn-", "gn8", "gnn-2", "-2", ""})
  void refusesOtherNormalisers(String name) {
    assertThatThrownBy(() -> Normalisers.parse(name))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("'" + name + "'", "hbn", "gn-8");
  }

  @ParameterizedTest
  @CsvSource({
    "bn-2,'bn-2' has 1 options; bn takes 0",
    "gn-2-3,'gn-2-3' has 2 options; gn takes 1",
    "gn-0,'gn-0': groups is '0'",
    "gn-1.5,'gn-1.5': groups is '1.5'",
    "gn--2,'gn--2': groups is '-2'"
  })
  void refusesOptionsThatANormaliserDoesNotTake(String name, String what) {
    assertThatThrownBy(() -> Normalisers.parse(name))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(what);
  }
}
