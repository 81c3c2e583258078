package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import jdk.jshell.JShell;
import jdk.jshell.SnippetEvent;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cells of the checked-in notebooks compile against the library as it is; nothing of them is
 * run. Their outputs may be older.
 */
class NotebookCompilationTest {

  /** Takes every snippet and runs none. */
  private static final class NoExecution extends DirectExecutionControl
      implements ExecutionControlProvider {
    @Override
    protected String invoke(Method snippet) {
      return "";
    }

    @Override
    public String name() {
      return "none";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv environment, Map<String, String> parameters) {
      return this;
    }
  }

  @ParameterizedTest
  @MethodSource("org.fedlayers.kernel.NotebooksTest#notebooks")
  void everyCellCompiles(Path notebook) {
    try (JShell shell = JShell.builder().executionEngine(new NoExecution(), Map.of()).build()) {
      shell.addToClasspath(System.getProperty("java.class.path"));
      assertThat(mistakes(shell, Session.PRELUDE)).isEmpty();
      for (String source : NotebooksTest.sources(notebook, "code").toList()) {
        assertThat(mistakes(shell, source)).as(source).isEmpty();
      }
    }
  }

  private static List<String> mistakes(JShell shell, String source) {
    return new NotebookCell(1, source)
        .pieces(shell.sourceCodeAnalysis()).stream()
            .flatMap(piece -> shell.eval(piece.source()).stream())
            .map(SnippetEvent::snippet)
            .flatMap(shell::diagnostics)
            .filter(diagnostic -> diagnostic.isError())
            .map(diagnostic -> diagnostic.getMessage(Locale.ROOT))
            .toList();
  }
}
