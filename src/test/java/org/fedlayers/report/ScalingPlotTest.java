package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code results/scaling/Plot.java}, which nothing else compiles. */
class ScalingPlotTest {
  @Test
  void drawsWhatWasMeasured(@TempDir Path folder) throws Exception {
    Path csv = Files.copy(Path.of("results/scaling/scaling.csv"), folder.resolve("scaling.csv"));
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
                java, "-Djava.awt.headless=true", "results/scaling/Plot.java", csv.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile());
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    int code = builder.start().waitFor();
    assertThat(Files.readString(folder.resolve("log"))).isEmpty();
    assertThat(code).isZero();
    BufferedImage image = ImageIO.read(folder.resolve("scaling.png").toFile());
    assertThat(image.getWidth()).isEqualTo(3 * image.getHeight());
  }
}
