package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import tech.tablesaw.columns.numbers.NumberColumnFormatter;

class HtmlTableTest {
  @ParameterizedTest
  @CsvSource({
    "0.30000000000000004, 0.3",
    "0.123456789, 0.123457",
    "12345.678912, 12345.7",
    "-0.5, -0.5",
    "100, 100",
    "1e-7, 1.000e-07",
    "2.5e12, 2.500e+12"
  })
  void shortensFractions(double value, String shown) {
    String html = HtmlTable.of(Table.create(DoubleColumn.create("x", value)));
    assertThat(html).contains(">" + shown + "</td>");
  }

  @Test
  void keepsTheFormatOfTheAuthor() {
    DoubleColumn column = DoubleColumn.create("x", 0.123456789);
    column.setPrintFormatter(NumberColumnFormatter.percent(1));
    assertThat(HtmlTable.of(Table.create(column))).contains(">12.3%</td>");
  }

  @Test
  void putsNumbersRightAndTextLeft() {
    String html =
        HtmlTable.of(
            Table.create("t", StringColumn.create("s", "v"), IntColumn.create("n", new int[] {1})));
    assertThat(html).contains("text-align:left\">v<").contains("text-align:right\">1<");
  }

  @Test
  void leavesMissingValuesEmpty() {
    DoubleColumn column = DoubleColumn.create("x", 1.5);
    column.appendMissing();
    assertThat(HtmlTable.of(Table.create(column))).contains("\"></td>").doesNotContain("NaN");
  }

  @Test
  void shortensLongTables() {
    IntColumn column = IntColumn.create("n", IntStream.range(0, 1234).toArray());
    String html = HtmlTable.of(Table.create(column));
    assertThat(html)
        .contains(">0<", ">29<", ">…<", ">1204<", ">1233<", "1,234 rows")
        .doesNotContain(">30<", ">1203<");
  }
}
