package org.fedlayers.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Documentation;
import jdk.jshell.SourceCodeAnalysis.Suggestion;

/**
 * Completion, tooltips and the check for complete code. Jupyter counts characters as Unicode code
 * points, Java as UTF-16 units.
 */
record Assistant(SourceCodeAnalysis analysis) {
  /** What may stand at the cursor, of the expected type first. */
  Map<String, Object> complete(String code, int cursor) {
    int end = offset(code, cursor);
    int start = end;
    List<Suggestion> found = List.of();
    for (String context : contexts(code.substring(0, end))) {
      if (found.isEmpty()) {
        int[] anchor = {context.length()};
        found = analysis.completionSuggestions(context, context.length(), anchor);
        start = end - (found.isEmpty() ? 0 : context.length() - anchor[0]);
      }
    }
    return Map.of(
        "status", "ok",
        "matches",
            found.stream()
                .sorted(Comparator.comparing(suggestion -> !suggestion.matchesType()))
                .map(Suggestion::continuation)
                .distinct()
                .toList(),
        "cursor_start", code.codePointCount(0, start),
        "cursor_end", code.codePointCount(0, end),
        "metadata", Map.of());
  }

  private static int offset(String code, int cursor) {
    int last = code.codePointCount(0, code.length());
    return code.offsetByCodePoints(0, Math.max(0, Math.min(cursor, last)));
  }

  /** The signatures of what stands at the cursor. */
  Map<String, Object> inspect(String code, int cursor) {
    int end = offset(code, cursor);
    while (end < code.length() && Character.isJavaIdentifierPart(code.charAt(end))) {
      end++;
    }
    end += code.startsWith("(", end) ? 1 : 0; // JShell knows a method where its arguments begin
    String text = "";
    for (String context : contexts(code.substring(0, end))) {
      if (text.isEmpty()) {
        text =
            analysis.documentation(context, context.length(), false).stream()
                .map(Documentation::signature)
                .distinct()
                .collect(Collectors.joining("\n"));
      }
    }
    Map<String, String> data = text.isEmpty() ? Map.of() : Map.of("text/plain", text);
    return Map.of("status", "ok", "found", !text.isEmpty(), "data", data, "metadata", Map.of());
  }

  /**
   * JShell looks at one snippet at a time, a cell holds many: first everything before the cursor as
   * one body, with imports blanked, so that variables of earlier lines count; then only the last
   * snippet, for cells that declare methods and classes.
   */
  private List<String> contexts(String code) {
    StringBuilder body = new StringBuilder(code);
    int last = 0;
    for (NotebookCell.Piece piece : new NotebookCell(0, code).pieces(analysis)) {
      last = piece.start();
      if (piece.source().startsWith("import ") && piece.end() < code.length()) {
        body.replace(last, piece.end(), " ".repeat(piece.end() - last));
      }
    }
    return List.of(body.toString(), code.substring(last));
  }

  /** Whether a console should run the code or wait for more of it. */
  Map<String, Object> isComplete(String code) {
    String rest = code;
    Completeness state = Completeness.EMPTY;
    while (!rest.isBlank()) {
      CompletionInfo info = analysis.analyzeCompletion(rest);
      state = info.completeness();
      rest = state.isComplete() && info.source() != null ? info.remaining() : "";
    }
    boolean complete = state.isComplete() || state == Completeness.EMPTY;
    String status = complete ? "complete" : "incomplete";
    if (state == Completeness.UNKNOWN) { // JShell holds it for complete, so as to report the error
      status = "invalid";
    }
    return Map.of("status", status, "indent", "  ");
  }
}
