package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.results.ResultsFiles;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One method of two diverged, after its first score with one seed and before it with another. */
class DivergedTest {
  @TempDir Path folder;

  @BeforeEach
  void results() throws IOException {
    Files.writeString(
        folder.resolve("rounds.csv"),
        """
        cell,arm,seed,round,steps,samples,model,accuracy,loss,train_loss,cohort,status,method
        a,federated,0,1,8,100,all,0.2,2,2,10,ok,fedavg
        a,federated,0,2,16,200,all,0.4,2,2,10,ok,fedavg
        b,federated,0,1,8,100,all,0.3,2,2,10,ok,feddyn
        b,federated,0,2,16,200,,,,,10,diverged,feddyn
        c,federated,1,1,8,100,all,0.2,2,2,10,ok,fedavg
        c,federated,1,2,16,200,all,0.4,2,2,10,ok,fedavg
        d,federated,1,2,16,200,,,,,10,diverged,feddyn
        """);
    Files.writeString(
        folder.resolve("summary.csv"),
        """
        group,arm,model,n,diverged,last10,last10_low,last10_high,method
        a,federated,all,2,0,0.4,0.3,0.5,fedavg
        b,federated,all,0,2,,,,feddyn
        """);
  }

  private Page page(Map<String, Object> figure) {
    return Figures.page(folder, FigureSpec.of(figure), Style.WEB, new ResultsFiles());
  }

  private Page page(String kind, String x) {
    Map<String, Object> figure =
        Map.of(
            "kind",
            kind,
            "x",
            x,
            "series",
            "method",
            "title",
            "T",
            "where",
            Map.of("model", "all"));
    return page(figure);
  }

  /** A divergence is of no model; where models are not told apart it counts once. */
  @Test
  void aDivergenceIsOfEachModelThatIsScoredAndOfNoOther() {
    Map<String, Object> curves = Map.of("kind", "curves", "x", "round", "title", "T");
    Map<String, Object> byMethod = new TreeMap<>(curves);
    byMethod.put("series", "method");
    assertThat(page(byMethod).context()).doesNotContain("after the last round");
    Map<String, Object> byModel = new TreeMap<>(curves);
    byModel.put("series", "model");
    byModel.put("panel", "method");
    assertThat(page(byModel).context().split("diverged: ")[1]).doesNotContain("; FedDyn, round");
    assertThat(new Svg(page(byModel).svg()).texts()).doesNotContain("");
  }

  @Test
  void aCurveEndsInACrossWhereItDivergedAndTheLegendSaysSo() {
    Page page = page("curves", "round");
    Svg svg = new Svg(page.svg());
    assertThat(svg.texts()).contains("FedDyn", "diverged");
    assertThat(svg.marks(0)).hasSize(3); // both rounds, and the legend's
    assertThat(svg.marks(1)).hasSize(2); // the first round, and the legend's
    assertThat(svg.marks(1).get(0).x()).isCloseTo(svg.marks(0).get(0).x(), within(1e-3));
    assertThat(svg.lines(1)).isGreaterThanOrEqualTo(2 * 2); // two crosses
    assertThat(svg.lines(0)).isLessThan(svg.lines(1) + 1);
  }

  @Test
  void barsAndTheirNoteNameWhatDiverged() {
    Page page = page("bars", "method");
    assertThat(new Svg(page.svg()).texts()).contains("FedDyn", "diverged");
    assertThat(page.context()).endsWith("diverged: FedDyn (2 seeds)");
  }

  private void layers(String rows) throws IOException {
    Files.writeString(
        folder.resolve("layers.csv"),
        "cell,arm,seed,round,part,index,layer,update,method\n" + rows);
  }

  private static Map<String, Object> byLayer(String series) {
    return Map.of(
        "kind",
        "points",
        "from",
        "layers.csv",
        "x",
        "index",
        "y",
        "update",
        "series",
        series,
        "title",
        "T");
  }

  /** One seed of FedDyn is measured once before it diverges, the other not at all. */
  @Test
  void whatElseWasMeasuredUntilARunDivergedIsInNoMean() throws IOException {
    layers(
        """
        a,federated,0,1,kernel,0,conv,0.1,fedavg
        a,federated,0,1,kernel,1,fc,0.2,fedavg
        b,federated,0,1,kernel,0,conv,9,feddyn
        b,federated,0,1,kernel,1,fc,9,feddyn
        """);
    Page page = page(byLayer("method"));
    assertThat(page.context()).endsWith("diverged: FedDyn (1 seed throughout)");
    assertThat(new Svg(page.svg()).marks(0)).hasSize(2 + 1); // and the legend's
    assertThat(new Svg(page.svg()).marks(1)).hasSize(1);
  }

  @Test
  void aHeatMapOfWhatDivergedThroughoutHasNoScale() throws IOException {
    layers("b,federated,0,1,kernel,0,conv,9,feddyn\n");
    Map<String, Object> heat =
        Map.of("kind", "heat", "from", "layers.csv", "x", "round", "y", "layer", "value", "update");
    assertThat(new Svg(page(heat).svg()).texts())
        .isNotEmpty()
        .noneMatch(text -> text.contains("Infinity"));
  }

  /** A run is told from others by its seed, too. */
  @Test
  void nothingElseIsLeftOut() throws IOException {
    layers(
        """
        a,federated,0,1,kernel,0,conv,0.1,fedavg
        b,federated,0,1,kernel,0,conv,0.9,feddyn
        b,federated,5,1,kernel,0,conv,0.3,feddyn
        """);
    Page page = page(byLayer("method"));
    assertThat(page.context()).endsWith("diverged: FedDyn (1 seed)");
    assertThat(new Svg(page.svg()).marks(1)).hasSize(1 + 1);
  }

  @Test
  void tablesSayDiverged() {
    FigureSpec table = FigureSpec.of(Map.of("kind", "table", "rows", "method"));
    assertThat(Figures.table(folder, table).rows())
        .containsExactly(List.of("FedAvg", "40.00 ± 10.00 (2)"), List.of("FedDyn", "diverged"));
  }
}
