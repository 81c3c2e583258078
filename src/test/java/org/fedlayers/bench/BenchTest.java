package org.fedlayers.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fedlayers.engine.Executor;
import org.fedlayers.report.BenchFigures;
import org.fedlayers.report.Style;
import org.fedlayers.results.Csv;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * One quick measurement: how fast is not asserted; that figures and claims find their columns is.
 */
class BenchTest {
  @TempDir private Path folder;

  private List<String> columns(String table) throws IOException {
    return Csv.fields(Files.readAllLines(folder.resolve(table)).get(0));
  }

  @Test
  void tablesSayWhatFiguresShowAndOnWhatItWasMeasured() throws IOException {
    assumeThat(Executor.AUTO.resolved()).isEqualTo(Executor.PLAN);
    String options = "--parts throughput,profile --nets logistic --seconds 0.001 --repeats 1 --out";
    List<String> arguments = new ArrayList<>(List.of(options.split(" ")));
    arguments.add(folder.toString());
    assertThat(new CommandLine(new Bench()).execute(arguments.toArray(String[]::new))).isZero();
    String[] machine = {"path", "cpu", "isa", "clock", "load_before", "load_after", "steal"};
    for (String table : List.of("throughput.csv", "profile.csv")) {
      assertThat(columns(table)).contains(machine).contains("net", "commit");
    }
    assertThat(columns("throughput.csv")).contains("ratio", "workers", "interval");
    assertThat(BenchFigures.draw(folder, Style.WEB))
        .extracting(file -> file.getFileName().toString())
        .contains("profile.svg");
  }
}
