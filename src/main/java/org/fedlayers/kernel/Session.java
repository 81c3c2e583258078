package org.fedlayers.kernel;

import static jdk.jshell.Snippet.SubKind.OTHER_EXPRESSION_SUBKIND;
import static jdk.jshell.Snippet.SubKind.TEMP_VAR_EXPRESSION_SUBKIND;
import static jdk.jshell.Snippet.SubKind.VAR_VALUE_SUBKIND;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jshell.DeclarationSnippet;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Status;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;

/** Evaluates one cell after another, snippet by snippet, in this JVM. */
final class Session {
  /** What every cell may use without importing it: IJava's imports and display functions. */
  static final String PRELUDE =
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

  private static final Set<Snippet.SubKind> SHOWN =
      Set.of(TEMP_VAR_EXPRESSION_SUBKIND, VAR_VALUE_SUBKIND, OTHER_EXPRESSION_SUBKIND);

  private final Execution execution;
  private final String classPath;
  private final JShell shell;
  private final Map<String, NotebookCell.Piece> pieces = new HashMap<>();
  private final ErrorReport errors;

  Session(String classPath, long graceMillis, Broadcast broadcast) throws CellError {
    this.classPath = classPath;
    execution = new Execution(graceMillis, broadcast);
    JShell.Builder builder = JShell.builder().executionEngine(execution, Map.of());
    shell = builder.compilerOptions("-parameters").build();
    shell.addToClasspath(classPath);
    errors = new ErrorReport(shell, pieces);
    evaluate(new NotebookCell(0, PRELUDE));
  }

  SourceCodeAnalysis analysis() {
    return shell.sourceCodeAnalysis();
  }

  /** Stops the running cell, soon. */
  Map<String, String> interrupt() {
    execution.stopped = true;
    return Map.of("status", "ok");
  }

  /**
   * Evaluates a cell.
   *
   * @return its last expression's value as Jupyter shows it, by MIME type; null if there is none,
   *     or a semicolon silences it
   * @throws CellError if it does not compile, throws, or is interrupted
   */
  Map<String, String> evaluate(NotebookCell cell) throws CellError {
    try {
      execution.begin();
      Object value = null;
      for (NotebookCell.Piece piece : cell.pieces(analysis())) {
        value = evaluate(piece);
      }
      Object shown = value;
      // On the cell's thread, because it may run code of the user's.
      return shown == null || Notebook.isDisplay(shown)
          ? null
          : execution.call(() -> Notebook.render(shown).data(), getClass().getClassLoader());
    } catch (CellError e) {
      throw e;
    } catch (Throwable e) { // of the compiler, or of a value that cannot be shown
      throw execution.stopped
          ? errors.interrupted(cell, null, execution.abandoned)
          : errors.failed(cell, e);
    }
  }

  private Object evaluate(NotebookCell.Piece piece) throws CellError {
    Object value = null;
    for (SnippetEvent event : shell.eval(piece.source())) {
      if (event.causeSnippet() == null) { // not an older snippet, updated because of this one
        pieces.put(event.snippet().id(), piece);
        check(piece, event);
        if (SHOWN.contains(event.snippet().subKind()) && !endsWithSemicolon(piece)) {
          value = execution.value;
        }
      }
    }
    return value;
  }

  private boolean endsWithSemicolon(NotebookCell.Piece piece) {
    return !analysis().analyzeCompletion(piece.source() + "\n+0").remaining().isBlank();
  }

  private void check(NotebookCell.Piece piece, SnippetEvent event) throws CellError {
    Snippet snippet = event.snippet();
    if (execution.stopped) {
      throw errors.interrupted(piece.cell(), event.exception(), execution.abandoned);
    }
    if (event.exception() != null) {
      throw errors.thrown(event.exception());
    }
    if (event.status() == Status.VALID) {
      return;
    }
    CellError error = errors.compilation(piece, shell.diagnostics(snippet).toList());
    String missing =
        snippet instanceof DeclarationSnippet declared
            ? shell.unresolvedDependencies(declared).collect(Collectors.joining(", "))
            : "";
    if (missing.isEmpty()) {
      if (event.status() != Status.REJECTED) { // a constant that is too long for a class file
        shell.drop(snippet);
        shell.addToClasspath(classPath); // renews the compiler, which remembers it
      }
      throw error;
    }
    System.err.printf(Locale.ROOT, "It cannot be used until this is defined: %s%n", missing);
  }
}
