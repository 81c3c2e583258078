package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.claims.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

class LedgerFigureTest {
  private static final List<String> REFERENCES = List.of("margin of the claim", "zero", "axis");
  @TempDir Path root;

  private List<XYChart> charts() throws IOException {
    SyntheticResults.write(root);
    Sheet sheet = LedgerFigure.sheet(Ledger.of(root.resolve("results")), Style.WEB);
    return sheet.charts().stream().map(XYChart.class::cast).toList();
  }

  @Test
  void everyClaimStandsInItOnce() throws IOException {
    Map<String, Long> perPaper =
        Ledger.of(root).entries().stream()
            .collect(Collectors.groupingBy(e -> e.claim().paper(), Collectors.counting()));
    long[] places =
        charts().stream()
            .mapToLong(
                chart ->
                    chart.getSeriesMap().values().stream()
                        .filter(series -> !REFERENCES.contains(series.getName()))
                        .flatMapToDouble(series -> Arrays.stream(series.getXData()))
                        .distinct()
                        .count())
            .toArray();
    assertThat(places)
        .containsExactly(
            perPaper.get("divergence"),
            perPaper.get("fixbn"),
            perPaper.get("man"),
            perPaper.get("together"));
  }

  @Test
  void effectsAreMeasuredInMargins() throws IOException {
    // B5's margin is 0.05 of a step, and here a step takes 0.15 longer.
    Path bench = Files.createDirectories(root.resolve("results/bench"));
    Files.writeString(
        bench.resolve("steps.csv"),
        """
        comparison,net,time_ratio,time_ratio_low,time_ratio_high,repeats,clock,cpu
        "FixBN, statistics frozen",resnet-20,1.15,1.1,1.2,5,wall,some
        """);
    XYSeries refuted = charts().get(1).getSeriesMap().get("not reproduced");
    assertThat(refuted.getXData()).containsExactly(5);
    assertThat(refuted.getYData()[0]).isCloseTo(3, within(1e-9));
    assertThat(refuted.getExtraValues()[0]).isCloseTo(1, within(1e-9));
  }
}
