package org.fedlayers.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.Diag;
import jdk.jshell.EvalException;
import jdk.jshell.JShell;
import jdk.jshell.JShellException;
import jdk.jshell.UnresolvedReferenceException;
import org.fedlayers.data.UserError;

/**
 * Tells what went wrong in terms of the cells the reader sees: number and line, the line itself,
 * and a mark under what is wrong. Frames below the cell (JShell, the kernel) are left out.
 */
final class ErrorReport {
  /** Library frames shown between two frames of cells; the rest is counted. */
  private static final int LIBRARY_FRAMES = 12;

  private final JShell shell;
  private final Map<String, Cell.Piece> pieces;

  /**
   * @param shell the session, asked for what a snippet still lacks
   * @param pieces where each snippet (by JShell's id) came from
   */
  ErrorReport(JShell shell, Map<String, Cell.Piece> pieces) {
    this.shell = shell;
    this.pieces = pieces;
  }

  CellError compilation(Cell.Piece piece, List<Diag> diagnostics) {
    List<String> report = new ArrayList<>();
    List<Diag> errors = diagnostics.stream().filter(Diag::isError).toList();
    for (Diag error : errors) {
      List<String> message = error.getMessage(Locale.ROOT).lines().toList();
      int start = (int) Math.max(0, error.getStartPosition());
      report.add(
          "Cell %d, line %d: %s"
              .formatted(piece.cell().number(), piece.lineAt(start), message.get(0)));
      report.addAll(underlined(piece, start, (int) error.getEndPosition()));
      // The location is JShell's wrapper class, which says nothing to the reader.
      message.stream().skip(1).filter(l -> !l.startsWith("  location:")).forEach(report::add);
    }
    if (errors.isEmpty()) {
      report.add("Cell %d: not valid Java".formatted(piece.cell().number()));
    }
    return new CellError.CompilationError(report);
  }

  /** The line of an error, and carets under its part from start to end (offsets in the snippet). */
  private static List<String> underlined(Cell.Piece piece, int start, int end) {
    String text = piece.cell().text();
    int from = Math.min(piece.start() + start, text.length());
    int lineStart = text.lastIndexOf('\n', from - 1) + 1;
    int newline = text.indexOf('\n', from);
    int lineEnd = newline < 0 ? text.length() : newline;
    int length = Math.max(1, Math.min(piece.start() + end, lineEnd) - from);
    String number = "%5d | ".formatted(piece.lineAt(start));
    return List.of(
        number + text.substring(lineStart, lineEnd),
        " ".repeat(number.length() - 2) + "| " + " ".repeat(from - lineStart) + "^".repeat(length));
  }

  CellError exception(JShellException thrown) {
    List<String> report = new ArrayList<>();
    describe(thrown, "", report);
    return new CellError.UncaughtException(report);
  }

  /** The user's stop, with the place where it caught the cell if that is known. */
  CellError interrupted(Cell cell, JShellException thrown, boolean abandoned) {
    List<String> report = new ArrayList<>();
    report.add("Cell %d was interrupted".formatted(cell.number()));
    boolean placed =
        thrown != null && Stream.of(thrown.getStackTrace()).anyMatch(f -> pieceOf(f) != null);
    if (placed) { // a cell stopped by force was elsewhere
      frames(thrown, report);
    }
    if (abandoned) {
      report.add(
          "It does not react and still runs in the background: restart the kernel to end it.");
    }
    return new CellError.Interrupted(report);
  }

  private void describe(JShellException thrown, String prefix, List<String> report) {
    report.addAll((prefix + title(thrown)).lines().toList());
    frames(thrown, report);
    if (thrown.getCause() instanceof JShellException cause) {
      describe(cause, "Caused by: ", report);
    }
  }

  private String title(JShellException thrown) {
    if (thrown instanceof UnresolvedReferenceException unresolved) {
      return "%s is used before all it needs is defined: %s"
          .formatted(
              unresolved.getSnippet().source().lines().findFirst().orElse("").strip(),
              shell
                  .unresolvedDependencies(unresolved.getSnippet())
                  .collect(Collectors.joining(", ")));
    }
    String name = thrown instanceof EvalException e ? e.getExceptionClassName() : "";
    String message = thrown.getMessage() == null ? "" : thrown.getMessage();
    if (name.equals(UserError.class.getName())) {
      return message;
    }
    return message.isEmpty() ? name : name + ": " + message;
  }

  private void frames(JShellException thrown, List<String> report) {
    boolean mistake =
        thrown instanceof EvalException e
            && e.getExceptionClassName().equals(UserError.class.getName());
    int library = 0;
    for (StackTraceElement frame : cellFrames(thrown)) {
      Cell.Piece piece = pieceOf(frame);
      if (piece != null) {
        elided(library, report);
        library = 0;
        report.addAll(inCell(piece, frame));
      } else if (!mistake && ++library <= LIBRARY_FRAMES) {
        report.add("    at " + frame);
      }
    }
    elided(library, report);
  }

  private static void elided(int frames, List<String> report) {
    if (frames > LIBRARY_FRAMES) {
      report.add("    ... " + (frames - LIBRARY_FRAMES) + " more");
    }
  }

  /** The frames down to the outermost one of a cell; all of them if none is. */
  private List<StackTraceElement> cellFrames(JShellException thrown) {
    List<StackTraceElement> frames = List.of(thrown.getStackTrace());
    for (int last = frames.size() - 1; last >= 0; last--) {
      if (pieceOf(frames.get(last)) != null) {
        return frames.subList(0, last + 1);
      }
    }
    return frames;
  }

  /** JShell names the file of a snippet's frame {@code #id}. */
  private Cell.Piece pieceOf(StackTraceElement frame) {
    String file = frame.getFileName();
    return file != null && file.startsWith("#") ? pieces.get(file.substring(1)) : null;
  }

  private static List<String> inCell(Cell.Piece piece, StackTraceElement frame) {
    int line = piece.line(frame.getLineNumber());
    List<String> lines = piece.cell().lines();
    List<String> shown = new ArrayList<>();
    String method = frame.getMethodName();
    shown.add(
        "    at cell %d, line %d%s"
            .formatted(
                piece.cell().number(),
                line,
                method.isEmpty() || method.startsWith("lambda$") ? "" : " in " + method));
    for (int n = Math.max(1, line - 1); n <= Math.min(lines.size(), line + 1); n++) {
      shown.add("%s %4d | %s".formatted(n == line ? "--->" : "    ", n, lines.get(n - 1)));
    }
    return shown;
  }
}
