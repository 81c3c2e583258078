package org.fedlayers.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.UnresolvedReferenceException;
import org.fedlayers.options.UserError;

/**
 * Reports errors in terms of the cells that the reader sees: number, line and text.
 *
 * @param shell the session, asked for what a snippet still lacks
 * @param pieces where each snippet (by JShell's id) came from
 */
record ErrorReport(JShell shell, Map<String, NotebookCell.Piece> pieces) {
  /** Frames shown of cells, and as many of libraries. */
  private static final int FRAMES = 12;

  /** Characters of a line shown before and after an error. */
  private static final int MARGIN = 100;

  CellError compilation(NotebookCell.Piece piece, List<Diag> diagnostics) {
    List<String> report = new ArrayList<>();
    for (Diag error : diagnostics.stream().filter(Diag::isError).toList()) {
      // A location is JShell's wrapper class, which says nothing to the reader.
      String message = error.getMessage(Locale.ROOT).replaceAll("\n  location:[^\n]*", "");
      List<String> lines = message.lines().toList();
      int from = piece.start() + (int) error.getStartPosition();
      report.add(piece.cell().place(from) + ": " + lines.get(0));
      report.addAll(
          underlined(piece.cell().text(), from, piece.start() + (int) error.getEndPosition()));
      report.addAll(lines.subList(1, lines.size()));
    }
    if (report.isEmpty()) {
      report.add("Cell %d: not valid Java".formatted(piece.cell().number()));
    }
    return new CellError("CompilationError", report);
  }

  /** The line of an error, and carets under its part from one offset to another. */
  private static List<String> underlined(String text, int from, int to) {
    int first = Math.max(text.lastIndexOf('\n', from - 1) + 1, from - MARGIN);
    int newline = text.indexOf('\n', from);
    int last = Math.min(newline < 0 ? text.length() : newline, from + MARGIN);
    int length = Math.max(1, Math.min(to, last) - from);
    return List.of(
        "    " + text.substring(first, last),
        "    " + " ".repeat(from - first) + "^".repeat(length));
  }

  CellError thrown(JShellException thrown) {
    List<String> report = new ArrayList<>();
    String prefix = "";
    for (Throwable next = thrown; next instanceof JShellException e; next = e.getCause()) {
      report.addAll((prefix + title(e)).lines().toList());
      report.addAll(frames(e));
      prefix = "Caused by: ";
    }
    return new CellError(name(thrown), report);
  }

  /** The user's stop, with the place where it caught the cell if that is known. */
  CellError interrupted(NotebookCell cell, JShellException thrown, boolean abandoned) {
    List<String> report = new ArrayList<>();
    report.add("Cell %d was interrupted".formatted(cell.number()));
    if (thrown != null) {
      report.addAll(frames(thrown).stream().filter(frame -> frame.contains("at Cell")).toList());
    }
    if (abandoned) {
      report.add("It does not react and still runs: restart the kernel to end it.");
    }
    return new CellError("Interrupted", report);
  }

  /** What no snippet is to blame for: the compiler failed, or a value cannot be shown. */
  CellError failed(NotebookCell cell, Throwable thrown) {
    Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
    String hint = cause instanceof OutOfMemoryError ? " (restart the kernel to free memory)" : "";
    String report = "Cell %d: %s%s".formatted(cell.number(), cause, hint);
    return new CellError(cause.getClass().getName(), List.of(report));
  }

  private static String name(JShellException thrown) {
    return thrown instanceof EvalException e ? e.getExceptionClassName() : "NotYetDefined";
  }

  private String title(JShellException thrown) {
    if (thrown instanceof UnresolvedReferenceException unresolved) {
      String first = unresolved.getSnippet().source().lines().findFirst().orElse("").strip();
      return shell
          .unresolvedDependencies(unresolved.getSnippet())
          .collect(
              Collectors.joining(", ", first + " is used before all it needs is defined: ", ""));
    }
    String message = thrown.getMessage() == null ? "" : ": " + thrown.getMessage();
    return isMistake(thrown) ? message.substring(2) : name(thrown) + message;
  }

  private static boolean isMistake(JShellException thrown) {
    return name(thrown).equals(UserError.class.getName());
  }

  /** The frames down to the outermost one of a cell; JShell has left out those below. */
  private List<String> frames(JShellException thrown) {
    List<String> shown = new ArrayList<>();
    int own = 0;
    int others = isMistake(thrown) ? FRAMES : 0;
    for (StackTraceElement frame : thrown.getStackTrace()) {
      String file = String.valueOf(frame.getFileName()); // JShell's are "#" and a snippet's id
      NotebookCell.Piece piece = pieces.get(file.substring(1));
      if (piece != null && file.startsWith("#")) {
        if (own++ < FRAMES) {
          shown.add("    at " + piece.place(frame));
        }
      } else if (others++ < FRAMES) {
        shown.add("    at " + frame);
      }
    }
    return shown;
  }
}
