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
        .contains("<p>A &amp; B</p>")
        .contains("<td style=\"text-align:right\">84.10 ± 0.90 (3)</td>")
        .contains("&lt;d&gt;");
  }

  @Test
  void cellsSayMeanHalfWidthSeedsAndWhatDiverged() {
    assertThat(cell(new Interval(84.12, 83.17, 85.07, 3), 0, "%.2f")).isEqualTo("84.12 ± 0.95 (3)");
    assertThat(cell(Interval.of(Sample.of(50)), 0, "%.2f")).isEqualTo("50.00 (1)");
    assertThat(cell(new Interval(215.25, 200.25, 230.25, 3), 0, "%.4g"))
        .isEqualTo("215.3 ± 15.00 (3)");
    assertThat(cell(Interval.of(Sample.of(50)), 2, "%.2f")).isEqualTo("50.00 (1, 2 diverged)");
    assertThat(cell(Interval.NONE, 3, "%.2f")).isEqualTo("diverged");
  }

  private static String cell(Interval interval, int diverged, String format) {
    return Pivot.cell(new Estimates.Estimate("", "", "", null, interval, diverged), format);
  }

  @Test
  void aNotebookShowsATableAsHtml() throws IOException {
    Table table = ResultsFiles.load(csv("arm,seed,accuracy\nfederated,3,0.123456\n"));
    assertThat(Tables.html(table))
        .contains("<th style=\"text-align:left\">arm</th>")
        .contains(">federated<", ">3<", ">0.1235<");
  }
}
