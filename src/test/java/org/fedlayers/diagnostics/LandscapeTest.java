package org.fedlayers.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.fedlayers.data.Randomness;
import org.fedlayers.nn.Case;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.NaiveNetwork;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor;
import org.fedlayers.nn.WatchedModel;
import org.fedlayers.nn.graph.GraphModel;
import org.junit.jupiter.api.Test;

class LandscapeTest {
  private final Tiny tiny = Tiny.of(Tiny.everyKind(Normaliser.BATCH, Layer.Function.RELU), 6, 4);

  private Landscape landscape(int threads) {
    return new Landscape(
        () -> new GraphModel(tiny.network()),
        tiny.model(),
        tiny.sample(),
        threads,
        new Randomness(3));
  }

  private double[] direction(int index) {
    return Landscape.direction(tiny.network(), tiny.floatWeights(), new Randomness(3), index);
  }

  @Test
  void directionsHaveTheFiltersNormsAndLeaveTheRest() {
    double[] direction = direction(0);
    for (Tensor tensor : tiny.network().weights()) {
      int filters = tensor.role() == Tensor.Role.KERNEL ? tensor.dimensions()[0] : 1;
      int length = tensor.size() / filters;
      for (int filter = 0; filter < filters; filter++) {
        double drawn = 0;
        double wanted = 0;
        for (int i = 0; i < length; i++) {
          int at = tensor.offset() + filter * length + i;
          drawn += Math.pow(direction[at], 2);
          wanted += Math.pow(tiny.weights()[at], 2);
        }
        boolean kernel = tensor.role() == Tensor.Role.KERNEL;
        assertThat(drawn).as(tensor.name()).isCloseTo(kernel ? wanted : 0, within(1e-12));
      }
    }
    assertThat(direction(1)).isNotEqualTo(direction).isEqualTo(direction(1));
  }

  @Test
  void theCentreIsTheLossAndAPointTheLossThere() {
    List<Landscape.Point> plane = landscape(1).plane(0.5, 5);
    assertThat(plane).hasSize(25);
    assertThat(plane.subList(5, 10))
        .extracting(Landscape.Point::x)
        .containsExactly(-0.5, -0.25, 0.0, 0.25, 0.5);
    assertThat(plane.subList(5, 10)).extracting(Landscape.Point::y).containsOnly(-0.25);
    assertThat(plane.get(12).x()).isEqualTo(plane.get(12).y()).isZero();
    assertThat(plane.get(12).loss()).isCloseTo(tiny.naive(tiny.weights()).value(), within(1e-5));
    Landscape.Point corner = plane.get(20);
    assertThat(corner.x()).isEqualTo(-0.5);
    assertThat(corner.y()).isEqualTo(0.5);
    double[] there = tiny.weights().clone();
    for (int i = 0; i < there.length; i++) {
      there[i] += -0.5 * direction(0)[i] + 0.5 * direction(1)[i];
    }
    assertThat(corner.loss()).isCloseTo(tiny.naive(there).value(), within(1e-4));
    assertThat(corner.accuracy()).isEqualTo(accuracy(there));
  }

  private double accuracy(double[] weights) {
    int[] labels = tiny.sample().labels();
    double[] pixels = Case.doubles(tiny.sample().pixels());
    double[] logits =
        new NaiveNetwork(tiny.network()).logits(weights, tiny.statistics(), pixels, labels.length);
    int right = 0;
    for (int image = 0; image < labels.length; image++) {
      double[] own = Arrays.copyOfRange(logits, 3 * image, 3 * image + 3);
      right += own[labels[image]] == Arrays.stream(own).max().orElseThrow() ? 1 : 0;
    }
    return (double) right / labels.length;
  }

  @Test
  void isTheSameOnAnyNumberOfThreads() {
    assertThat(landscape(3).plane(1, 3)).isEqualTo(landscape(1).plane(1, 3));
  }

  @Test
  void aPointThatFailsLosesNoModel() {
    List<String> calls = Collections.synchronizedList(new ArrayList<>());
    Supplier<Model> models =
        () -> {
          calls.add("open");
          return WatchedModel.of(new GraphModel(tiny.network()), calls::add);
        };
    ImageSample other = new ImageSample("other", new float[3], new int[1]);
    var landscape = new Landscape(models, tiny.model(), other, 1, new Randomness(3));
    assertThatThrownBy(() -> landscape.plane(1, 3)).hasMessageContaining("3 values");
    assertThat(calls).contains("open").endsWith("close");
  }

  @Test
  void refusesGridsWithoutACentre() {
    assertThatThrownBy(() -> landscape(1).plane(1, 4)).hasMessageContaining("odd");
    assertThatThrownBy(() -> landscape(1).plane(0, 3)).hasMessageContaining("above 0");
  }
}
