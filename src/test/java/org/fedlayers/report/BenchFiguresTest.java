package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchFiguresTest {
  @TempDir private Path folder;

  @Test
  void withoutPyTorchThereIsNoRatioToDraw() throws IOException {
    String head = "net,path,workers,images_per_second,ratio,clock,cpu,isa\n";
    Path table = folder.resolve("throughput.csv");
    Files.writeString(table, head + "man-cnn,plan,1,1153.4,,wall,EPYC,AVX-512\n");
    assertThat(BenchFigures.draw(folder, Style.WEB)).isEmpty();
    Files.writeString(table, head + "man-cnn,plan,1,1153.4,1.39,wall,EPYC,AVX-512\n");
    assertThat(BenchFigures.draw(folder, Style.WEB))
        .extracting(file -> file.getFileName().toString())
        .contains("throughput.svg");
  }
}
