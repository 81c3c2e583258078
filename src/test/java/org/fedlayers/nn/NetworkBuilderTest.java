package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What no network can hold, whoever describes it, is refused where it is described. */
class NetworkBuilderTest {
  private static void assertRefused(Function<NetworkBuilder, Node> layer, String why) {
    var b = new NetworkBuilder("own", new Shape(3, 8, 8));
    assertThatThrownBy(() -> b.logits(b.globalAverage("average", layer.apply(b))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0, 1, kernel 0",
    "3, 0, 1, 1, stride 0",
    "3, 1, -1, 1, padding -1",
    "3, 1, 1, 0, dilation 0",
    "9, 1, 0, 1, 9 pixels where there are 8",
    "3, 1, 0, 4, 9 pixels where there are 8",
  })
  void refusesKernelsThatAreNone(int kernel, int stride, int padding, int dilation, String why) {
    assertRefused(
        b ->
            b.convolution(
                "conv",
                b.input(),
                new Layer.Convolution(4, kernel, stride, padding, dilation, true)),
        why);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 0, kernel 0",
    "2, 0, 0, stride 0",
    "2, 2, -1, padding -1",
    "2, 2, 2, sees padding alone",
    "9, 1, 0, 9 pixels where there are 8",
  })
  void refusesPoolsThatSeeNothing(int kernel, int stride, int padding, String why) {
    assertRefused(b -> b.maxPool("pool", b.input(), kernel, stride, padding), why);
  }

  @ParameterizedTest
  @CsvSource({"in, 4", "gn-4, 4", "ln, 1"})
  void refusesNormalisersOfSingleValues(String normaliser, int units) {
    assertRefused(
        b -> b.normalise("norm", b.dense("dense", b.input(), units), Normalisers.parse(normaliser)),
        "norm normalises each of " + units + " values by itself, which leaves 0");
  }

  @Test
  void refusesALayerThatNoOtherReads() {
    assertRefused(
        b -> {
          b.relu("forgotten", b.input());
          return b.input();
        },
        "no layer reads forgotten");
  }

  @Test
  void refusesMapsAtTheEndAndTwoLayersOfOneName() {
    var b = new NetworkBuilder("own", new Shape(3, 8, 8));
    Node relu = b.relu("relu", b.input());
    assertThatThrownBy(() -> b.logits(relu)).hasMessage("relu is not a vector at the end");
    assertThatThrownBy(() -> b.relu("relu", relu)).hasMessage("two layers are called relu");
  }
}
