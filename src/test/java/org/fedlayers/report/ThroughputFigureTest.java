package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThroughputFigureTest {
  private static final String CSV =
      """
      net,path,workers,ratio,ratio_low,ratio_high,gemm_share,gemm_share_low,gemm_share_high,gflop_per_image,pytorch_images_per_second,gemm_gflops,repeats,clock,cpu,isa,load
      man-cnn,plan,1,1.4,1.3,1.6,0.8,0.7,0.85,0.08,900,90,5,cpu,A CPU,AVX2,0.4
      resnet-8,plan,1,,,,0.9,0.8,0.95,0.07,,90,5,cpu,A CPU,AVX2,0.5
      man-cnn,plan,2,1.5,1.4,1.6,0.7,0.6,0.75,0.08,1800,90,5,cpu,A CPU,AVX2,0.6
      man-cnn,plan,1,1.2,1.1,1.3,0.6,0.5,0.65,0.08,700,90,5,cpu,Another,AVX-512,0.7
      """;

  @TempDir private Path folder;

  @Test
  void equalFilesGiveEqualFiguresAndGapsAreLeftOpen() throws IOException {
    Files.writeString(folder.resolve("throughput.csv"), CSV);
    List<Path> files = ThroughputFigure.draw(folder, Style.WEB);
    assertThat(files)
        .containsExactly(folder.resolve("throughput.svg"), folder.resolve("throughput.png"));
    String svg = Files.readString(files.get(0));
    assertThat(svg).contains("load average 0.4 to 0.7");
    ThroughputFigure.draw(folder, Style.WEB);
    assertThat(Files.readString(files.get(0))).isEqualTo(svg);
  }
}
