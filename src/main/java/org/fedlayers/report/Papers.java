package org.fedlayers.report;

import java.util.Map;

/** The papers as headings name them. */
final class Papers {
  private record Paper(String title, String source) {}

  private static final Map<String, Paper> KNOWN =
      Map.of(
          "divergence", new Paper("Divergence accumulation", "arXiv 2306.02701"),
          "fixbn", new Paper("FixBN", "arXiv 2303.06530"),
          "man", new Paper("MAN", "arXiv 2512.08314"),
          "together", new Paper("The three papers together", "questions of ours"));

  private Papers() {}

  /**
   * @param paper as in the path of an experiment
   */
  static String title(String paper) {
    return KNOWN.containsKey(paper) ? KNOWN.get(paper).title() : paper;
  }

  static String titleAndSource(String paper) {
    return KNOWN.containsKey(paper) ? title(paper) + " (" + KNOWN.get(paper).source() + ")" : paper;
  }
}
