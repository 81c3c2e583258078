package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Images;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Rows;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** What a notebook shows of things it made itself, without a results folder. */
class NotebookPicturesTest {
  private static final Map<String, Object> CURVE =
      Map.of("kind", "curves", "x", "round", "y", "accuracy", "title", "Live");

  @Test
  void aTableWithoutSeedsIsAFigureUnderItsOwnName() {
    Table live =
        Table.create(
            "drawn images",
            IntColumn.create("round", 1, 2, 3),
            DoubleColumn.create("accuracy", 0.1, 0.2, 0.4));
    Page page = Figures.page(live, FigureSpec.of(CURVE), Style.WEB);
    assertThat(page.title()).isEqualTo("Live");
    assertThat(page.context()).isEqualTo("drawn images");
    BufferedImage picture = Figures.picture(live, CURVE);
    assertThat(picture.getWidth()).isEqualTo(2 * page.width());
  }

  @Test
  void aBarIsAMeanOverRoundsOnlyWhereThereAreRounds() {
    Table once =
        Table.create(
            "drawn images",
            StringColumn.create("layer", "conv1", "conv2"),
            DoubleColumn.create("norm", 0.1, 0.2));
    FigureSpec bars = FigureSpec.of(Map.of("kind", "bars", "x", "layer", "y", "norm"));
    assertThat(Figures.page(once, bars, Style.WEB).context()).isEqualTo("drawn images");
    Table rounds =
        Table.create(
            "drawn images",
            StringColumn.create("layer", "conv1", "conv1"),
            IntColumn.create("round", 1, 2),
            DoubleColumn.create("norm", 0.1, 0.2));
    assertThat(Figures.page(rounds, bars, Style.WEB).context())
        .contains("mean over the last third of the run");
  }

  @Test
  void placesOfAHeatMapAreNumbersAsPeopleWriteThem() {
    Table steps =
        Table.create(
            "drawn images",
            DoubleColumn.create("alpha", -0.6000000000000001, 0.19999999999999996, 1),
            DoubleColumn.create("beta", 0, 0, 0),
            DoubleColumn.create("loss", 1, 2, 3));
    FigureSpec heat =
        FigureSpec.of(Map.of("kind", "heat", "x", "alpha", "y", "beta", "value", "loss"));
    assertThat(new Svg(Figures.page(steps, heat, Style.WEB).svg()).texts())
        .containsSubsequence("-0.6", "0.2", "1");
  }

  @Test
  void twoRunsInOneCurveAreRefused() {
    Table mixed =
        Table.create(
            "drawn images",
            IntColumn.create("round", 1, 1),
            DoubleColumn.create("accuracy", 0.1, 0.2));
    assertThatThrownBy(() -> Figures.picture(mixed, CURVE))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("different configurations");
  }

  @Test
  void aContactSheetHasAClassInEachRow() {
    int[] labels = {1, 0, 0, 1, 0};
    byte[] pixels = new byte[5 * 3 * 4 * 4];
    for (int image = 0; image < labels.length; image++) { // class 0 red, class 1 blue
      int plane = image * 48 + (labels[image] == 0 ? 0 : 32);
      Arrays.fill(pixels, plane, plane + 16, (byte) 200);
    }
    Images images = new Images(3, 4, 4, 2, pixels, labels);
    float[] any = {1, 1, 1};
    DataSet data = DataSet.of("tiny", images, images, List.of("red", "blue"), any, any, "full");
    BufferedImage sheet = ContactSheet.of(data, 2, 2);
    int right = sheet.getWidth() - 10;
    int height = sheet.getHeight();
    assertThat(new Color(sheet.getRGB(right, height / 4))).isEqualTo(new Color(200, 0, 0));
    assertThat(new Color(sheet.getRGB(right, height * 3 / 4))).isEqualTo(new Color(0, 0, 200));
  }

  /** A curve over anything else than images is not a round a point. */
  @Test
  void aCurveOverLayersOfOneRoundHasAPointALayer() {
    Table layers =
        Table.create(
            "one round",
            IntColumn.create("round", 8, 8, 8),
            IntColumn.create("index", 1, 2, 3),
            DoubleColumn.create("update", 0.9, 0.8, 0.7));
    FigureSpec curve = FigureSpec.of(Map.of("kind", "curves", "x", "index", "y", "update"));
    assertThat(new Estimates(Rows.of(layers), curve).places()).containsExactly("1", "2", "3");
  }
}
