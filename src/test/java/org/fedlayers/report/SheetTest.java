package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fedlayers.experiment.FigureSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** Figures of many series and panels, whose names are long. */
class SheetTest {
  private static String name(int series) {
    return "a rather long name of series " + series;
  }

  private static Page page(String kind, int series, int panels, Style style) {
    Table table = Table.create("drawn images");
    int rows = 2 * series * panels;
    table.addColumns(
        StringColumn.create("panel", IntStream.range(0, rows).mapToObj(i -> "P" + i % panels)),
        StringColumn.create(
            "arm", IntStream.range(0, rows).mapToObj(i -> name(i / panels % series))),
        DoubleColumn.create("at", IntStream.range(0, rows).mapToDouble(i -> i / panels / series)),
        StringColumn.create(
            "who", IntStream.range(0, rows).mapToObj(i -> "m" + i / panels / series)),
        DoubleColumn.create("y", IntStream.range(0, rows).mapToDouble(i -> 1 + i)));
    return Figures.page(
        table,
        FigureSpec.of(
            Map.of(
                "kind", kind,
                "x", kind.equals("bars") ? "who" : "at",
                "y", "y",
                "series", "arm",
                "panel", "panel")),
        style);
  }

  @ParameterizedTest
  @CsvSource({
    "curves,12,1,WEB",
    "points,12,3,WEB",
    "bars,12,2,WEB",
    "curves,12,1,PAPER",
    "bars,5,6,PAPER"
  })
  void everySeriesHasItsNameOnceAndItsOwnMarkAndNothingIsCutOff(
      String kind, int series, int panels, Style style) {
    Page page = page(kind, series, panels, style);
    Svg svg = new Svg(page.svg());
    List<String> names = IntStream.range(0, series).mapToObj(SheetTest::name).toList();
    assertThat(svg.texts().stream().filter(names::contains)).containsExactlyElementsOf(names);
    assertThat(svg.isWithin(page)).isTrue();
    // The legend lies below everything else.
    double lowest =
        svg.texts().stream()
            .filter(text -> !names.contains(text))
            .mapToDouble(text -> svg.text(text).y())
            .max()
            .orElseThrow();
    assertThat(svg.text(names.get(0)).y()).isGreaterThan(lowest);
    assertThat(new HashSet<>(svg.texts())).contains("drawn images");
  }

  @ParameterizedTest
  @CsvSource({"curves,1", "points,1", "bars,1"})
  void oneSeriesNeedsNoLegend(String kind, int panels) {
    assertThat(new Svg(page(kind, 1, panels, Style.WEB).svg()).texts()).doesNotContain(name(0));
  }

  @ParameterizedTest
  @CsvSource({"curves", "bars"})
  void alikeFiguresHaveTheSameWidthAndPanelsShareTheirLabels(String kind) {
    Page one = page(kind, 2, 1, Style.WEB);
    Page three = page(kind, 2, 3, Style.WEB);
    assertThat(one.width()).isEqualTo(three.width());
    String label = kind.equals("bars") ? "m1" : "y";
    assertThat(new Svg(three.svg()).texts()).containsOnlyOnce(label);
  }
}
