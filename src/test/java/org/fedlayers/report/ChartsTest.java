package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;

/** What figures show of results whose numbers are known. */
class ChartsTest {
  @TempDir Path root;
  private Path folder;

  @BeforeEach
  void results() throws IOException {
    folder = SyntheticResults.write(root);
  }

  private XYChart chart(FigureSpec spec, int panel) {
    return (XYChart) Figures.sheet(folder, spec, Style.WEB).charts().get(panel);
  }

  @Test
  void aCurveIsTheMeanOverSeedsInTheAxisUnits() {
    XYChart chart = chart(SyntheticResults.curves(), 1);
    assertThat(chart.getTitle()).isEqualTo("ResNet-20");
    assertThat(chart.getXAxisTitle()).isEqualTo("Images processed (thousand)");
    XYSeries line = chart.getSeriesMap().get("Federated line");
    assertThat(line.getXData()).hasSize(12).startsWith(40).endsWith(480);
    assertThat(line.getYData()[0]).isCloseTo(100 * (0.4 + 0.01 + 0.001), within(1e-9));
    assertThat(line.getYData()[11]).isCloseTo(100 * (0.4 + 0.12 + 0.001), within(1e-9));
  }

  @Test
  void everySeedHasItsThinLineAndTheLegendNamesEachSeriesOnce() {
    XYChart chart = chart(SyntheticResults.curves(), 0);
    assertThat(chart.getSeriesMap().get("Central, large batch seed 2").getYData()[0])
        .isCloseTo(100 * 0.612, within(1e-9));
    assertThat(chart.getSeriesMap().values())
        .filteredOn(XYSeries::isShowInLegend)
        .extracting(XYSeries::getLabel)
        .containsExactly("Federated", "Central, large batch");
  }

  @Test
  void marksStandOnTheCurve() {
    XYChart chart = chart(SyntheticResults.curves(), 0);
    XYSeries line = chart.getSeriesMap().get("Federated line");
    XYSeries marks = chart.getSeriesMap().get("Federated");
    int marked = 0;
    for (int i = 0; i < marks.getXData().length; i++) {
      if (!Double.isNaN(marks.getYData()[i])) {
        marked++;
        int at = (int) (marks.getXData()[i] / 40) - 1;
        assertThat(marks.getYData()[i]).isEqualTo(line.getYData()[at]);
      }
    }
    assertThat(marked).isBetween(3, 12);
  }

  @Test
  void panelsShareTheirAxes() {
    XYChart first = chart(SyntheticResults.curves(), 0);
    XYChart second = chart(SyntheticResults.curves(), 1);
    assertThat(first.getStyler().getYAxisMin()).isEqualTo(second.getStyler().getYAxisMin());
    assertThat(first.getStyler().getYAxisMax())
        .isEqualTo(second.getStyler().getYAxisMax())
        .isGreaterThan(100 * SyntheticResults.accuracy("central-large", 8, 2, 12));
  }

  @Test
  void bandsReachFromTheLowEndToTheHighEnd() {
    FigureSpec spec =
        FigureSpec.of(
            Map.of("kind", "curves", "series", "arm", "panel", "model.name", "spread", "interval"));
    double[] around = chart(spec, 0).getSeriesMap().get("Federated interval").getYData();
    assertThat(around).hasSize(24);
    double middle = 100 * SyntheticResults.accuracy("federated", 8, 1, 1);
    double half = 100 * 0.001 * 4.303 / Math.sqrt(3); // t(2) = 4.303, s = 0.001
    assertThat(around[0]).isCloseTo(middle - half, within(1e-3));
    assertThat(around[23]).isCloseTo(middle + half, within(1e-3));
  }

  @Test
  void pointsTakeTheSummarysIntervalsAndTheAxisContainsThem() {
    XYChart chart = chart(SyntheticResults.depth(), 0);
    XYSeries federated = chart.getSeriesMap().get("Federated");
    double deep = 100 * (0.6 - 0.2 + 0.001 + 0.075);
    assertThat(federated.getYData()[1]).isCloseTo(deep, within(1e-6));
    assertThat(federated.getExtraValues()[1]).isCloseTo(2, within(1e-6));
    assertThat(federated.getXData()[1]).isCloseTo(20, within(0.2)); // dodged, but near
    assertThat(chart.getStyler().getYAxisMin()).isLessThan(deep - 2);
    assertThat(chart.getStyler().getYAxisMax()).isGreaterThan(100 * 0.676 + 2);
  }

  @Test
  void oneSeedHasAPointWithoutErrorBars() throws IOException {
    Path file = folder.resolve("summary.csv");
    String columns = "group,arm,model,n,last10,last10_low,last10_high,depth";
    Files.writeString(file, columns + "\na,federated,cohort,1,0.5,,,8\n");
    XYSeries point = chart(SyntheticResults.depth(), 0).getSeriesMap().get("Federated");
    assertThat(point.getYData()).containsExactly(50);
    assertThat(point.getExtraValues()).isNull();
  }

  @Test
  void aContrastIsTakenSeedBySeed() {
    XYChart chart = chart(SyntheticResults.gap(), 0);
    XYSeries gap = chart.getSeriesMap().get("Difference in test accuracy (points)");
    assertThat(gap.getYData()).containsExactly(new double[] {8, 20}, within(1e-9));
    assertThat(gap.getExtraValues()).containsExactly(new double[] {0, 0}, within(1e-9));
    assertThat(chart.getSeriesMap().get("margin of the claim").getYData()).containsOnly(1);
    assertThat(chart.getStyler().getYAxisMin()).isLessThanOrEqualTo(0);
  }

  @Test
  void barsStartAtZeroAndHaveRoomForTheirIntervals() {
    CategoryChart chart =
        (CategoryChart) Figures.sheet(folder, SyntheticResults.bars(), Style.WEB).charts().get(0);
    assertThat(chart.getStyler().getYAxisMin()).isZero();
    assertThat(chart.getStyler().getYAxisMax()).isGreaterThan(100 * 0.696);
    assertThat(List.copyOf(chart.getSeriesMap().get("Federated").getXData()))
        .isEqualTo(List.of("ResNet-8", "ResNet-20"));
  }

  /** Of a sweep that is under way, cells are missing while others have intervals already. */
  @Test
  void barsOfAnUnfinishedSweepAreDrawn() throws IOException {
    Path file = folder.resolve("summary.csv");
    List<String> lines = Files.readAllLines(file);
    lines.removeIf(line -> line.startsWith("central-large") && line.endsWith("resnet-20"));
    Files.write(file, lines);
    CategoryChart chart =
        (CategoryChart) Figures.sheet(folder, SyntheticResults.bars(), Style.WEB).charts().get(0);
    assertThat(chart.getSeriesMap().get("Central, large batch").getYData())
        .satisfiesExactly(
            first -> assertThat(first.doubleValue()).isPositive(),
            missing -> assertThat(missing.doubleValue()).isZero());
  }

  @Test
  void aHeatMapOrdersNumbersAndFillsWhatIsMissing() {
    HeatMapChart chart =
        (HeatMapChart)
            Figures.sheet(folder, SyntheticResults.partition(), Style.WEB).charts().get(0);
    assertThat(List.copyOf(chart.getHeatMapSeries().getXData())).isEqualTo(List.of("0", "2", "10"));
    assertThat(chart.getHeatMapSeries().getHeatData().stream().map(Arrays::toString).toList())
        .containsExactlyInAnyOrder(
            "[0, 0, 0.0]",
            "[0, 1, 30.0]",
            "[1, 0, 50.0]",
            "[1, 1, 0.0]",
            "[2, 0, 0.0]",
            "[2, 1, 20.0]");
    assertThat(chart.getStyler().getMin()).isZero();
    assertThat(chart.getStyler().getMax()).isEqualTo(50);
  }

  @Test
  void aRunThatDivergedEndsItsCurve() throws IOException {
    Path file = folder.resolve("rounds.csv");
    StringBuilder rounds = new StringBuilder(SyntheticResults.ROUNDS_HEADER);
    rounds.append("a,federated,0,1,8,100,cohort,0.2,2,2,10,ok,resnet-8\n");
    rounds.append("a,federated,0,2,16,200,cohort,,,,10,diverged,resnet-8\n");
    Files.writeString(file, rounds);
    assertThat(chart(SyntheticResults.curves(), 0).getSeriesMap().get("Federated line").getXData())
        .containsExactly(100);
  }

  @Test
  void mixedConfigurationsAreRefused() {
    FigureSpec mixed = FigureSpec.of(Map.of("kind", "curves", "series", "arm"));
    assertThatThrownBy(() -> Figures.sheet(folder, mixed, Style.WEB))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("rounds.csv")
        .hasMessageContaining("the figure 'curves'")
        .hasMessageContaining("different configurations cannot be told apart");
    FigureSpec points = FigureSpec.of(Map.of("kind", "points", "x", "arm"));
    assertThatThrownBy(() -> Figures.sheet(folder, points, Style.WEB))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("summary.csv")
        .hasMessageContaining("different configurations");
  }
}
