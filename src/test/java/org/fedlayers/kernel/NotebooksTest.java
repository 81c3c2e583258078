package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The checked-in notebooks: whole, for a Java kernel, and without an error among their outputs. */
class NotebooksTest {
  @TestFactory
  Stream<DynamicTest> notebooks() throws Exception {
    Path folder = Path.of("notebooks");
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> notebooks = files.filter(f -> f.toString().endsWith(".ipynb")).sorted().toList();
      return notebooks.stream()
          .map(f -> DynamicTest.dynamicTest(f.getFileName().toString(), () -> check(f)));
    }
  }

  private static void check(Path file) throws Exception {
    String text = Files.readString(file);
    assertThat(text)
        .as("absolute paths of a machine")
        .doesNotContain("/home/", "/root/", "/Users/");
    JsonNode notebook = new ObjectMapper().readTree(text);
    assertThat(notebook.path("nbformat").asInt()).isEqualTo(4);
    assertThat(notebook.at("/metadata/kernelspec/name").asText()).isEqualTo("java");
    assertThat(notebook.path("cells")).isNotEmpty();
    for (JsonNode cell : notebook.path("cells")) {
      for (JsonNode output : cell.path("outputs")) {
        assertThat(output.path("output_type").asText())
            .as("output of: " + cell.path("source"))
            .isNotEqualTo("error");
      }
    }
  }
}
