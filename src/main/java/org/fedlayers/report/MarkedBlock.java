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
   * Replaces what stands between the markers; the page is left alone if that is so already.
   *
   * @throws UserError if the page has no such markers
   */
  public static void replace(Path page, String name, String content) {
    try {
      String old = Files.readString(page);
      String marker = "<!-- table:" + name + " -->";
      int start = old.indexOf(marker);
      int end = start < 0 ? -1 : old.indexOf(END, start);
      int other = start < 0 ? -1 : old.indexOf("<!-- table:", start + 1);
      if (end < 0 || other >= 0 && other < end) {
        throw new UserError(
            "%s: expected the lines '%s' and '%s', to write between them"
                .formatted(page, marker, END));
      }
      String fresh =
          old.substring(0, start + marker.length())
              + "\n\n" // Markdown takes no table that touches a comment
              + content.strip()
              + "\n\n"
              + old.substring(end);
      if (!fresh.equals(old)) {
        AtomicFile.write(page, fresh);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot rewrite " + page, e);
    }
  }

  /** Whether a page has a place for this table. */
  public static boolean in(Path page, String name) {
    try {
      return Files.isRegularFile(page)
          && Files.readString(page).contains("<!-- table:" + name + " -->");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + page, e);
    }
  }
}
