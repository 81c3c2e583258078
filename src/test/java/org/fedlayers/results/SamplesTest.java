package org.fedlayers.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over a grid of two nets and two rates, each sample a single seed. */
class SamplesTest {
  private static final String NET = "model.name";
  private static final String RATE = "training.rate";
  private Samples grid;

  @BeforeEach
  void grid() {
    Map<Map<String, String>, Sample> samples = new LinkedHashMap<>();
    double value = 1;
    for (String net : new String[] {"resnet-20", "resnet-8"}) {
      for (String rate : new String[] {"0.1", "0.02"}) {
        samples.put(Map.of(NET, net, RATE, rate), Sample.of(value++));
      }
    }
    grid = new Samples(samples);
  }

  @Test
  void axesAreOrderedByTheNumbersInTheirValues() {
    assertThat(grid.value(NET, Samples.HIGHEST)).isEqualTo("resnet-20");
    assertThat(grid.value(RATE, Samples.LOWEST)).isEqualTo("0.02");
    Map<Map<String, String>, Sample> small = new LinkedHashMap<>();
    for (String rate : new String[] {"1.0E-4", "0.01", "0.1"}) {
      small.put(Map.of(RATE, rate), Sample.of(1));
    }
    assertThat(new Samples(small).value(RATE, Samples.LOWEST)).isEqualTo("1.0E-4");
    assertThat(grid.at(Map.of(NET, Samples.LOWEST)).byPoint().keySet())
        .containsExactly(Map.of(RATE, "0.1"), Map.of(RATE, "0.02"));
  }

  @Test
  void aValueWithOptionsIsFoundByItsName() {
    Map<String, String> point = Map.of("method", "feddyn alpha=0.01");
    assertThat(Samples.isAt(point, Map.of("method", "feddyn"))).isTrue();
    assertThat(Samples.isAt(point, Map.of("method", "fed"))).isFalse();
  }

  /** The one that came last was taken for both. */
  @Test
  void aNameThatTwoPointsHaveIsRefused() {
    Map<Map<String, String>, Sample> samples = new LinkedHashMap<>();
    samples.put(Map.of("method", "feddyn alpha=0.01"), Sample.of(1));
    samples.put(Map.of("method", "feddyn alpha=0.1"), Sample.of(2));
    Samples both = new Samples(samples);
    assertThatThrownBy(() -> both.at(Map.of("method", "feddyn")))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "which is meant, {method=feddyn alpha=0.01} or {method=feddyn alpha=0.1}?"
                + " Name it with its options");
    assertThat(both.at(Map.of("method", "feddyn alpha=0.1")).family())
        .containsExactly(Sample.of(2));
  }

  @Test
  void theBestIsChosenForEachPointOfTheOtherAxes() {
    assertThat(grid.bestAlong(RATE).family()).containsExactly(Sample.of(2), Sample.of(4));
  }

  @Test
  void ofEquallyGoodOnesTheFirstIsTheBest() {
    Sample first = new Sample(Sample.of(1).values(), Set.of("a 1"));
    Map<Map<String, String>, Sample> equal = new LinkedHashMap<>();
    equal.put(Map.of(RATE, "0.1"), first);
    equal.put(Map.of(RATE, "0.02"), Sample.of(1));
    assertThat(new Samples(equal).bestAlong(RATE).family()).containsExactly(first);
  }

  @Test
  void pointsWithoutAnAxisHaveNoPartInItsOrder() {
    Map<Map<String, String>, Sample> samples = new LinkedHashMap<>(grid.byPoint());
    samples.put(Map.of("arm", "federated"), Sample.of(1));
    assertThat(new Samples(samples).value(RATE, Samples.HIGHEST)).isEqualTo("0.1");
  }

  @Test
  void pointsArePairedByWhatTheyShare() {
    Samples deep = grid.at(Map.of(NET, "resnet-20"));
    Samples shallow = grid.at(Map.of(NET, "resnet-8", RATE, "0.1"));
    assertThat(deep.pairedWith(shallow, Sample::minus).byPoint().keySet()).isEmpty();
    assertThat(deep.pairedWith(grid.at(Map.of(NET, "resnet-8")), Sample::minus).family())
        .containsExactly(Sample.of(-2), Sample.of(-2));
  }

  @Test
  void whatIsNotThereIsNotMeasured() {
    assertThatThrownBy(() -> grid.at(Map.of(NET, "resnet-56")))
        .isInstanceOf(NotMeasuredException.class)
        .hasMessage("no cell with model.name resnet-56");
    Samples one = grid.at(Map.of(RATE, "0.1")).at(Map.of(NET, "resnet-8"));
    assertThatThrownBy(() -> one.value(NET, Samples.HIGHEST))
        .hasMessage("nothing to compare along model.name");
  }
}
