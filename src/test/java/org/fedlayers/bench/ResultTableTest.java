package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultTableTest {
  private static final List<String> COLUMNS = List.of("net", "cpu", "rate");

  @TempDir private Path folder;

  private ResultTable table(List<String> columns) {
    return new ResultTable(folder.resolve("bench/t.csv"), List.of("net", "cpu"), columns);
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("bench/t.csv"));
  }

  @Test
  void anotherMachinesRowsStayAndThisOnesAreReplaced() throws IOException {
    table(COLUMNS).put(Map.of("net", "a", "cpu", "one, old", "rate", "1"));
    ResultTable later = table(COLUMNS);
    later.put(Map.of("net", "a", "cpu", "two"));
    later.put(Map.of("net", "b", "cpu", "one, old", "rate", "3"));
    table(COLUMNS).put(Map.of("net", "a", "cpu", "one, old", "rate", "4"));
    assertThat(lines())
        .containsExactly("net,cpu,rate", "a,\"one, old\",4", "a,two,", "b,\"one, old\",3");
  }

  @Test
  void rowsOfOtherColumnsAreNotMixedIn() throws IOException {
    table(COLUMNS).put(Map.of("net", "a", "cpu", "one", "rate", "1"));
    table(List.of("net", "cpu", "ratio")).put(Map.of("net", "b", "cpu", "one", "ratio", "2"));
    assertThat(lines()).containsExactly("net,cpu,ratio", "b,one,2");
    assertThatThrownBy(() -> table(COLUMNS).put(Map.of("net", "a", "cpu", "one", "speed", "1")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
