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
  void equalFilesGiveEqualFiguresAndWhatWasNotMeasuredIsLeftOut() throws IOException {
    assertThat(BenchFigures.draw(folder, Style.WEB)).isEmpty();
    Files.writeString(
        folder.resolve("throughput.csv"),
        """
        net,path,workers,ratio,ratio_low,ratio_high,clock,cpu,isa
        man-cnn,plan,1,1.4,1.3,1.6,cpu,A CPU,AVX2
        resnet-8,plan,1,,,,cpu,A CPU,AVX2
        man-cnn,plan,2,1.5,1.4,1.6,cpu,A CPU,AVX2
        man-cnn,plan,1,1.2,1.1,1.3,cpu,Another,AVX-512
        """);
    Files.writeString(
        folder.resolve("profile.csv"),
        """
        net,kind,share,clock,cpu,isa
        man-cnn,convolution forward,0.5,wall,A CPU,AVX2
        man-cnn,pool,0.5,wall,A CPU,AVX2
        resnet-8,convolution forward,1,wall,Another,AVX2
        """);
    assertThat(BenchFigures.draw(folder, Style.WEB))
        .containsExactly(
            folder.resolve("profile.svg"),
            folder.resolve("profile.png"),
            folder.resolve("throughput.svg"),
            folder.resolve("throughput.png"));
    String svg = Files.readString(folder.resolve("throughput.svg"));
    assertThat(svg)
        .contains("<desc>by the cpu clock; error bars: half the whole range, each way</desc>");
    BenchFigures.draw(folder, Style.WEB);
    assertThat(folder.resolve("throughput.svg")).hasContent(svg);
  }
}
