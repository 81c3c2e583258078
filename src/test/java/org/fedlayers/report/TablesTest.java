package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.data.UserError;
import org.fedlayers.experiment.Interval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;

class TablesTest {
  @TempDir Path folder;

  private Path csv(String content) throws IOException {
    return Files.writeString(folder.resolve("rounds.csv"), content);
  }

  @Test
  void columnsHaveTheTypesOfTheirMeaning() throws IOException {
    Table table =
        Tables.load(
            csv(
                """
                cell,arm,seed,samples,accuracy,training.man,model.name,model.width
                123e4567,federated,0,5000000000,0.5,0.15,resnet-8,1
                000000000012,federated,1,10,,0,"a, b",0.5
                """));
    assertThat(table.column("cell").type()).isEqualTo(ColumnType.STRING);
    assertThat(table.get(1, 0)).isEqualTo("000000000012");
    assertThat(table.column("seed").type()).isEqualTo(ColumnType.LONG);
    assertThat(table.longColumn("samples").getLong(0)).isEqualTo(5_000_000_000L);
    assertThat(table.column("accuracy").type()).isEqualTo(ColumnType.DOUBLE);
    assertThat(table.column("accuracy").isMissing(1)).isTrue();
    assertThat(table.column("training.man").type()).isEqualTo(ColumnType.DOUBLE);
    assertThat(table.stringColumn("model.name").get(1)).isEqualTo("a, b");
    assertThat(table.column("model.width").type()).isEqualTo(ColumnType.DOUBLE);
  }

  @Test
  void intervalsAreNumbersEvenWhereOneSeedLeavesThemBlank() throws IOException {
    Table table = Tables.load(csv("n,last,last_low,last_high\n1,0.5,,\n1,0.6,,\n"));
    assertThat(table.column("last_low").type()).isEqualTo(ColumnType.DOUBLE);
    assertThat(table.column("last_high").type()).isEqualTo(ColumnType.DOUBLE);
  }

  @Test
  void damageIsNamedByFileLineAndColumn() throws IOException {
    refused("seed,accuracy\n0,0.5\n1,half\n", "rounds.csv:3: column 'accuracy'", "number");
    refused("seed,accuracy\nzero,0.5\n", "rounds.csv:2: column 'seed'");
    refused("seed,accuracy\n0,0.5\n1\n", "rounds.csv:3: ", "2 columns", "cut short");
    refused("seed,accuracy\n0,0.5,7\n", "rounds.csv:2: ", "2 columns");
    refused("", "rounds.csv", "empty");
    refused("seed,seed\n0,1\n", "rounds.csv", "seed");
    assertThatThrownBy(() -> Tables.load(folder.resolve("none.csv")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none.csv: there is no such results file");
  }

  private void refused(String content, String... messages) throws IOException {
    Path file = csv(content);
    assertThatThrownBy(() -> Tables.load(file))
        .as(content)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(messages);
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
    assertThat(Pivot.cell(Interval.of(0.5), 100)).isEqualTo("50.00 (1)");
    assertThat(Pivot.cell(new Interval(215.25, 200.25, 230.25, 3), 1))
        .isEqualTo("215.3 ± 15.00 (3)");
  }

  @Test
  void aNotebookShowsATableAsHtml() throws IOException {
    Table table = Tables.load(csv("arm,seed,accuracy\nfederated,3,0.123456\n"));
    assertThat(Tables.html(table))
        .contains("<th style=\"text-align:left\">arm</th>")
        .contains(">federated<", ">3<", ">0.1235<");
  }
}
