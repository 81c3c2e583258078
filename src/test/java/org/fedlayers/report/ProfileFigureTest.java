package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.knowm.xchart.CategoryChart;

class ProfileFigureTest {
  private static final String CSV =
      """
      net,kind,share,clock,cpu,isa
      man-cnn,convolution forward,0.5,wall,A CPU,AVX2
      man-cnn,pool,0.2,wall,A CPU,AVX2
      man-cnn,activation,0.1,wall,A CPU,AVX2
      man-cnn,border,0.15,wall,A CPU,AVX2
      man-cnn,a kind yet unknown,0.05,wall,A CPU,AVX2
      resnet-8,convolution forward,1,wall,A CPU,AVX2
      resnet-8,convolution forward,1,wall,Another,AVX2
      """;

  @TempDir private Path folder;

  @Test
  void stacksEveryKindOfStepOnceAndEachMachineApart() throws IOException {
    Files.writeString(folder.resolve("profile.csv"), CSV);
    List<CategoryChart> charts =
        ProfileFigure.sheet(folder, Style.WEB).charts().stream()
            .map(CategoryChart.class::cast)
            .toList();
    assertThat(charts).hasSize(2);
    CategoryChart first = charts.get(0);
    assertThat(first.getStyler().isStacked()).isTrue();
    assertThat(heights(first, "Convolutions: forward")).containsExactly(50.0, 100.0);
    assertThat(height(first, "Pools, ReLU, additions")).isCloseTo(30, offset(1e-9));
    assertThat(height(first, "Optimiser, batches, copies")).isCloseTo(20, offset(1e-9));
    assertThat(heights(first, "Dense layers")).containsExactly(0.0, 0.0);
  }

  private static double height(CategoryChart chart, String part) {
    return heights(chart, part).get(0).doubleValue();
  }

  private static List<Number> heights(CategoryChart chart, String part) {
    return List.copyOf(chart.getSeriesMap().get(part).getYData());
  }
}
