package org.fedlayers.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's file with a method of its own, as a user starts it. */
class OwnMethodTest {
  private static final String YAML =
      ExitStatusTest.SMALL + "grid: {method: [fedavg, {name: fed-part, part: 0.5}]}\n";

  @TempDir private Path folder;

  @Test
  void theGuidesFileReachesTheCommandLine() throws Exception {
    Matcher file =
        Pattern.compile("```java\n(import org.fedlayers.cli.Main.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("docs/guide.md")));
    assertThat(file.find()).isTrue();
    Path mine = Files.writeString(folder.resolve("Mine.java"), file.group(1));
    Path yaml = Files.writeString(folder.resolve("mine.yaml"), YAML);
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command =
        List.of(
            java,
            "@environment/jvm.options",
            "-cp",
            System.getProperty("java.class.path"),
            mine.toString(),
            "run",
            yaml.toString(),
            "--out",
            folder.resolve("out").toString());
    Path said = folder.resolve("said.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor()).as(Files.readString(said)).isZero();
    assertThat(folder.resolve("out/quick/own/mine/rounds.csv")).content().contains("fed-part");
  }
}
