package org.fedlayers.kernel;

/** A Javadoc comment as plain text for a tooltip. */
final class JavadocText {
  private JavadocText() {}

  static String of(String javadoc) {
    return javadoc
        .replaceAll("\\{@(?:code|literal|link|linkplain|value)\\s+([^{}]*)}", "$1")
        .replaceAll("\\{@\\w+}", "")
        .replaceAll(
            "(?i)\\s*<(?:p|/p|br|ul|/ul|ol|/ol|pre|/pre|blockquote|/blockquote)\\s*/?>\\s*", "\n")
        .replaceAll("(?i)\\s*<li>\\s*", "\n- ")
        .replaceAll("</?[A-Za-z][^>]*>", "")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
        .replaceAll("(?m)^[ \t]+", "")
        .replaceAll("\n{2,}", "\n")
        .strip();
  }
}
