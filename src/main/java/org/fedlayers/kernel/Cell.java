package org.fedlayers.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;

/**
 * A notebook cell: its number (Jupyter's execution count), its text, and the JShell snippets that
 * the text holds.
 */
record Cell(int number, String text) {
  /** Literals come first, so that what looks like a comment inside them is none. */
  private static final Pattern LITERAL_OR_COMMENT =
      Pattern.compile(
          """
          (?x) (?<literal> \"{3} (?s:.)*? \"{3} | "(?:\\\\.|[^"\\\\\\n])*" | '(?:\\\\.|[^'\\\\\\n])*' )
          | // [^\\n]* | /[*] (?s:.)*? [*]/""");

  /** Skipped, because JShell counts the lines of some snippets from their first word. */
  private static final Pattern LEADING_SPACE =
      Pattern.compile("(?:\\s|//[^\\n]*|/[*](?s:.)*?[*]/)*+");

  /**
   * One snippet of a cell.
   *
   * @param source what JShell evaluates: the cell's text, with a semicolon where one may be left
   *     out
   * @param start where the text begins in the cell, in characters
   * @param end where it ends
   */
  record Piece(Cell cell, String source, int start, int end) {
    /** The line of the cell (from 1) at an offset of this snippet, in characters. */
    int lineAt(int offset) {
      int at = Math.min(start + offset, cell.text.length());
      return 1 + (int) cell.text.substring(0, at).chars().filter(c -> c == '\n').count();
    }

    /** The line of the cell (from 1) for a line of this snippet (from 1). */
    int line(int snippetLine) {
      return lineAt(0) + snippetLine - 1;
    }

    /** Whether the author asked for no output by ending the expression with a semicolon. */
    boolean silent() {
      return LITERAL_OR_COMMENT
          .matcher(cell.text.substring(start, end))
          .replaceAll(m -> m.group(1) == null ? "" : "literal")
          .stripTrailing()
          .endsWith(";");
    }
  }

  List<String> lines() {
    return text.lines().toList();
  }

  /** The snippets in order; what cannot be parsed is one last snippet, for JShell to reject. */
  List<Piece> pieces(SourceCodeAnalysis analysis) {
    List<Piece> pieces = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      CompletionInfo info = analysis.analyzeCompletion(text.substring(start));
      String source = info.source();
      if (source == null) { // nothing complete is left
        String rest = text.substring(start);
        if (info.completeness() != SourceCodeAnalysis.Completeness.EMPTY) {
          pieces.add(new Piece(this, rest, start, text.length()));
        }
        break;
      }
      int end = text.length() - info.remaining().length();
      Matcher leading = LEADING_SPACE.matcher(source);
      int skipped = leading.lookingAt() ? leading.end() : 0;
      pieces.add(new Piece(this, source.substring(skipped), start + skipped, end));
      start = end;
    }
    return pieces;
  }
}
