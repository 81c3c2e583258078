package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.options.UserError;
import org.fedlayers.results.ResultsFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What figures show of results whose numbers are known, read from their SVG. */
class ChartsTest {
  @TempDir Path root;
  private Path folder;

  @BeforeEach
  void results() throws IOException {
    folder = SyntheticResults.write(root);
  }

  private Page page(FigureSpec spec) {
    return Figures.page(folder, spec, Style.WEB, new ResultsFiles());
  }

  private Svg svg(FigureSpec spec) {
    return new Svg(page(spec).svg());
  }

  private Estimates estimates(FigureSpec spec) {
    return new Estimates(FigureRows.of(folder, spec, new ResultsFiles()), spec);
  }

  /** The value at a height, by the axis's own labels. */
  private static double value(Svg svg, String low, String high, double y) {
    double from = svg.text(low).y();
    double to = svg.text(high).y();
    double middle = y + 0.33 * Style.WEB.text; // labels are centred on their ticks
    double a = Double.parseDouble(low);
    return a + (middle - from) / (to - from) * (Double.parseDouble(high) - a);
  }

  @Test
  void aCurveIsTheMeanOverSeedsInTheAxisUnits() {
    FigureSpec spec =
        FigureSpec.of(
            Map.of("kind", "curves", "series", "arm", "where", Map.of("model.name", "resnet-20")));
    Svg svg = svg(spec);
    assertThat(svg.texts()).contains("Images processed (thousand)", "Test accuracy (%)");
    List<Svg.Mark> federated = svg.marks(0);
    assertThat(value(svg, "60", "70", federated.get(0).y()))
        .isCloseTo(100 * (0.4 + 0.01 + 0.001), within(0.05));
    assertThat(estimates(spec).all.get(11).mean()).isCloseTo(52.1, within(1e-9));
    // 2 series of 3 seeds: a thin line each; the legend's line and a thick line.
    assertThat(svg.lines(0)).isEqualTo(3 + 1 + 1);
  }

  /** As the rules of claims do. */
  @Test
  void aMethodIsFoundByItsNameWithoutItsOptions() throws IOException {
    Path rounds = folder.resolve("rounds.csv");
    String rows =
        """
        cell,arm,seed,round,steps,samples,model,accuracy,status,method
        a,federated,0,1,8,100,all,0.2,ok,fedavg
        b,federated,0,1,8,100,all,0.5,ok,feddyn alpha=0.1
        c,federated,0,1,8,100,all,0.9,ok,feddynamo
        """;
    Files.writeString(rounds, rows);
    Map<String, Object> sides = Map.of("column", "method", "of", "feddyn", "minus", "fedavg");
    FigureSpec contrast =
        FigureSpec.of(
            Map.of(
                "kind",
                "points",
                "from",
                "rounds.csv",
                "x",
                "arm",
                "y",
                "accuracy",
                "over",
                "last10",
                "contrast",
                sides));
    assertThat(estimates(contrast).all.get(0).mean()).isCloseTo(30, within(1e-9));
    FigureSpec curve =
        FigureSpec.of(
            Map.of("kind", "curves", "where", Map.of("method", List.of("feddyn", "fedprox"))));
    assertThat(estimates(curve).all.get(0).mean()).isCloseTo(50, within(1e-9));

    Files.writeString(rounds, rows + "d,federated,0,1,8,100,all,0.6,ok,feddyn\n");
    assertThat(estimates(contrast).all.get(0).mean()).as("exactly").isCloseTo(40, within(1e-9));

    Files.writeString(rounds, rows + "d,federated,0,1,8,100,all,0.6,ok,feddyn alpha=0.01\n");
    assertThatThrownBy(() -> estimates(contrast))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("cannot be told apart", "feddyn alpha=0.01", "feddyn alpha=0.1");
  }

  /** Clients drawn by other seeds are of other sizes. */
  @Test
  void aCurveIsTheMeanOfARoundWhereSeedsHaveProcessedUnequallyMany() throws IOException {
    Files.writeString(
        folder.resolve("rounds.csv"),
        """
        cell,arm,seed,round,steps,samples,model,accuracy,status
        a,federated,0,1,8,100,all,0.2,ok
        a,federated,0,2,16,200,all,0.4,ok
        b,federated,1,1,8,110,all,0.4,ok
        b,federated,1,2,16,230,all,0.6,ok
        """);
    List<Estimates.Estimate> curve =
        estimates(FigureSpec.of(Map.of("kind", "curves", "series", "arm", "title", "T"))).all;
    assertThat(curve).extracting(Estimates.Estimate::x).containsExactly("105.0", "215.0");
    assertThat(curve.get(0).mean()).isCloseTo(30, within(1e-9));
    assertThat(curve.get(1).mean()).isCloseTo(50, within(1e-9));
  }

  @Test
  void panelsShareTheirAxesAndTheLegendNamesEachSeriesOnce() {
    Svg svg = svg(SyntheticResults.CURVES);
    assertThat(svg.texts())
        .containsSubsequence("ResNet-8", "ResNet-20")
        .containsOnlyOnce("Federated", "Central, large batch", "70");
  }

  @Test
  void withFiveSeedsCurvesHaveBandsInsteadOfSingleSeeds() throws IOException {
    Path file = folder.resolve("rounds.csv");
    StringBuilder rounds = new StringBuilder(SyntheticResults.ROUNDS_HEADER);
    for (int seed = 0; seed < 5; seed++) {
      for (int round = 1; round <= 2; round++) {
        rounds.append(
            "a%d,federated,%d,%d,8,%d,cohort,0.%d%d,2,2,10,ok,resnet-8\n"
                .formatted(seed, seed, round, round * 100, 3 + round, seed));
      }
    }
    Files.writeString(file, rounds);
    Page page = page(SyntheticResults.CURVES);
    assertThat(page.context()).contains("bands: 95 % intervals");
    assertThat(page.svg()).contains("fill-opacity");
    assertThat(new Svg(page.svg()).lines(0)).isEqualTo(1);
  }

  /** Also where the shortest curve has fewer seeds than the longest, and lost one on its way. */
  @Test
  void aCurveMarksEachOfAFewPointsAndTheContextCountsTheSeedsOfEveryCurve() throws IOException {
    StringBuilder rounds = new StringBuilder(SyntheticResults.ROUNDS_HEADER);
    for (int seed = 0; seed < 5; seed++) {
      for (String arm : seed < 3 ? List.of("federated", "central_large") : List.of("federated")) {
        for (int round = 1; round <= 12; round++) {
          boolean lost = seed == 2 && arm.equals("central_large") && round == 2;
          rounds.append(
              "%s%s,%s,%s,%s,8,%s,cohort,0.4%s,2,2,10,%s,resnet-8\n"
                  .formatted(
                      arm, seed, arm, seed, round, round * 100, seed, lost ? "diverged" : "ok"));
          if (lost) {
            break;
          }
        }
      }
    }
    Files.writeString(folder.resolve("rounds.csv"), rounds);
    Page page = page(SyntheticResults.CURVES);
    assertThat(page.context()).contains(", 3 to 5 seeds,");
    assertThat(new Svg(page.svg()).marks(0)).hasSize(12 + 1); // and the legend's
  }

  @Test
  void pointsTakeTheSummarysIntervalsAndTheAxisTicksTheDepthsThemselves() {
    Svg svg = svg(SyntheticResults.DEPTH);
    List<Svg.Mark> federated = svg.marks(0);
    assertThat(federated).hasSize(3); // and the legend's
    assertThat(value(svg, "50", "60", federated.get(1).y())).isCloseTo(47.6, within(0.05));
    assertThat(svg.text("20").x() + Pen.width("20", Style.WEB.small()) / 2)
        .isCloseTo(federated.get(1).x(), within(10.0)); // dodged, but near
    assertThat(estimates(SyntheticResults.DEPTH).all.get(1).interval().low())
        .isCloseTo(45.6, within(1e-9));
  }

  @Test
  void oneSeedHasAPointWithoutErrorBars() throws IOException {
    String columns = "group,arm,model,n,last10,last10_low,last10_high,depth";
    Files.writeString(folder.resolve("summary.csv"), columns + "\na,federated,cohort,1,0.5,,,8\n");
    Page page = page(SyntheticResults.DEPTH);
    assertThat(page.context()).doesNotContain("intervals");
    assertThat(new Svg(page.svg()).marks(0)).hasSize(1);
    assertThat(new Svg(page.svg()).lines(0)).isLessThan(2);
  }

  @Test
  void aContrastIsTakenSeedBySeedAndStandsBesideZeroAndTheMargin() {
    assertThat(estimates(SyntheticResults.GAP).all)
        .extracting(Estimates.Estimate::mean)
        .satisfiesExactly(
            shallow -> assertThat(shallow).isCloseTo(8, within(1e-9)),
            deep -> assertThat(deep).isCloseTo(20, within(1e-9)));
    assertThat(page(SyntheticResults.GAP).context())
        .contains("Central, large batch minus Federated, seed by seed");
    assertThat(svg(SyntheticResults.GAP).texts()).contains("0", "margin of the claim");
  }

  @Test
  void ofAClaimThatThingsAreTheSameBothMarginsAreDrawn() {
    Map<String, Object> points = Map.of("kind", "points", "x", "depth", "claim", "D9");
    String svg = page(FigureSpec.of(points)).svg();
    assertThat(new Svg(svg).texts()).containsOnlyOnce("margin of the claim");
    assertThat(svg.split("stroke-dasharray")).as("two lines, and the legend's").hasSize(1 + 3);
  }

  /** The whiskers of a bench are its extremes, and those lie where they lie. */
  @Test
  void errorBarsReachAsFarAsTheyDoOnEachSide() throws IOException {
    Files.writeString(
        folder.resolve("summary.csv"),
        "group,arm,model,n,last10,last10_low,last10_high,model.name\n"
            + "a,federated,cohort,3,0.5,0.4,0.8,resnet-8\n");
    String svg = page(SyntheticResults.BARS).svg();
    double from = 0;
    double to = 0;
    var line =
        java.util.regex.Pattern.compile(
                "<line style=\"fill:none;stroke:rgb\\(34,34,34\\)[^>]*x1=\"([\\d.]+)\" x2=\"([\\d.]+)\"")
            .matcher(svg);
    while (line.find()) {
      double left = Double.parseDouble(line.group(1));
      double right = Double.parseDouble(line.group(2));
      if (right - left > to - from) {
        from = left;
        to = right;
      }
    }
    Svg.Mark bar = new Svg(svg).boxes(0).get(0);
    double end = bar.x() + bar.width();
    assertThat((to - end) / (end - from)).isCloseTo(3, within(0.01));
  }

  @Test
  void barsStartAtZeroAndThoseOfAnUnfinishedSweepAreDrawn() throws IOException {
    Path file = folder.resolve("summary.csv");
    List<String> lines = Files.readAllLines(file);
    lines.removeIf(line -> line.startsWith("central-large") && line.endsWith("resnet-20"));
    Files.write(file, lines);
    Svg svg = svg(SyntheticResults.BARS);
    List<Svg.Mark> federated = svg.boxes(0);
    List<Svg.Mark> central = svg.boxes(1);
    assertThat(federated).hasSize(3); // and the legend's
    assertThat(central).hasSize(2);
    assertThat(federated.get(0).x()).isEqualTo(central.get(0).x());
    assertThat(federated.get(0).width() / federated.get(1).width())
        .isCloseTo(59.6 / 47.6, within(1e-3));
    assertThat(svg.text("ResNet-8").y()).isLessThan(svg.text("ResNet-20").y());
  }

  /** In the same order in every figure; what was not measured must not read as zero. */
  @Test
  void namesStandInTheOrderOfTheFileAndMissingBarsSaySo() throws IOException {
    Files.writeString(
        folder.resolve("summary.csv"),
        """
        group,arm,model,n,last10,last10_low,last10_high,method,training.man
        a,federated,cohort,1,0.5,,,fedavg,0
        b,federated,cohort,1,0.7,,,fedavg,0.15
        c,federated,cohort,1,0.4,,,scaffold,0
        d,federated,cohort,1,0.6,,,feddyn,0
        e,federated,cohort,1,0.8,,,feddyn,0.15
        """);
    Svg svg = svg(FigureSpec.of(Map.of("kind", "bars", "x", "method", "series", "training.man")));
    assertThat(List.of("FedAvg", "SCAFFOLD", "FedDyn").stream().map(name -> svg.text(name).y()))
        .isSorted();
    assertThat(svg.texts()).containsOnlyOnce("not measured");
    double row = svg.text("SCAFFOLD").y();
    assertThat(svg.text("not measured").y()).isBetween(row, row + 1.5 * Style.WEB.text);
  }

  @Test
  void aHeatMapOrdersNumbersFillsWhatIsMissingAndNamesClasses() {
    Page page = page(SyntheticResults.PARTITION);
    Svg svg = new Svg(page.svg());
    assertThat(svg.text("0").x()).isLessThan(svg.text("2").x());
    assertThat(svg.text("2").x()).isLessThan(svg.text("10").x());
    assertThat(svg.text("automobile").y()).isLessThan(svg.text("airplane").y());
    assertThat(svg.texts()).endsWith("0", "50", "Images processed");
    assertThat(page.svg().split("<rect [^>]*fill:rgb\\(255,255,217\\)", -1)).hasSizeGreaterThan(3);
  }

  @Test
  void chanceIsDrawnWhereTheAxisIsNear() throws IOException {
    assertThat(svg(SyntheticResults.DEPTH).texts()).contains("chance"); // 2 classes: 50 %
    StringBuilder partition = new StringBuilder("cell,seed,client,class,samples\n");
    for (int label = 0; label < 100; label++) {
      partition.append("c,0,0,%d,5\n".formatted(label));
    }
    Files.writeString(folder.resolve("partition.csv"), partition);
    assertThat(svg(SyntheticResults.DEPTH).texts()).doesNotContain("chance");
  }

  @Test
  void mixedConfigurationsAreRefused() {
    for (FigureSpec mixed :
        List.of(
            FigureSpec.of(Map.of("kind", "curves", "series", "arm")),
            FigureSpec.of(Map.of("kind", "points", "x", "arm")))) {
      assertThatThrownBy(() -> page(mixed))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(".csv")
          .hasMessageContaining("the figure '" + mixed.kind() + "'")
          .hasMessageContaining("different configurations cannot be told apart");
    }
  }
}
