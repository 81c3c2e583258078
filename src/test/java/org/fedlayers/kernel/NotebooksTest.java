package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import jdk.jshell.JShell;
import org.fedlayers.claims.Claim;
import org.fedlayers.claims.Claims;
import org.fedlayers.claims.Verdict;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The checked-in notebooks: whole, for a Java kernel, executed from top to bottom, without an error
 * or a log line among their outputs; and together they speak of every claim.
 */
class NotebooksTest {
  /** Not in pictures: base64 may spell anything. */
  private static final Pattern ABSOLUTE = Pattern.compile("(?<![\\w.:/])/(home|root|Users|tmp)/");

  static List<Path> notebooks() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("notebooks"))) {
      return files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList();
    }
  }

  private static JsonNode read(Path file) {
    try {
      return new ObjectMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<JsonNode> each(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static String text(JsonNode lines) {
    return lines.isTextual()
        ? lines.asText()
        : each(lines).map(JsonNode::asText).collect(Collectors.joining());
  }

  @TestFactory
  Stream<DynamicTest> eachIsWhole() throws IOException {
    return notebooks().stream()
        .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(read(f))));
  }

  private static void check(JsonNode notebook) {
    assertThat(notebook.path("nbformat").asInt()).isEqualTo(4);
    assertThat(notebook.at("/metadata/kernelspec/name").asText()).isEqualTo("java");
    assertThat(notebook.path("cells")).isNotEmpty();
    int executed = 0;
    for (JsonNode cell : notebook.path("cells")) {
      String source = text(cell.path("source"));
      requireNoPath(source);
      if (cell.path("cell_type").asText().equals("code")) {
        assertThat(cell.path("execution_count").asInt()).as(source).isEqualTo(++executed);
      }
      each(cell.path("outputs")).forEach(output -> check(source, output));
    }
  }

  private static void check(String source, JsonNode output) {
    assertThat(output.path("output_type").asText())
        .as("output of: " + source)
        .isNotEqualTo("error");
    assertThat(output.path("name").asText()).as("output of: " + source).isNotEqualTo("stderr");
    requireNoPath(text(output.path("text")));
    output
        .path("data")
        .fields()
        .forEachRemaining(
            entry -> {
              if (!entry.getKey().startsWith("image/")) {
                requireNoPath(text(entry.getValue()));
              }
            });
  }

  private static void requireNoPath(String text) {
    assertThat(text)
        .doesNotContainPattern(ABSOLUTE)
        .doesNotContain(Path.of("").toAbsolutePath().toString());
  }

  static Stream<String> sources(Path notebook, String type) {
    return each(read(notebook).path("cells"))
        .filter(cell -> cell.path("cell_type").asText().equals(type))
        .map(cell -> text(cell.path("source")));
  }

  @Test
  void noCellIsLongAndImportsStandAtTheTop() throws IOException {
    for (Path notebook : notebooks()) {
      List<String> cells = sources(notebook, "code").toList();
      assertThat(cells).allMatch(cell -> cell.lines().count() <= 10, "ten lines at most");
      assertThat(cells.subList(2, cells.size()))
          .as("after the first two cells of %s", notebook)
          .noneMatch(cell -> cell.startsWith("import "));
    }
  }

  /** Neither in two notebooks nor twice in one; code that shows an experiment may. */
  @Test
  void noParagraphIsToldTwice() throws IOException {
    List<String> paragraphs =
        notebooks().stream()
            .flatMap(notebook -> sources(notebook, "markdown"))
            .flatMap(cell -> Stream.of(cell.split("\n\n")))
            .filter(paragraph -> paragraph.length() > 80)
            .toList();
    assertThat(paragraphs).doesNotHaveDuplicates();
  }

  @Test
  void theFirstBeginsWithTheLinesOfTheReadme() throws IOException {
    String first = sources(notebooks().get(0), "code").findFirst().orElseThrow();
    assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + first + ";\n```");
  }

  /** A trailing value is shown: IJava and JJava show the id of what is displayed, and a stream. */
  @Test
  void noCellEndsInWhatOtherKernelsShowTheIdOf() throws IOException {
    try (JShell shell = JShell.create()) {
      for (Path notebook : notebooks()) {
        sources(notebook, "code")
            .map(source -> new NotebookCell(0, source).pieces(shell.sourceCodeAnalysis()))
            .map(pieces -> pieces.get(pieces.size() - 1).source())
            .forEach(
                last ->
                    assertThat(last)
                        .as("the end of a cell of %s", notebook)
                        .doesNotContainPattern(
                            "^(System[.]out[.])?(display|printf)[(]|^\\w+[.](add|addAll|put|remove)[(]"));
      }
    }
  }

  /** Verdicts change with evidence, so they are read from the table of claims. */
  @Test
  void noVerdictIsWrittenByHand() throws IOException {
    String verdicts =
        Stream.of(Verdict.values()).map(Verdict::text).collect(Collectors.joining("|"));
    for (Path notebook : notebooks()) {
      assertThat(sources(notebook, "markdown"))
          .as("%s", notebook)
          .noneMatch(Pattern.compile("[DBMT]\\d+[a-z]?\\*{0,2}, (" + verdicts + ")").asPredicate());
    }
  }

  /** In prose, not only in the table that is read from the table of claims. */
  @Test
  void everyClaimIsSpokenOf() throws IOException {
    String prose =
        notebooks().stream()
            .flatMap(notebook -> sources(notebook, "markdown"))
            .collect(Collectors.joining("\n"));
    assertThat(Claims.all())
        .extracting(Claim::whole)
        .allMatch(id -> Pattern.compile("\\b" + id + "\\b").matcher(prose).find());
  }
}
