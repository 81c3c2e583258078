package org.fedlayers.options;

import java.util.regex.Pattern;

/**
 * Text from outside (names of files and of archive entries, lines of lists), made safe for a
 * terminal: characters that move the cursor, set colours or change the direction of reading are
 * written as numbers.
 */
public final class Printable {
  private static final Pattern HIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}&&[^\t]]");

  private Printable() {}

  /** The text in one line, with {@code <U+1b>} in place of an escape character. Tabs stay. */
  public static String of(String text) {
    return HIDDEN
        .matcher(text)
        .replaceAll(hidden -> "<U+" + Integer.toHexString(hidden.group().codePointAt(0)) + ">");
  }

  /** Whether {@link #of} would change the text. */
  public static boolean hides(String text) {
    return HIDDEN.matcher(text).find();
  }
}
