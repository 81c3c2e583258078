package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReceptiveFieldTest {
  private static Networks images(int side) {
    return Networks.of(new Shape(3, side, side), 10);
  }

  /** Worked by hand, layer by layer: field += (reach - 1) * jump, jump *= stride. */
  @ParameterizedTest
  @CsvSource({
    "mcmahan-cnn, '', '', 16",
    "man-cnn, '', '', 16",
    "man-tiny-cnn, '', '', 22",
    "cnn-8, '', '', 40",
    "cnn-8, kernel, 1, 4",
    "cnn-8, kernel, 5, 76",
    "cnn-8, kernel, 7, 112",
    "cnn-8, dilation, 2, 76",
    "resnet-8, '', '', 25",
    "resnet-20, '', '', 81",
    "resnet-20, late-kernel, 1, 37",
    "resnet-20, dilation, 2, 159",
    "resnet-20, skips, off, 81",
    "resnet-20, strides, 1-1-2, 49",
    "divergence-cnn, '', '', 83",
    "divergence-cnn, skips, off, 83",
    "resnet-10, '', '', 49",
    "resnet-10, stem, 7x7, 195",
    "resnet-18, '', '', 109",
    "resnet-18, stem, 7x7, 435",
    "resnet-50, stem, 7x7, 427",
  })
  void isWhatTheHandFinds(String name, String option, String value, int pixels) {
    Networks options = images(64);
    Network network = (option.isEmpty() ? options : options.with(option, value)).named(name);
    assertThat(ReceptiveField.of(network)).isEqualTo(pixels);
  }

  @Test
  void fullyConnectedUnitsSeeTheWholeImage() {
    assertThat(ReceptiveField.of(images(32).named("mlp-3"))).isEqualTo(32);
  }

  @Test
  void aNetworkMayEndInAConvolution() {
    var b = new NetworkBuilder("ends-in-one", new Shape(3, 9, 9));
    Node x = b.maxPool("pool", b.convolution("conv", b.input(), 4, 3, 2), 2, 2, 0);
    Network network =
        b.logits(b.convolution("logits", x, new Layer.Convolution(10, 2, 1, 0, 1, true)));
    assertThat(ReceptiveField.of(network)).isEqualTo(9);
  }

  @Property(tries = 40)
  void isWhatPropagationOfSinglePixelsFinds(
      @ForAll @IntRange(min = 0, max = 1) int stem,
      @ForAll @IntRange(min = 1, max = 3) int dilation,
      @ForAll @Size(3) List<@IntRange(min = 1, max = 2) Integer> strides,
      @ForAll boolean skips,
      @ForAll boolean narrow) {
    Network network =
        images(600)
            .with("stem", stem == 0 ? "3x3" : "7x7")
            .with("dilation", dilation)
            .with("strides", strides)
            .with("skips", skips)
            .with("late-kernel", narrow ? 1 : 3)
            .with("width", 1 / 16.0)
            .named("resnet-8");
    assertThat(ReceptiveField.of(network)).isEqualTo(reachable(network));
  }

  /** Branches whose windows do not share a centre: the union is wider than either. */
  @Property(tries = 100)
  void isTheUnionOfUnevenBranches(
      @ForAll @IntRange(min = 1, max = 4) int pool,
      @ForAll @IntRange(min = 0, max = 2) int kernelHalf,
      @ForAll @IntRange(min = 1, max = 3) int dilation,
      @ForAll @IntRange(min = 1, max = 2) int stride) {
    var b = new NetworkBuilder("uneven", new Shape(1, 121, 121));
    int kernel = 2 * kernelHalf + 1;
    Node before = b.convolution("before", b.input(), 1, 3, 1);
    Node left =
        b.convolution(
            "left",
            before,
            new Layer.Convolution(1, kernel, stride, kernelHalf * dilation, dilation, true));
    Node right = b.maxPool("right", before, pool, stride, pool / 2);
    Assume.that(left.shape().equals(right.shape())); // an even pool of stride 1 yields one more
    Node sum = b.add("sum", left, right);
    Network network = b.logits(b.dense("logits", b.globalAverage("pool", sum), 2));
    assertThat(ReceptiveField.of(network)).isEqualTo(reachable(network));
  }

  /**
   * Follows the rows read by the middle row of the last feature map back to the image, tap by tap,
   * and measures their spread.
   */
  private static int reachable(Network network) {
    List<TreeSet<Integer>> rows = new ArrayList<>();
    network.nodes().forEach(node -> rows.add(new TreeSet<>()));
    Node last =
        network.nodes().stream()
            .filter(node -> node.layer() instanceof Layer.GlobalAverage)
            .map(node -> network.node(node.inputs().get(0)))
            .findFirst()
            .orElseThrow();
    rows.get(last.index()).add(last.shape().height() / 2);
    for (int index = last.index(); index > 0; index--) {
      Node node = network.node(index);
      for (int row : rows.get(index)) {
        for (int input : node.inputs()) {
          int height = network.node(input).shape().height();
          taps(node.layer(), row).stream()
              .filter(tap -> tap >= 0 && tap < height)
              .forEach(rows.get(input)::add);
        }
      }
    }
    TreeSet<Integer> seen = rows.get(0);
    assertThat(seen.first()).as("the field must not touch the border").isPositive();
    assertThat(seen.last()).isLessThan(network.input().height() - 1);
    return seen.last() - seen.first() + 1;
  }

  private static List<Integer> taps(Layer layer, int row) {
    List<Integer> taps = new ArrayList<>();
    if (layer instanceof Layer.Convolution c) {
      for (int tap = 0; tap < c.kernel(); tap++) {
        taps.add(row * c.stride() - c.padding() + tap * c.dilation());
      }
    } else if (layer instanceof Layer.MaxPool p) {
      for (int tap = 0; tap < p.kernel(); tap++) {
        taps.add(row * p.stride() - p.padding() + tap);
      }
    } else {
      taps.add(row);
    }
    return taps;
  }
}
