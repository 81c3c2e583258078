package org.fedlayers.kernel;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/** What an author is told while typing: completions, signatures with Javadoc, and completeness. */
final class CodeAssistant {
  /**
   * @param replacements what may stand between start and the cursor
   * @param start offset in the cell, in characters
   */
  record Completion(List<String> replacements, int start) {}

  private final SourceCodeAnalysis analysis;
  private final SourceComments comments;

  CodeAssistant(SourceCodeAnalysis analysis, SourceComments comments) {
    this.analysis = analysis;
    this.comments = comments;
  }

  /** Completions at a cursor, those of the expected type first. */
  Completion complete(String code, int cursor) {
    for (String context : contexts(code.substring(0, cursor))) {
      int[] anchor = {cursor};
      List<Suggestion> found = analysis.completionSuggestions(context, context.length(), anchor);
      if (!found.isEmpty()) {
        List<String> replacements =
            Stream.concat(
                    found.stream().filter(Suggestion::matchesType),
                    found.stream().filter(s -> !s.matchesType()))
                .map(Suggestion::continuation)
                .distinct()
                .toList();
        return new Completion(replacements, anchor[0] + cursor - context.length());
      }
    }
    return new Completion(List.of(), cursor);
  }

  /** Signatures and Javadoc of what stands at the cursor; empty if there is nothing to tell. */
  String inspect(String code, int cursor) {
    int end = cursor;
    while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
      end++;
    }
    if (end < code.length() && code.charAt(end) == '(') {
      end++; // JShell documents a method where its arguments begin
    }
    for (String context : contexts(code.substring(0, end))) {
      List<Documentation> found = analysis.documentation(context, context.length(), true);
      if (!found.isEmpty()) {
        return found.stream().map(this::text).distinct().collect(Collectors.joining("\n\n"));
      }
    }
    return "";
  }

  private String text(Documentation documentation) {
    String javadoc = documentation.javadoc();
    if (javadoc == null || javadoc.isBlank()) {
      javadoc = comments.of(documentation.signature()).orElse("");
    }
    return (documentation.signature() + "\n" + JavadocText.of(javadoc)).strip();
  }

  /**
   * JShell looks at one snippet at a time, a cell holds many: first everything before the cursor as
   * one body, with imports blanked, so that variables of earlier lines count; then only the last
   * snippet, for cells that declare methods and classes.
   */
  private List<String> contexts(String code) {
    int last = 0;
    StringBuilder body = new StringBuilder(code);
    for (Cell.Piece piece : new Cell(0, code).pieces(analysis)) {
      last = piece.start();
      if (code.substring(piece.start(), piece.end()).strip().startsWith("import ")
          && piece.end() < code.length()) {
        for (int i = piece.start(); i < piece.end(); i++) {
          body.setCharAt(i, ' ');
        }
      }
    }
    return List.of(body.toString(), code.substring(last));
  }

  /**
   * Whether a console should run the code or wait for more of it.
   *
   * @return {@code complete}, {@code invalid}, or {@code incomplete}
   */
  Completeness completeness(String code) {
    String rest = code;
    Completeness state = Completeness.EMPTY;
    while (!rest.isBlank()) {
      SourceCodeAnalysis.CompletionInfo info = analysis.analyzeCompletion(rest);
      state = info.completeness();
      if (!state.isComplete() || info.source() == null) {
        break;
      }
      rest = info.remaining();
    }
    return state;
  }
}
