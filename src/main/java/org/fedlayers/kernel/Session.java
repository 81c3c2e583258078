package org.fedlayers.kernel;

import static jdk.jshell.Snippet.SubKind.OTHER_EXPRESSION_SUBKIND;
import static jdk.jshell.Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
import static jdk.jshell.Snippet.SubKind.VAR_VALUE_SUBKIND;

import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.Diag;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;

/** Evaluates one cell after another, snippet by snippet, in this JVM. */
final class Session {
  /** What every cell may use without importing it: IJava's imports and display functions. */
  private static final String PRELUDE =
      """
      import java.util.*;
      import java.io.*;
      import java.math.*;
      import java.net.*;
      import java.util.concurrent.*;
      import java.util.prefs.*;
      import java.util.regex.*;
      import static org.fedlayers.kernel.Notebook.*;
      """;

  /** The kinds of snippet whose value a reader wants to see below the cell. */
  private static final Set<Snippet.SubKind> SHOWN =
      Set.of(TEMP_VAR_EXPRESSION_SUBKIND, VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND);

  private final Execution execution;
  private final List<String> classPath;
  private final JShell shell;
  private final Map<String, Cell.Piece> pieces = new HashMap<>();
  private final ErrorReport errors;

  /**
   * @param classPath what cells are compiled against and run with
   * @param graceMillis how long an interrupted cell may take to end in order
   */
  Session(List<String> classPath, long graceMillis) throws CellError {
    this.classPath = classPath;
    execution = new Execution(graceMillis);
    shell =
        JShell.builder()
            .executionEngine(execution, Map.of())
            .compilerOptions("-parameters")
            .build();
    shell.addToClasspath(String.join(File.pathSeparator, classPath));
    errors = new ErrorReport(shell, pieces);
    evaluate(new Cell(0, PRELUDE));
  }

  SourceCodeAnalysis analysis() {
    return shell.sourceCodeAnalysis();
  }

  /** Stops the running cell, soon. */
  void interrupt() {
    execution.stop();
  }

  /**
   * Evaluates a cell.
   *
   * @return its last expression's value as Jupyter shows it, by MIME type; null if there is none,
   *     or a semicolon silences it
   * @throws CellError if it does not compile, throws, or is interrupted
   */
  Map<String, Object> evaluate(Cell cell) throws CellError {
    try {
      execution.begin();
      Object value = null;
      for (Cell.Piece piece : cell.pieces(analysis())) {
        value = evaluate(piece);
      }
      return value == null || Notebook.isDisplay(value) ? null : rendered(value);
    } catch (CellError e) {
      throw e;
    } catch (Throwable e) { // of the compiler, or of a value that cannot be shown
      throw execution.stopped()
          ? errors.interrupted(cell, null, execution.abandoned())
          : errors.failed(cell, e);
    }
  }

  private Object evaluate(Cell.Piece piece) throws CellError {
    Object value = null;
    for (SnippetEvent event : shell.eval(piece.source())) {
      if (event.causeSnippet() == null) { // not an older snippet, updated because of this one
        pieces.put(event.snippet().id(), piece);
        check(piece, event);
        if (SHOWN.contains(event.snippet().subKind()) && !endsWithSemicolon(piece)) {
          value = execution.value();
        }
      }
    }
    return value;
  }

  private boolean endsWithSemicolon(Cell.Piece piece) {
    return !analysis().analyzeCompletion(piece.source() + "\n+0").remaining().isBlank();
  }

  private void check(Cell.Piece piece, SnippetEvent event) throws CellError {
    Snippet snippet = event.snippet();
    if (execution.stopped()) {
      throw errors.interrupted(piece.cell(), event.exception(), execution.abandoned());
    }
    if (event.exception() != null) {
      throw errors.thrown(event.exception());
    }
    if (event.status() == Status.VALID) {
      return;
    }
    List<Diag> diagnostics = shell.diagnostics(snippet).toList();
    String missing =
        snippet instanceof DeclarationSnippet declared
            ? shell.unresolvedDependencies(declared).collect(Collectors.joining(", "))
            : "";
    if (missing.isEmpty()) {
      if (event.status() != Status.REJECTED) { // a constant that is too long for a class file
        shell.drop(snippet);
        shell.addToClasspath(classPath.get(0)); // renews the compiler, which remembers it
      }
      throw errors.compilation(piece, diagnostics);
    }
    System.err.printf("It cannot be used until this is defined: %s%n", missing);
  }

  /** On the cell's thread, because it may run code of the user's. */
  @SuppressWarnings("unchecked")
  private Map<String, Object> rendered(Object value) throws Exception {
    ClassLoader loader = value.getClass().getClassLoader();
    return (Map<String, Object>) execution.call(() -> Notebook.render(value).data(), loader);
  }
}
