package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  @TempDir private Path folder;

  private void put(String cpu, String commit, String net, double rate) {
    put(machine(cpu, commit), new Row().put("net", net).put("rate", rate, 1));
  }

  private static Row machine(String cpu, String commit) {
    return new Row()
        .put("path", "plan")
        .put("cpu", cpu)
        .put("isa", "AVX2")
        .put("card", "")
        .put("commit", commit);
  }

  private void put(Row machine, Row row) {
    new Results(folder.resolve("bench"), machine).put("t", List.of("net"), row, Load.now());
  }

  /** Without how busy the machine was. */
  private List<String> lines() throws IOException {
    return Files.readAllLines(folder.resolve("bench/t.csv")).stream()
        .map(line -> line.replaceAll("(,[\\d.]*){3}(?=,plan)", ""))
        .toList();
  }

  @Test
  void anotherMachinesRowsStayAndThisOnesAreReplaced() throws IOException {
    put("one, old", "c", "a", 1);
    put("two", "c", "a", Double.NaN);
    put("one, old", "c", "b", 3);
    put("one, old", "c", "a", 4.04);
    assertThat(lines())
        .containsExactly(
            "net,rate,load_before,load_after,steal,path,cpu,isa,card,commit",
            "a,,plan,two,AVX2,,c",
            "b,3.0,plan,\"one, old\",AVX2,,c",
            "a,4.0,plan,\"one, old\",AVX2,,c");
  }

  @Test
  void aTableIsOfOneCommit() throws IOException {
    put("one", "c", "a", 1);
    put("one", "d", "b", 2);
    assertThat(lines().subList(1, lines().size())).containsExactly("b,2.0,plan,one,AVX2,,d");
  }

  @Test
  void rowsOfOtherColumnsAreNotMixedIn() throws IOException {
    put("one", "c", "a", 1);
    put(machine("one", "c"), new Row().put("net", "b").put("ratio", 2, 1));
    assertThat(lines())
        .containsExactly(
            "net,ratio,load_before,load_after,steal,path,cpu,isa,card,commit",
            "b,2.0,plan,one,AVX2,,c");
  }
}
