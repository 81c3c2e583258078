package org.fedlayers.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fedlayers.claims.Estimate;
import org.fedlayers.claims.Judgement;
import org.fedlayers.claims.Ledger;
import org.fedlayers.claims.Verdict;
import org.fedlayers.data.AtomicFile;

/**
 * The ledger of claims for people: a page of it all, a table for the README and one for a paper.
 */
public final class LedgerPage {
  private static final String INTRODUCTION =
      """
      # Claims

      Written by `fedlayers claims` from the CSV files of this folder; do not edit. A verdict rests on
      the 95 % interval of an effect over seeds: Student's t, differences taken seed by seed, the
      standard deviation pooled over cells of the same kind. Which effect, and within which margin,
      was written before the runs. An accuracy is the mean over the end of a run: its last ten scored
      rounds, and of a short run only those in its last third. Runs at quick scale are no evidence;
      *laptop* is real images with fewer rounds, clients or channels than published. *Inconclusive*
      means measured, but the interval does not tell; one seed has no interval and is a first figure.
      """;

  private LedgerPage() {}

  /** Writes {@code claims.md} and {@code claims.tex}, each as a whole. */
  public static void write(Path results, Ledger ledger) throws IOException {
    AtomicFile.write(results.resolve("claims.md"), page(ledger));
    AtomicFile.write(results.resolve("claims.tex"), brief(ledger).latex());
  }

  /** One line a claim. */
  public static TextTable overview(Ledger ledger) {
    List<List<String>> rows = new ArrayList<>();
    for (Ledger.Entry entry : ledger.entries()) {
      rows.add(
          List.of(
              entry.claim().id(),
              entry.claim().statement(),
              markedVerdict(entry),
              effect(entry.judgement().estimate()),
              seeds(entry)));
    }
    return new TextTable(
        "", List.of("claim", "statement", "verdict", "effect [95 %]", "seeds"), rows);
  }

  private static String page(Ledger ledger) {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    ledger.entries().stream()
        .map(entry -> entry.claim().paper())
        .distinct()
        .forEach(
            paper -> {
              page.append("\n## ").append(Papers.titleAndSource(paper)).append("\n\n");
              page.append(whole(ledger, paper).markdown());
            });
    return page.toString();
  }

  private static TextTable whole(Ledger ledger, String paper) {
    List<List<String>> rows = new ArrayList<>();
    for (Ledger.Entry entry : ledger.entries()) {
      if (entry.claim().paper().equals(paper)) {
        rows.add(
            List.of(
                entry.claim().id(),
                entry.claim().statement(),
                markedVerdict(entry),
                effect(entry.judgement().estimate()),
                seeds(entry),
                entry.claim().measure(),
                entry.claim().rule().words(),
                entry.judgement().evidence()));
      }
    }
    return new TextTable(
        "",
        List.of(
            "claim",
            "statement",
            "verdict",
            "effect [95 %]",
            "seeds",
            "what is measured",
            "how it is decided",
            "evidence"),
        rows);
  }

  /** Narrow enough for a column of a paper. */
  private static TextTable brief(Ledger ledger) {
    List<List<String>> rows = new ArrayList<>();
    for (Ledger.Entry entry : ledger.entries()) {
      rows.add(
          List.of(
              entry.claim().id(),
              verdict(entry),
              effect(entry.judgement().estimate()),
              seeds(entry)));
    }
    return new TextTable(
        "What came of every claim", List.of("claim", "verdict", "effect [95 %]", "seeds"), rows);
  }

  private static String markedVerdict(Ledger.Entry entry) {
    String plain = Verdict.REPRODUCED.text();
    return entry.judgement().verdict() == Verdict.REPRODUCED
        ? verdict(entry).replace(plain, "**" + plain + "**")
        : verdict(entry);
  }

  private static String verdict(Ledger.Entry entry) {
    Judgement judgement = entry.judgement();
    boolean first =
        judgement.verdict() == Verdict.INCONCLUSIVE && !judgement.estimate().hasInterval();
    return judgement.verdict().text()
        + (first ? ", first figure" : "")
        + (entry.scale().isEmpty() ? "" : " (" + entry.scale() + ")");
  }

  static String effect(Estimate estimate) {
    if (Double.isNaN(estimate.effect())) {
      return "";
    }
    String effect = number(estimate.effect());
    return estimate.hasInterval()
        ? "%s [%s, %s]".formatted(effect, number(estimate.low()), number(estimate.high()))
        : effect;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String seeds(Ledger.Entry entry) {
    return entry.scale().isEmpty() ? "" : String.valueOf(entry.judgement().estimate().seeds());
  }
}
