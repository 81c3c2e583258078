package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.cos.COSName;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.graphics.PDXObject;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.text.PDFTextStripper;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.options.UserError;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.w3c.dom.Document;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/** The files that figures are. */
class FiguresTest {
  @TempDir Path root;
  private Path folder;

  @BeforeEach
  void results() throws Exception {
    folder = SyntheticResults.write(root);
  }

  static List<FigureSpec> all() {
    return List.of(
        SyntheticResults.CURVES,
        SyntheticResults.GAP,
        SyntheticResults.DEPTH,
        SyntheticResults.BARS,
        SyntheticResults.PARTITION);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "full, ''",
        "5000 of 50000 train and 9 of 9 test images, ' (5000 training images)'",
        "declared subset: 140 of 500 train images a class; 20 of 28 train and 9 of 9 test images,"
            + " ' (20 training images)'",
        "5000 of 50000 train images held out in place of the test set,"
            + " ' (tested on images held out of training)'",
      })
  void whoeverTrainedOrTestedOnAPartOfTheImagesSaysSo(String note, String said) throws IOException {
    String set = "{\"data\":[{\"set\":\"cifar-10\",\"note\":\"%s\"}]}".formatted(note);
    Files.writeString(folder.resolve("provenance.json"), set);
    Rows rows = Rows.of(new ResultsFiles().table(folder.resolve("summary.csv")));
    assertThat(Context.of(folder, rows, new ResultsFiles()).data())
        .isEqualTo("CIFAR-10%s, laptop scale".formatted(said.replace("'", "")));
  }

  /**
   * Results of older versions lack the column, those of runs that did not ask for it its values.
   */
  @Test
  void aFigureWithNothingToShowSaysSoAndStopsNoOther() throws IOException {
    FigureSpec figure =
        FigureSpec.of(
            Map.of(
                "kind", "points", "name", "cka", "from", "layers.csv", "x", "index", "y", "cka"));
    FigureSpec none =
        FigureSpec.of(Map.of("kind", "curves", "name", "none", "where", Map.of("arm", "none")));
    Path layers = folder.resolve("layers.csv");
    for (String content : List.of("", "index\n0\n", "index,cka\n0,\n1,\n")) {
      Files.deleteIfExists(layers);
      if (!content.isEmpty()) {
        Files.writeString(layers, content);
      }
      Figures.Drawn drawn = Figures.draw(folder, List.of(figure, none, all().get(0)), Style.WEB);
      assertThat(drawn.files()).hasSize(2);
      assertThat(drawn.omitted())
          .containsExactly(
              "no figure 'cka', %s was not measured"
                  .formatted(content.isEmpty() ? "layers.csv" : "cka (layers.csv)"),
              "no figure 'none', rounds.csv where {arm=none} was not measured");
    }
    Files.createFile(folder.resolve("none.svg"));
    assertThat(Figures.draw(folder, List.of(none), Style.WEB).omitted())
        .singleElement(STRING)
        .endsWith("was not measured; what there is was drawn of other rows");
    Files.writeString(layers, "index,cka\n0,\n1,0.5\n");
    assertThat(Figures.draw(folder, List.of(figure), Style.WEB).files()).hasSize(2);
  }

  @Test
  void modelsThatTheSummaryDoesNotKnowAreLeftOut() throws IOException {
    Path rounds = folder.resolve("rounds.csv");
    for (String arm : List.of("federated", "central-large")) {
      Files.writeString(
          rounds,
          "x%s,%s,0,1,1,1,cohort,0.5,1,1,10,ok,resnet-14\n".formatted(arm, arm),
          StandardOpenOption.APPEND);
    }
    FigureSpec gap = SyntheticResults.GAP;
    Estimates shown = new Estimates(FigureRows.of(folder, gap, new ResultsFiles()), gap);
    assertThat(shown.places()).containsExactly("8", "20");
  }

  @Test
  void drawsEachFigureTwice() throws Exception {
    List<Path> files = Figures.draw(folder, all(), Style.WEB).files();
    assertThat(files)
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "curves.svg",
            "curves.png",
            "gap.svg",
            "gap.png",
            "depth.svg",
            "depth.png",
            "bars.svg",
            "bars.png",
            "partition.svg",
            "partition.png");
    BufferedImage picture = ImageIO.read(files.get(1).toFile());
    Page sheet = Figures.page(folder, SyntheticResults.CURVES, Style.WEB, new ResultsFiles());
    assertThat(picture.getWidth()).isEqualTo(2 * sheet.width());
    assertThat(picture.getHeight()).isEqualTo(2 * sheet.height());
  }

  @ParameterizedTest
  @EnumSource
  void equalTablesGiveEqualBytes(Style style) throws Exception {
    List<Path> files = Figures.draw(folder, all(), style).files();
    Map<Path, byte[]> first = new TreeMap<>();
    for (Path file : files) {
      first.put(file, Files.readAllBytes(file));
    }
    Figures.draw(folder, all(), style);
    for (Path file : files) {
      assertThat(Files.readAllBytes(file)).as(file.toString()).isEqualTo(first.get(file));
    }
  }

  @Test
  void aFreshProcessDrawsTheSameBytes() throws Exception {
    List<Path> files = Figures.draw(folder, all(), Style.WEB).files();
    Path other = SyntheticResults.write(root.resolve("other"));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true",
                "-Duser.language=de",
                "-cp",
                System.getProperty("java.class.path"),
                DrawInOwnProcess.class.getName(),
                other.toString())
            .redirectErrorStream(true)
            .redirectOutput(new File(root.toFile(), "log"))
            .start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(root.resolve("log"))).isZero();
    for (Path file : files) {
      assertThat(other.resolve(file.getFileName())).hasSameBinaryContentAs(file);
    }
  }

  @Test
  void vectorFilesHoldTextATitleAndNothingOfThisMachine() throws Exception {
    Figures.draw(folder, all(), Style.WEB);
    String text = Files.readString(folder.resolve("depth.svg"));
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    Document svg =
        factory
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    assertThat(svg.getDocumentElement().getAttribute("role")).isEqualTo("img");
    assertThat(svg.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("depth");
    assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
        .isEqualTo(
            "CIFAR-10, laptop scale, 3 seeds, deviates from the registered experiment; mean over the"
                + " last third of the run (10 scored rounds at most); error bars: 95 % intervals by their own seeds, not"
                + " of differences");
    assertThat(new Svg(text).turned())
        .as("the title of the y axis and nothing else")
        .hasSize(1)
        .allMatch(group -> group.strip().matches("<text [^<]*</text>"));
    assertThat(new Svg(text).texts())
        .contains("Federated", "Central, large batch", "Depth (weight layers)", "8", "20");
    assertThat(text).doesNotContain(root.toString()).doesNotContain(System.getProperty("user.dir"));
  }

  @Test
  void paperStyleLiesBesideTheWebs() throws Exception {
    List<Path> files = Figures.draw(folder, all().subList(0, 1), Style.PAPER).files();
    Path pdf = folder.resolve("curves-paper.pdf");
    assertThat(files).containsExactly(pdf, folder.resolve("curves-paper.svg"));
    byte[] bytes = Files.readAllBytes(pdf);
    try (PDDocument document = Loader.loadPDF(bytes)) {
      PDPage page = document.getPage(0);
      assertThat(page.getMediaBox().getWidth()).as("inches").isEqualTo(7 * 72);
      assertThat(new PDFTextStripper().getText(document))
          .contains("Images processed (thousand)", "Central, large batch");
      for (COSName name : page.getResources().getXObjectNames()) {
        PDXObject drawn = page.getResources().getXObject(name);
        PDResources used = ((PDFormXObject) drawn).getResources();
        assertThat(used.getFontNames()).isNotEmpty();
        for (COSName font : used.getFontNames()) {
          assertThat(used.getFont(font).isEmbedded()).isTrue();
        }
      }
    }
    Figures.draw(folder, all().subList(0, 1), Style.PAPER);
    assertThat(Files.readAllBytes(pdf)).as("drawn again").isEqualTo(bytes);
  }

  @Test
  void tablesAreWrittenAsMarkdownAndLatex() throws Exception {
    FigureSpec table =
        FigureSpec.of(
            Map.of("kind", "table", "name", "by-depth", "rows", "depth", "columns", "arm"));
    Figures.draw(folder, List.of(table), Style.WEB);
    assertThat(Files.readString(folder.resolve("by-depth.md")))
        .contains("| Depth (weight layers) | Federated | Central, large batch |")
        .contains("| 8 | 59.60 ± 2.00 (3) | 67.60 ± 2.00 (3) |");
    assertThat(Files.readString(folder.resolve("by-depth.tex")))
        .contains("20 & 47.60 $\\pm$ 2.00 (3) & 67.60 $\\pm$ 2.00 (3) \\\\");
  }

  /** Of single runs, and of a column whose interval the summary has not. */
  @Test
  void whatIsAskedForIsShown() {
    Map<String, Object> table = Map.of("kind", "table", "rows", "model.name", "columns", "arm");
    Map<String, Object> best = new TreeMap<>(table);
    best.put("over", "best");
    TextTable shown = Figures.table(folder, FigureSpec.of(best));
    // 0.6 - 8/100 + 12/100, and 0 to 2 thousandths by seed.
    assertThat(shown.markdown()).contains("best over rounds").contains("| 64.10 ± 0.25 (3) |");
    Map<String, Object> loss = new TreeMap<>(table);
    loss.put("y", "train_loss");
    assertThat(Figures.table(folder, FigureSpec.of(loss)).markdown())
        .contains("3 seeds")
        .contains("| 0.1000 (3) |");
  }

  @Test
  void whatHasNoPlaceOnALogarithmicAxisIsAtItsEnd() {
    Table table =
        Table.create("drawn")
            .addColumns(
                DoubleColumn.create("at", 1, 1, 2, 2, 2, 2, 2, 2),
                LongColumn.create("seed", 0, 1, 0, 1, 2, 3, 4, 5),
                DoubleColumn.create("y", 1, 0, 9, 0.1, 0.1, 0.1, 0.1, 0.1),
                StringColumn.create("arm", "a", "a", "a", "a", "a", "a", "a", "a"));
    for (String kind : List.of("curves", "bars")) {
      FigureSpec spec =
          FigureSpec.of(
              Map.of("kind", kind, "x", "at", "y", "y", "series", "arm", "log", List.of("y")));
      assertThat(Figures.page(table, spec, Style.WEB).svg()).doesNotContain("NaN", "∞");
    }
  }

  @Test
  void mistakesInAnEntryAreNamedWithWhatWasMeant() {
    refused(Map.of("kind", "curve"), "no figure of kind 'curve'; did you mean 'curves'?");
    refused(Map.of("kind", "curves", "serie", "arm"), "unknown key serie; did you mean 'series'?");
    refused(Map.of("kind", "points"), "needs 'x'");
    refused(Map.of("kind", "curves", "series", "armm"), "no column 'armm'; did you mean 'arm'?");
    refused(Map.of("kind", "curves", "y", "status"), "'status' does not hold numbers");
    refused(
        Map.of("kind", "points", "from", "rounds.csv", "y", "loss", "x", "arm", "over", "last"),
        "different configurations");
    refused(
        Map.of("kind", "points", "x", "depth", "margin", "1 %"),
        "the figure 'points' of kind points: margin is '1 %', expected a number");
    refused(
        Map.of("kind", "heat", "x", "a", "y", "b", "value", "c", "contours", 1.5), "contours is");
    refused(Map.of("kind", "heat", "x", "a", "y", "b", "value", "c", "contours", 0), "contours is");
    refused(
        Map.of("kind", "points", "x", "depth", "claim", "D1", "contrast", Map.of("column", "arm")),
        "claim and contrast are both set");
    refused(
        Map.of("kind", "points", "x", "depth", "over", "best", "reaching", Map.of("arm", "a")),
        "reaching and over are both set");
    refused(Map.of("kind", "curves", "log", "z"), "log is 'z', expected a list of x, y, value");
    refused(Map.of("kind", "curves", "series", List.of("arm", "arm")), "series is [arm, arm]");
  }

  @Test
  void claimsAreCheckedBeforeAnythingIsDrawn() {
    FigureSpec wrong = FigureSpec.of(Map.of("kind", "points", "x", "depth", "claim", "D99"));
    FigureSpec other =
        FigureSpec.of(Map.of("kind", "bars", "x", "depth", "claim", "M1b", "name", "other"));
    assertThatThrownBy(() -> Figures.draw(folder, List.of(all().get(0), wrong, other), Style.WEB))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "the figure 'points' of kind points: there is no claim 'D99' with a difference")
        .hasMessageContaining(
            "the figure 'other' of kind bars: there is no claim 'M1b' with a difference");
    assertThat(folder.resolve("curves.svg")).doesNotExist();
  }

  private void refused(Map<String, Object> entry, String message) {
    assertThatThrownBy(() -> Figures.draw(folder, List.of(FigureSpec.of(entry)), Style.WEB))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }
}
