package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.results.Interval;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.Table;

class TablesTest {
  @TempDir Path folder;

  private Path csv(String content) throws IOException {
    return Files.writeString(folder.resolve("rounds.csv"), content);
  }

  @Test
  void oneDescriptionGivesThreeForms() {
    TextTable table =
        new TextTable(
            "A & B",
            List.of("Method", "Accuracy (%)"),
            List.of(List.of("a_b|c", "84.10 ± 0.90 (3)"), List.of("<d>", "-")));
    assertThat(table.markdown())
        .isEqualTo(
            """
            A & B

            | Method | Accuracy (%) |
            | --- | ---: |
            | a_b\\|c | 84.10 ± 0.90 (3) |
            | <d> | - |
            """);
    assertThat(table.latex())
        .contains("\\caption{A \\& B}", "\\begin{tabular}{lr}", "Method & Accuracy (\\%) \\\\")
        .contains("a\\_b|c & 84.10 $\\pm$ 0.90 (3) \\\\", "\\toprule", "\\midrule", "\\bottomrule")
        .contains("$<$d$>$ & - \\\\");
    assertThat(table.html())
        .contains("<caption>A &amp; B</caption>")
        .contains("<td style=\"text-align:right\">84.10 ± 0.90 (3)</td>")
        .contains("&lt;d&gt;");
  }

  @Test
  void cellsSayMeanHalfWidthAndSeeds() {
    assertThat(Pivot.cell(new Interval(0.8412, 0.8317, 0.8507, 3), 100))
        .isEqualTo("84.12 ± 0.95 (3)");
    assertThat(Pivot.cell(Interval.of(Sample.of(0.5)), 100)).isEqualTo("50.00 (1)");
    assertThat(Pivot.cell(new Interval(215.25, 200.25, 230.25, 3), 1))
        .isEqualTo("215.3 ± 15.00 (3)");
  }

  @Test
  void aNotebookShowsATableAsHtml() throws IOException {
    Table table = ResultsFiles.load(csv("arm,seed,accuracy\nfederated,3,0.123456\n"));
    assertThat(Tables.html(table))
        .contains("<th style=\"text-align:left\">arm</th>")
        .contains(">federated<", ">3<", ">0.1235<");
  }
}
