package org.fedlayers.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.options.UserError;

/**
 * A generated part of a page that is otherwise written by hand: the text between {@code <!--
 * table:NAME -->} and the next {@code <!-- /table -->}.
 */
public final class MarkedBlock {
  private static final String END = "<!-- /table -->";

  private MarkedBlock() {}

  /**
   * Replaces the text between the markers; a page without these markers, or that is no file, is
   * left alone.
   *
   * @throws UserError if the block has no end
   */
  public static void replace(Path page, String name, String content) {
    String start = "<!-- table:" + name + " -->";
    try {
      String old = Files.isRegularFile(page) ? Files.readString(page) : "";
      Pattern inside = Pattern.compile("(?s)(?<=" + Pattern.quote(start) + ").*?(?=<!-- /?table)");
      Matcher block = inside.matcher(old);
      if (old.contains(start) && !(block.find() && old.startsWith(END, block.end()))) {
        throw new UserError(
            "%s: expected the lines '%s' and '%s', to write between them"
                .formatted(page, start, END));
      }
      // Markdown takes no table that touches a comment.
      String fresh =
          block.reset().replaceFirst(Matcher.quoteReplacement("\n\n" + content.strip() + "\n\n"));
      if (!fresh.equals(old)) {
        AtomicFile.write(page, fresh);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot rewrite " + page, e);
    }
  }
}
