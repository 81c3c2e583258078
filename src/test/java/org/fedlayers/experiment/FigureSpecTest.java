package org.fedlayers.experiment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes in the figures of an experiment file are refused when the experiment is read. */
class FigureSpecTest {
  private static Experiment read(String figures) {
    String text =
        "title: T\nquestion: Q?\nclaims: []\nsettings: {rounds: 1, training: {epochs: 1}}\nfigures:\n";
    Source source = new Source("own", "x", "x.yaml", text + figures);
    return ExperimentReader.read(source, "quick", List.of(), List.of());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{kind: pie} | x.yaml:6: no figure of kind 'pie'; there are: bars, curves",
        "{kind: curve} | x.yaml:6: no figure of kind 'curve'; did you mean 'curves'?",
        "{name: a} | x.yaml:6: a figure is {name=a}, expected a map with its kind",
        "{kind: curves, serie: arm} | x.yaml:6: unknown key serie; did you mean 'series'?",
        "{kind: points} | x.yaml:6: the figure 'points' of kind points needs 'x'",
        "{kind: heat, x: client, y: class} | x.yaml:6: the figure 'heat' of kind heat needs 'value'",
        "{kind: curves, name: ../up} | x.yaml:6: name is '../up', expected a word of lower-case",
        "{kind: curves, where: arm} | x.yaml:6: where is 'arm', expected a map",
        "{kind: curves, where: {arn: a}} | x.yaml:6: where: there is no 'arn'; did you mean 'arm'?",
        "{kind: curves, series: [arn]} | x.yaml:6: series: there is no 'arn'; did you mean 'arm'?",
        "{kind: curves, y: los} | x.yaml:6: y: there is no 'los'; did you mean 'loss'?",
        "{kind: curves, panel: model.nam} | x.yaml:6: panel: there is no 'model.nam'; did you mean",
        "{kind: points, x: arm, over: lst} | x.yaml:6: over: there is no 'lst'; did you mean 'last'?",
        "{kind: curves, log: z} | x.yaml:6: log is 'z', expected a list of x, y, value",
        "{kind: curves, from: lay.csv} | x.yaml:6: from: there is no 'lay.csv'; ",
        "{kind: curves, from: round.csv} | did you mean 'rounds.csv'?",
        "{kind: points, x: arm, margin: 1 %} | x.yaml:6: margin is '1 %', expected a number",
        "{kind: points, x: arm, contrast: arm} | x.yaml:6: contrast is 'arm', expected a map",
        "{kind: points, x: arm, contrast: {column: arm, of: a, minu: b}} | x.yaml:6: contrast is",
        "{kind: points, x: arm, contrast: {column: arn, of: a, minus: b}} | contrast: there is no 'arn'",
        "{kind: points, x: arm, reaching: {metod: fedavg}} | reaching: there is no 'metod'; did you mean 'method'?",
        "{kind: table, rows: [model.nam]} | x.yaml:6: rows: there is no 'model.nam'",
        "{kind: curves, claims: [D99]} | x.yaml:6: claims: there is no 'D99'; did you mean 'D9'?",
        "{kind: table, rows: arm, title: [T]} | x.yaml:6: title is [T], expected a word",
      })
  void aMistakeIsNamedByFileAndLine(String figure, String message) {
    assertThatThrownBy(() -> read("  - " + figure + "\n"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(message);
  }

  @Test
  void allMistakesAreNamedAtOnceAndTwoFiguresOfOneNameAreOne() {
    assertThatThrownBy(
            () ->
                read(
                    """
                      - {kind: curves, serie: arm, y: los}
                      - {kind: points, name: curves, x: arm}
                      - {kind: pie}
                    """))
        .hasMessageContaining("x.yaml has 4 problems")
        .hasMessageContaining("x.yaml:6: unknown key serie")
        .hasMessageContaining("x.yaml:6: y: there is no 'los'")
        .hasMessageContaining("x.yaml:7: two figures are named 'curves'")
        .hasMessageContaining("x.yaml:8: no figure of kind 'pie'");
  }

  @Test
  void aSoundFigureIsRead() {
    FigureSpec figure =
        read("  - {kind: points, x: depth, series: arm, where: {model.name: resnet-8}}\n")
            .figures()
            .get(0);
    assertThat(figure.name()).isEqualTo("points");
    assertThat(figure.title()).isEqualTo("points");
    assertThat(figure.series()).containsExactly("arm");
  }
}
