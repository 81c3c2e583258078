package org.fedlayers.kernel;

import java.io.File;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;

/** A session: evaluates one cell after another, snippet by snippet, in this JVM. */
final class CellEvaluator implements AutoCloseable {
  /** The kinds of snippet whose value a reader wants to see below the cell. */
  private static final Set<Snippet.SubKind> SHOWN =
      Set.of(
          Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND,
          Snippet.SubKind.VAR_VALUE_SUBKIND,
          Snippet.SubKind.OTHER_EXPRESSION_SUBKIND);

  private final CellExecution execution;
  private final JShell shell;
  private final Map<String, Cell.Piece> pieces = new HashMap<>();
  private final ErrorReport errors;

  /**
   * @param classPath what cells are compiled against and run with
   * @param grace how long an interrupted cell may take to end in order
   */
  CellEvaluator(List<String> classPath, Duration grace) {
    execution = new CellExecution(grace);
    shell =
        JShell.builder()
            .executionEngine(new InThisJvm(execution), Map.of())
            .compilerOptions("-parameters")
            .build();
    shell.addToClasspath(String.join(File.pathSeparator, classPath));
    errors = new ErrorReport(shell, pieces);
  }

  SourceCodeAnalysis analysis() {
    return shell.sourceCodeAnalysis();
  }

  /**
   * Evaluates a cell.
   *
   * @return the value of its last expression; null if there is none, or a semicolon silences it
   * @throws CellError if it does not compile, throws, or is interrupted
   */
  Object evaluate(Cell cell) {
    execution.begin();
    Object shown = null;
    for (Cell.Piece piece : cell.pieces(analysis())) {
      shown = evaluate(piece);
    }
    return shown;
  }

  private Object evaluate(Cell.Piece piece) {
    Object shown = null;
    for (SnippetEvent event : shell.eval(piece.source())) {
      if (event.causeSnippet() != null) {
        continue; // an older snippet, updated because of this one
      }
      Snippet snippet = event.snippet();
      pieces.put(snippet.id(), piece);
      check(piece, event);
      if (SHOWN.contains(snippet.subKind()) && !piece.silent()) {
        shown = execution.value();
      }
    }
    return shown;
  }

  private void check(Cell.Piece piece, SnippetEvent event) {
    JShellException thrown = event.exception();
    if (execution.stopped()) {
      throw errors.interrupted(piece.cell(), thrown, execution.abandoned());
    }
    if (thrown != null) {
      throw errors.exception(thrown);
    }
    if (event.status() == Status.REJECTED) {
      throw errors.compilation(piece, shell.diagnostics(event.snippet()).toList());
    }
    if (event.snippet() instanceof DeclarationSnippet declared
        && !event.status().equals(Status.VALID)) {
      System.err.println(
          declared.name()
              + " cannot be used until this is defined: "
              + shell.unresolvedDependencies(declared).collect(Collectors.joining(", ")));
    }
  }

  /** Stops the running cell; returns when it has ended or been left behind. */
  void interrupt() {
    execution.stop();
  }

  @Override
  public void close() {
    shell.close();
  }

  private record InThisJvm(DirectExecutionControl control) implements ExecutionControlProvider {
    @Override
    public String name() {
      return "in-this-jvm";
    }

    @Override
    public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
      return control;
    }
  }
}
