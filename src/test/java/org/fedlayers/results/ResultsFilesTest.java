package org.fedlayers.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tech.tablesaw.api.ColumnType;
import tech.tablesaw.api.Table;

class ResultsFilesTest {
  @TempDir Path folder;

  private Path csv(String content) throws IOException {
    return Files.writeString(folder.resolve("rounds.csv"), content);
  }

  @Test
  void columnsHaveTheTypesOfTheirMeaning() throws IOException {
    Table table =
        ResultsFiles.load(
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
    Table table = ResultsFiles.load(csv("n,last,last_low,last_high\n1,0.5,,\n1,0.6,,\n"));
    assertThat(table.column("last_low").type()).isEqualTo(ColumnType.DOUBLE);
    assertThat(table.column("last_high").type()).isEqualTo(ColumnType.DOUBLE);
  }

  @Test
  void damageIsNamedByFileLineAndColumn() throws IOException {
    refused("seed,accuracy\n0,0.5\n1,half\n", "rounds.csv:3: column 'accuracy'", "number");
    refused("seed,accuracy\nzero,0.5\n", "rounds.csv:2: column 'seed'");
    refused("seed,accuracy\n\"0,0.5\n" + "1,0.5\n".repeat(2000), "rounds.csv:2: ", "cut short");
    refused("seed,accuracy\n0,0.5\n1\n", "rounds.csv:3: ", "2 columns", "cut short");
    refused(" \n", "rounds.csv");
    refused("seed,accuracy\n0,0.5\n1,0.\u00001\n", "rounds.csv:3", "version control");
    refused("seed,accuracy\n0,0.5,7\n", "rounds.csv:2: ", "2 columns");
    refused("", "rounds.csv", "empty");
    refused("seed,seed\n0,1\n", "rounds.csv", "seed");
    assertThatThrownBy(() -> ResultsFiles.load(folder.resolve("none.csv")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none.csv: there is no such results file");
  }

  private void refused(String content, String... messages) throws IOException {
    Path file = csv(content);
    assertThatThrownBy(() -> ResultsFiles.load(file))
        .as(content)
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(messages);
  }

  @Test
  void aFileIsReadOnce() throws IOException {
    Path file = csv("seed,accuracy\n0,0.5\n");
    ResultsFiles files = new ResultsFiles();
    assertThat(files.table(file)).isSameAs(files.table(file));
  }
}
