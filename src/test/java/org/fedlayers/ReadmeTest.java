package org.fedlayers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java, run line by line as a notebook would. */
class ReadmeTest {
  @TempDir private Path folder;
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

  @Test
  void itsFirstLinesTrainAndDraw() throws Exception {
    Matcher blocks = JAVA.matcher(Files.readString(Path.of("README.md")));
    assertThat(blocks.find()).isTrue();
    String lines = blocks.group(1);
    assertThat(lines.lines().filter(line -> !line.isBlank()).count()).isLessThanOrEqualTo(10);
    String picture = System.getProperty("readme.picture"); // `make picture`
    // Elsewhere with a tenth of the work: that it runs is what is asked here.
    String shorter = lines.replace("run(20)", "images(500, 100).run(2)");
    assertThat(shorter).isNotEqualTo(lines);
    String drawn = (picture == null ? shorter : lines).strip().replaceAll(";$", "");
    String file = picture == null ? folder.resolve("front-door.png").toString() : picture;
    int last = drawn.lastIndexOf('\n');
    run(
        drawn.substring(0, last)
            + "\njavax.imageio.ImageIO.write(%s, \"png\", new java.io.File(\"%s\"));"
                .formatted(drawn.substring(last).strip(), file));
    assertThat(ImageIO.read(new File(file)).getWidth()).isGreaterThan(800);
  }

  private static void run(String code) {
    try (JShell shell = JShell.builder().executionEngine("local").build()) {
      for (String path : System.getProperty("java.class.path").split(File.pathSeparator)) {
        shell.addToClasspath(path);
      }
      String left = code;
      while (!left.isBlank()) {
        CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(left);
        assertThat(next.completeness().isComplete()).as(left).isTrue();
        List<SnippetEvent> events = shell.eval(next.source());
        for (SnippetEvent event : events) {
          assertThat(event.exception()).as(next.source()).isNull();
          assertThat(event.status()).as(next.source()).isEqualTo(Snippet.Status.VALID);
        }
        left = next.remaining();
      }
    }
  }
}
