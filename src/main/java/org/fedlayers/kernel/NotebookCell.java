package org.fedlayers.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/** A notebook cell: its number (Jupyter's execution count) and its text. */
record NotebookCell(int number, String text) {
  private static final Pattern SPACE_OR_COMMENT =
      Pattern.compile("\\s++|//[^\\n]*+|/[*](?s:.*?)[*]/");

  /**
   * One snippet of a cell, as JShell evaluates it: without leading space and comments, because
   * JShell counts the lines of some snippets from their first word.
   *
   * @param source the cell's text, with a semicolon where one may be left out
   * @param start where the text begins in the cell, in characters
   * @param end where it ends
   */
  record Piece(NotebookCell cell, String source, int start, int end) {
    /** Where a frame of a stack trace is: the cell, the line and its text. */
    String place(StackTraceElement frame) {
      int line = cell.lineAt(start) + frame.getLineNumber() - 1;
      String method = frame.getMethodName();
      boolean named = !method.isEmpty() && !method.startsWith("lambda$");
      String text = cell.text.lines().skip(line - 1).findFirst().orElse("").strip();
      return "Cell %d, line %d%s: %s"
          .formatted(cell.number, line, named ? " in " + method : "", text);
    }
  }

  /** The line (from 1) at an offset in characters. */
  private int lineAt(int offset) {
    return 1 + (int) text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  String place(int offset) {
    return "Cell %d, line %d".formatted(number, lineAt(offset));
  }

  /** The snippets in order; what cannot be parsed is one last snippet, for JShell to reject. */
  List<Piece> pieces(SourceCodeAnalysis analysis) {
    List<Piece> pieces = new ArrayList<>();
    Matcher skipped = SPACE_OR_COMMENT.matcher(text);
    for (int end, start = 0; ; start = end) {
      while (skipped.region(start, text.length()).lookingAt()) {
        start = skipped.end();
      }
      CompletionInfo info = analysis.analyzeCompletion(text.substring(start));
      if (info.completeness() == Completeness.EMPTY) {
        return pieces;
      }
      boolean whole = info.source() != null;
      end = text.length() - (whole ? info.remaining().length() : 0);
      String source = whole ? info.source() : text.substring(start);
      pieces.add(new Piece(this, source, start, end));
    }
  }
}
