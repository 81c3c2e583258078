package org.fedlayers.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.options.UserError;

/**
 * A generated part of a page that is otherwise written by hand: what stands between {@code <!--
 * table:NAME -->} and the next {@code <!-- /table -->}.
 */
public final class MarkedBlock {
  private static final String END = "<!-- /table -->";

  private MarkedBlock() {}

  /**
   * Replaces what stands between the markers; a page that has no such markers is left alone, as is
   * one that is no file.
   *
   * @throws UserError if the block has no end
   */
  public static void replace(Path page, String name, String content) {
    try {
      String old = Files.isRegularFile(page) ? Files.readString(page) : "";
      String marker = "<!-- table:" + name + " -->";
      int start = old.indexOf(marker);
      int end = old.indexOf(END, start);
      int other = old.indexOf("<!-- table:", start + 1);
      if (start < 0) {
        return;
      }
      if (end < 0 || other >= 0 && other < end) {
        throw new UserError(
            "%s: expected the lines '%s' and '%s', to write between them"
                .formatted(page, marker, END));
      }
      // Markdown takes no table that touches a comment.
      String fresh =
          "%s%s\n\n%s\n\n%s"
              .formatted(old.substring(0, start), marker, content.strip(), old.substring(end));
      if (!fresh.equals(old)) {
        AtomicFile.write(page, fresh);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot rewrite " + page, e);
    }
  }
}
