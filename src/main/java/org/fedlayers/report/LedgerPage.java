package org.fedlayers.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fedlayers.claims.Judgement;
import org.fedlayers.claims.Ledger;
import org.fedlayers.claims.Verdict;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.results.Interval;

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

  /** A column of a table of claims: its name, and what it says of one. */
  private enum Column {
    CLAIM("claim", entry -> entry.claim().id()),
    STATEMENT("statement", entry -> entry.claim().statement()),
    VERDICT("verdict", LedgerPage::verdict),
    MARKED_VERDICT("verdict", LedgerPage::markedVerdict),
    EFFECT("effect [95 %]", entry -> effect(entry.judgement().interval())),
    SEEDS("seeds", LedgerPage::seeds),
    MEASURE("what is measured", entry -> entry.claim().measure()),
    RULE("how it is decided", entry -> entry.claim().rule().words()),
    EVIDENCE("evidence", entry -> entry.judgement().evidence());

    private final String title;
    private final Function<Ledger.Entry, String> text;

    Column(String title, Function<Ledger.Entry, String> text) {
      this.title = title;
      this.text = text;
    }
  }

  private static final List<Column> OVERVIEW =
      List.of(Column.CLAIM, Column.STATEMENT, Column.MARKED_VERDICT, Column.EFFECT, Column.SEEDS);
  private static final List<Column> WHOLE =
      Stream.concat(OVERVIEW.stream(), Stream.of(Column.MEASURE, Column.RULE, Column.EVIDENCE))
          .toList();

  /** Narrow enough for a column of a paper. */
  private static final List<Column> BRIEF =
      List.of(Column.CLAIM, Column.VERDICT, Column.EFFECT, Column.SEEDS);

  private LedgerPage() {}

  /** Writes {@code claims.md} and {@code claims.tex}, each as a whole. */
  public static void write(Path results, Ledger ledger) throws IOException {
    AtomicFile.write(results.resolve("claims.md"), page(ledger));
    AtomicFile.write(
        results.resolve("claims.tex"),
        table("What came of every claim", ledger.entries(), BRIEF).latex());
  }

  /** One line a claim. */
  public static TextTable overview(Ledger ledger) {
    return table("", ledger.entries(), OVERVIEW);
  }

  private static String page(Ledger ledger) {
    Map<String, List<Ledger.Entry>> papers = new LinkedHashMap<>();
    for (Ledger.Entry entry : ledger.entries()) {
      papers.computeIfAbsent(entry.claim().paper(), none -> new ArrayList<>()).add(entry);
    }
    StringBuilder page = new StringBuilder(INTRODUCTION);
    papers.forEach(
        (paper, entries) -> {
          page.append("\n## ").append(Papers.titleAndSource(paper)).append("\n\n");
          page.append(table("", entries, WHOLE).markdown());
        });
    return page.toString();
  }

  private static TextTable table(String caption, List<Ledger.Entry> entries, List<Column> columns) {
    return new TextTable(
        caption,
        columns.stream().map(column -> column.title).toList(),
        entries.stream()
            .map(entry -> columns.stream().map(column -> column.text.apply(entry)).toList())
            .toList());
  }

  private static String markedVerdict(Ledger.Entry entry) {
    String plain = Verdict.REPRODUCED.text();
    return entry.judgement().verdict() == Verdict.REPRODUCED
        ? verdict(entry).replace(plain, "**" + plain + "**")
        : verdict(entry);
  }

  private static String verdict(Ledger.Entry entry) {
    Judgement judgement = entry.judgement();
    boolean first = judgement.verdict() == Verdict.INCONCLUSIVE && !judgement.interval().isKnown();
    return judgement.verdict().text()
        + (first ? ", first figure" : "")
        + (entry.scale().isEmpty() ? "" : " (" + entry.scale() + ")");
  }

  static String effect(Interval interval) {
    if (Double.isNaN(interval.mean())) {
      return "";
    }
    String effect = number(interval.mean());
    return interval.isKnown()
        ? "%s [%s, %s]".formatted(effect, number(interval.low()), number(interval.high()))
        : effect;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private static String seeds(Ledger.Entry entry) {
    return entry.scale().isEmpty() ? "" : String.valueOf(entry.judgement().interval().n());
  }
}
