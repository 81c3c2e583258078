package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.nn.Networks;
import org.fedlayers.nn.Node;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules and experiments name each other's cells: every cell, as if all of them had run. */
class CellsOfRulesTest {
  /** What the columns hold along which rules look. */
  private static final Map<String, List<String>> ALONG =
      Map.of(
          "index", List.of("0", "1", "2"),
          "normalised_by", List.of("averaged", "re-estimated"),
          "layer",
              Networks.CIFAR_10.named("resnet-8").kernelLayers().stream().map(Node::name).toList());

  /** One number a cell, no two alike. */
  private static Samples planned(Measure measure, String scale) {
    Map<Map<String, String>, Sample> samples = new LinkedHashMap<>();
    for (PlannedCells.Planned cell : PlannedCells.BUILT_IN.cells(measure.experiment(), scale)) {
      if (cell.fits(measure.where())) {
        List<Map<String, String>> points = List.of(cell.point());
        for (Map.Entry<String, String> axis : measure.claim().along().entrySet()) {
          points = longer(points, axis.getKey(), ALONG.get(axis.getValue()));
        }
        points.forEach(one -> samples.put(one, Sample.of(3 + Math.sin(samples.size()))));
      }
    }
    return new Samples(Samples.fixed(samples, measure.where().keySet()));
  }

  private static List<Map<String, String>> longer(
      List<Map<String, String>> points, String axis, List<String> values) {
    List<Map<String, String>> longer = new ArrayList<>();
    for (Map<String, String> point : points) {
      for (String value : values) {
        Map<String, String> one = new LinkedHashMap<>(point);
        one.put(axis, value);
        longer.add(one);
      }
    }
    return longer;
  }

  private static Map<Claim, Measured> measured(String scale) {
    Map<Claim, Measured> all = new LinkedHashMap<>();
    for (Claim claim : Claims.all()) {
      if (claim.rules().get(scale) instanceof Measured rule) {
        all.put(claim, rule);
      }
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"paper", "laptop"})
  void everyRuleFindsItsCells(String scale) {
    measured(scale)
        .forEach(
            (claim, rule) -> {
              Samples samples = planned(rule.measure(), scale);
              Set<Map<String, String>> effects =
                  rule.effects(samples, rule.contrasts()).byPoint().keySet();
              assertThat(effects).as(claim.id()).isNotEmpty();
              if (!rule.premise().isEmpty()) {
                assertThat(rule.effects(samples, rule.premise()).byPoint().keySet())
                    .as("premise of " + claim.id())
                    .isEqualTo(effects);
              }
            });
  }

  /** A rule that looks at a table needs an experiment that fills it. */
  @ParameterizedTest
  @ValueSource(strings = {"paper", "laptop"})
  void whatARuleLooksAtIsMeasured(String scale) {
    Set<String> without = new TreeSet<>();
    measured(scale)
        .forEach(
            (claim, rule) -> {
              Measure measure = rule.measure();
              String table = measure.y().equals("cka") ? "cka" : measure.claim().from();
              String what = what(measure.experiment(), scale);
              if (!table.equals("rounds")
                  && !what.contains(table.replace("layers", "divergence"))) {
                without.add(claim.id());
              }
            });
    assertThat(without).isEmpty();
  }

  private static String what(String experiment, String scale) {
    Cell cell = ExperimentReader.builtIn(experiment, scale).cells().get(0);
    return String.valueOf(cell.configuration().chosen().get("measure.what"));
  }

  /** What figures alone show, or weighs nothing in a slope because it is in its middle. */
  private static final Map<String, String> FOR_FIGURES =
      Map.of(
          "divergence/depth", "model.name=resnet-20",
          "divergence/rates", "model.name=resnet-20",
          "divergence/kernels", "model.kernel=3",
          "divergence/receptive-field", "arm=central-small",
          "divergence/width", "arm=central-small",
          "divergence/theory", "model.name=mlp-",
          "fixbn/border", "data.border=mean",
          "man/zeta", "training.man=2");

  /** Hours are spent on what a rule looks at: another number there is another effect. */
  @Test
  void everyCellFeedsARule() {
    Map<String, Set<Map<String, String>>> unused = new TreeMap<>();
    for (String path : Catalogue.paths()) {
      PlannedCells.BUILT_IN
          .cells(path, "laptop")
          .forEach(
              cell ->
                  unused.computeIfAbsent(path, none -> new LinkedHashSet<>()).add(cell.point()));
    }
    measured("laptop")
        .forEach(
            (claim, rule) -> {
              Samples samples = planned(rule.measure(), "laptop");
              Samples effects = rule.effects(samples, rule.contrasts());
              unused
                  .get(rule.measure().experiment())
                  .removeIf(cell -> !with(cell, rule, samples).equals(effects));
            });
    unused.forEach(
        (path, cells) ->
            assertThat(cells)
                .as(path)
                .allMatch(
                    cell ->
                        FOR_FIGURES.containsKey(path)
                            && ("" + cell).contains(FOR_FIGURES.get(path))));
  }

  /** The effects if one cell had other numbers. */
  private static Samples with(Map<String, String> cell, Measured rule, Samples samples) {
    Map<String, String> varying = new LinkedHashMap<>(cell);
    varying.keySet().removeAll(rule.measure().where().keySet());
    Map<Map<String, String>, Sample> changed = new LinkedHashMap<>(samples.byPoint());
    if (new PlannedCells.Planned(cell, seed -> "", Set.of()).fits(rule.measure().where())) {
      changed.replaceAll(
          (point, sample) ->
              point.entrySet().containsAll(varying.entrySet())
                  ? sample.map(value -> 9 * value)
                  : sample);
    }
    return rule.effects(new Samples(changed), rule.contrasts());
  }
}
