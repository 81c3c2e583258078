package org.fedlayers.claims;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.fedlayers.claims.Ledger.Entry;
import org.fedlayers.results.Interval;

/** The ledger as {@code claims.csv} holds it. */
final class LedgerCsv {
  private LedgerCsv() {}

  static String of(List<Entry> entries) {
    StringBuilder csv =
        new StringBuilder(
            "claim,paper,scale,statement,measure,effect,low,high,seeds,verdict,evidence\n");
    for (Entry entry : entries) {
      Interval interval = entry.judgement().interval();
      StringJoiner line = new StringJoiner(",", "", "\n");
      line.add(entry.claim().id());
      line.add(entry.claim().paper());
      line.add(entry.scale());
      line.add(quoted(entry.claim().statement()));
      line.add(quoted(entry.claim().measure()));
      line.add(number(interval.mean()));
      line.add(number(interval.low()));
      line.add(number(interval.high()));
      line.add(String.valueOf(interval.n()));
      line.add(entry.judgement().verdict().text());
      line.add(quoted(entry.judgement().evidence()));
      csv.append(line);
    }
    return csv.toString();
  }

  private static String quoted(String text) {
    return text.matches("[^,\"\n\r]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String number(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
  }
}
