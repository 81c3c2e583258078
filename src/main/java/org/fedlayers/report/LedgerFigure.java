package org.fedlayers.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.fedlayers.claims.Judgement;
import org.fedlayers.claims.Ledger;
import org.fedlayers.claims.Verdict;
import org.fedlayers.results.Interval;

/**
 * The ledger at a glance: every claim's effect with its interval, measured in the margin that was
 * fixed for it beforehand. A claim of more than nothing holds where the interval lies above 0, and
 * fails where it lies below 1; claims without an effect stand at the foot.
 */
public final class LedgerFigure {
  /** The kinds of mark, in the order of the legend and of colours. */
  private static final List<String> MARKS =
      List.of("inconclusive", "not reproduced", "reproduced", "one seed", "no effect to show");

  private LedgerFigure() {}

  /**
   * Draws {@code claims} as SVG and PNG beside the ledger.
   *
   * @return the files
   */
  public static List<Path> draw(Path results, Ledger ledger, Style style) {
    return Figures.write(results, "claims" + style.suffix, sheet(ledger, style));
  }

  /** The same without writing it. */
  public static Sheet sheet(Ledger ledger, Style style) {
    Map<String, List<Ledger.Entry>> byPaper =
        ledger.entries().stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.claim().paper(), LinkedHashMap::new, Collectors.toList()));
    List<XyPanel> panels = new ArrayList<>();
    byPaper.forEach(
        (paper, entries) -> panels.add(panel(style, byPaper.size(), Papers.title(paper), entries)));
    return new Sheet(
        "What came of every claim",
        context(ledger),
        panels.stream().map(XyPanel::chart).toList(),
        style);
  }

  private static XyPanel panel(Style style, int beside, String title, List<Ledger.Entry> entries) {
    XyPanel panel = new XyPanel(style, beside, title, "Claim", "Effect (in margins)", false, false);
    panel.name(entries.stream().map(entry -> entry.claim().id()).toList());
    panel.y.include(-1);
    panel.y.include(2);
    panel.rule("margin of the claim", 1);
    panel.zero();
    for (int mark = 0; mark + 1 < MARKS.size(); mark++) {
      add(panel, mark, entries, false);
    }
    add(panel, MARKS.size() - 1, entries, true);
    return panel;
  }

  private static void add(XyPanel panel, int mark, List<Ledger.Entry> entries, boolean atTheFoot) {
    List<Ledger.Entry> own =
        entries.stream().filter(entry -> mark(entry.judgement()) == mark).toList();
    if (own.isEmpty()) {
      return;
    }
    double foot = panel.y.min();
    panel.points(
        mark,
        MARKS.get(mark),
        own.stream().mapToDouble(entry -> entries.indexOf(entry) + 1).toArray(),
        own.stream().mapToDouble(e -> atTheFoot ? foot : effect(e.judgement())).toArray(),
        own.stream().mapToDouble(e -> half(e.judgement())).toArray(),
        false);
  }

  private static int mark(Judgement judgement) {
    Interval interval = judgement.interval();
    if (!(Math.abs(interval.mean() / judgement.margin()) < Double.POSITIVE_INFINITY)) {
      return MARKS.indexOf("no effect to show");
    }
    return MARKS.indexOf(interval.isKnown() ? judgement.verdict().text() : "one seed");
  }

  private static double effect(Judgement judgement) {
    return judgement.interval().mean() / judgement.margin();
  }

  private static double half(Judgement judgement) {
    Interval interval = judgement.interval();
    return Math.max(interval.high() - interval.mean(), interval.mean() - interval.low())
        / judgement.margin();
  }

  private static String context(Ledger ledger) {
    TreeSet<String> scales = new TreeSet<>();
    ledger.entries().stream()
        .map(Ledger.Entry::scale)
        .filter(scale -> !scale.isEmpty())
        .forEach(scales::add);
    Map<Verdict, Long> counts =
        ledger.entries().stream()
            .collect(
                Collectors.groupingBy(
                    entry -> entry.judgement().verdict(),
                    LinkedHashMap::new,
                    Collectors.counting()));
    String verdicts =
        List.of(Verdict.values()).stream()
            .filter(counts::containsKey)
            .map(verdict -> counts.get(verdict) + " " + verdict.text())
            .collect(Collectors.joining(", "));
    return (scales.isEmpty() ? "" : String.join(" and ", scales) + " scale; ")
        + verdicts
        + "; error bars: 95 % intervals, B5: range of paired turns";
  }
}
