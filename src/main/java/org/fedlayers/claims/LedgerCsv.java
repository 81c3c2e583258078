package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.fedlayers.claims.Ledger.Entry;
import org.fedlayers.results.Csv;
import org.fedlayers.results.Interval;

/** The ledger as {@code claims.csv} holds it. */
final class LedgerCsv {
  private LedgerCsv() {}

  static String of(List<Entry> entries) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "claim,paper,scale,statement,measure,unit,effect,low,high,margin,seeds,verdict,evidence");
    for (Entry entry : entries) {
      Judgement judgement = entry.judgement();
      Interval interval = judgement.interval();
      lines.add(
          Csv.line(
              entry.claim().id(),
              entry.claim().paper(),
              entry.scale(),
              entry.claim().statement(),
              entry.claim().measure(),
              judgement.unit(),
              number(interval.mean()),
              number(interval.low()),
              number(interval.high()),
              number(judgement.margin()),
              interval.n(),
              judgement.verdict().text(),
              judgement.words()));
    }
    return String.join("\n", lines) + "\n";
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
  }
}
