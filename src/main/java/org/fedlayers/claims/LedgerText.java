package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.fedlayers.claims.Ledger.Entry;

/** The ledger as files show it. */
final class LedgerText {
  private static final Map<String, String> TITLES =
      Map.of(
          "divergence", "Divergence accumulation (arXiv 2306.02701)",
          "fixbn", "FixBN (arXiv 2303.06530)",
          "man", "MAN (arXiv 2512.08314)",
          "together", "The three papers together: questions of ours");

  private static final String INTRODUCTION =
      """
      # Claims

      Written by `fedlayers claims` from the CSV files of this folder; do not edit. A verdict rests on
      the 95 % interval of an effect over seeds: Student's t, differences taken seed by seed, the
      standard deviation pooled over cells of the same kind. Which effect, and within which margin,
      was written before the runs. An accuracy is the mean over the end of a run: its last ten scored
      rounds, and of a short run only those in its last third. Runs at quick scale are no evidence; *laptop* is real images with
      fewer rounds, clients or channels than published. *Inconclusive* means measured, but the
      interval does not tell; one seed has no interval and is a first figure.
      """;

  private LedgerText() {}

  static String csv(List<Entry> entries) {
    StringBuilder csv =
        new StringBuilder(
            "claim,paper,scale,statement,measure,effect,low,high,seeds,verdict,evidence\n");
    for (Entry entry : entries) {
      Estimate estimate = entry.judgement().estimate();
      StringJoiner line = new StringJoiner(",", "", "\n");
      line.add(entry.claim().id());
      line.add(entry.claim().paper());
      line.add(entry.scale());
      line.add(quoted(entry.claim().statement()));
      line.add(quoted(entry.claim().measure()));
      line.add(number(estimate.effect(), 4));
      line.add(number(estimate.low(), 4));
      line.add(number(estimate.high(), 4));
      line.add(String.valueOf(estimate.seeds()));
      line.add(entry.judgement().verdict().text());
      line.add(quoted(entry.judgement().evidence()));
      csv.append(line);
    }
    return csv.toString();
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  static String markdown(List<Entry> entries) {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (String paper : papers(entries)) {
      page.append("\n## ").append(TITLES.getOrDefault(paper, paper)).append("\n\n");
      page.append("| claim | statement | verdict | effect [95 %] | seeds | what is measured |");
      page.append(" how it is decided | evidence |\n|---|---|---|---|---|---|---|---|\n");
      for (Entry entry : of(paper, entries)) {
        page.append(
            row(
                entry.claim().id(),
                entry.claim().statement(),
                verdict(entry),
                effect(entry.judgement().estimate()),
                seeds(entry),
                entry.claim().measure(),
                entry.claim().rule().words(),
                entry.judgement().evidence()));
      }
    }
    return page.toString();
  }

  static String overview(List<Entry> entries) {
    StringBuilder table =
        new StringBuilder("| claim | statement | verdict | effect [95 %] | seeds |\n");
    table.append("|---|---|---|---|---|\n");
    for (Entry entry : entries) {
      table.append(
          row(
              entry.claim().id(),
              entry.claim().statement(),
              verdict(entry),
              effect(entry.judgement().estimate()),
              seeds(entry)));
    }
    return table.toString();
  }

  private static List<String> papers(List<Entry> entries) {
    return entries.stream().map(entry -> entry.claim().paper()).distinct().toList();
  }

  private static List<Entry> of(String paper, List<Entry> entries) {
    return entries.stream().filter(entry -> entry.claim().paper().equals(paper)).toList();
  }

  private static String row(String... fields) {
    List<String> escaped = new ArrayList<>();
    for (String field : fields) {
      escaped.add(field.replace("|", "\\|").replace('\n', ' '));
    }
    return "| " + String.join(" | ", escaped) + " |\n";
  }

  private static String verdict(Entry entry) {
    Judgement judgement = entry.judgement();
    String text = judgement.verdict().text();
    boolean first =
        judgement.verdict() == Verdict.INCONCLUSIVE && !judgement.estimate().hasInterval();
    String said = judgement.verdict() == Verdict.REPRODUCED ? "**" + text + "**" : text;
    return said
        + (first ? ", first figure" : "")
        + (entry.scale().isEmpty() ? "" : " (" + entry.scale() + ")");
  }

  private static String effect(Estimate estimate) {
    if (Double.isNaN(estimate.effect())) {
      return "";
    }
    return number(estimate.effect(), 2)
        + (estimate.hasInterval()
            ? " [%s, %s]".formatted(number(estimate.low(), 2), number(estimate.high(), 2))
            : "");
  }

  private static String seeds(Entry entry) {
    return entry.scale().isEmpty() ? "" : String.valueOf(entry.judgement().estimate().seeds());
  }

  private static String number(double value, int decimals) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
