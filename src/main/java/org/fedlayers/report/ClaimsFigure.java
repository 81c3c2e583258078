package org.fedlayers.report;

import java.awt.Color;
import java.nio.file.Path;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.claims.Judgement;
import org.fedlayers.claims.Verdict;
import org.fedlayers.results.Interval;

/**
 * The table of claims at a glance: one row for each claim that has a verdict from an effect, with
 * its statement, its interval on a scale of its own, and the numbers in their unit. On each row the
 * line is at 0, the grey band is what is too small to matter, and right supports the statement.
 */
public final class ClaimsFigure {
  private static final double WORDS = 430;
  private static final double SCALE = 220;
  private static final double NUMBERS = 300;
  private static final double TEXT = Style.WEB.text;
  private static final double SMALL = 0.85 * TEXT;
  private static final double WIDTH = WORDS + SCALE + NUMBERS + 2 * TEXT;

  private ClaimsFigure() {}

  /**
   * Draws {@code claims} as SVG and PNG beside the table.
   *
   * @return the files
   */
  public static List<Path> draw(Path results, ClaimsTable verdicts) {
    return of(verdicts).write(results, "claims", Style.WEB);
  }

  static Page of(ClaimsTable verdicts) {
    String context =
        ClaimsPage.counts(verdicts)
            + ". Those with an interval are drawn, each on a scale of its own: the line is at 0,"
            + " effects in the grey band are too small to matter, a dashed line is the size that was"
            + " claimed. Right supports the statement; where the band lies on both sides, it says"
            + " that there is no difference, and inside the band supports it."
            + " Of several cells the weakest is drawn; it refutes a claim about all of them only"
            + " if it does so corrected for their number";
    String title = "What came of the claims";
    List<String> below = Pen.wrapped(context, 0.92 * TEXT, WIDTH - 2 * TEXT);
    double start = TEXT + Pen.height(1, 1.2 * TEXT);
    double top = start + Pen.height(below.size(), 0.92 * TEXT) + TEXT;
    List<ClaimsTable.Entry> entries =
        verdicts.entries().stream()
            .filter(entry -> entry.judgement().interval().isKnown())
            .filter(entry -> entry.judgement().margin() > 0)
            .toList();
    double row = 3.2 * TEXT;
    int height = (int) Math.ceil(top + entries.size() * row + TEXT);
    return new Page(
        title,
        context,
        (int) WIDTH,
        height,
        pen -> {
          pen.colour(Palette.INK).text(title, TEXT, 2.2 * TEXT, 1.2 * TEXT, Pen.START);
          pen.colour(Palette.FAINT).lines(below, TEXT, start, 0.92 * TEXT, Pen.START);
          for (int i = 0; i < entries.size(); i++) {
            paint(pen, entries.get(i), top + i * row);
          }
        });
  }

  private static void paint(Pen pen, ClaimsTable.Entry entry, double y) {
    Judgement judgement = entry.judgement();
    double right = WORDS + SCALE + 2.5 * TEXT;
    List<String> statement = Pen.wrapped(entry.claim().statement(), SMALL, WORDS - 5 * TEXT);
    pen.colour(Palette.INK)
        .text(entry.claim().id(), TEXT, y + SMALL, TEXT, Pen.START)
        .lines(statement, 4.5 * TEXT, y, SMALL, Pen.START)
        .text(judgement.effect(), right, y + 2.35 * SMALL, SMALL, Pen.START);
    pen.colour(colour(judgement.verdict()))
        .text(judgement.verdict().text(), right, y + SMALL, SMALL, Pen.START);
    List<Integer> band = entry.claim().rule().decision().small();
    Interval effect = judgement.interval();
    double margin = judgement.margin();
    Scale scale = new Scale("", false, List.of());
    double claimed = entry.claim().rule().decision().claimed();
    scale.include(-margin, margin, effect.low(), effect.high(), claimed);
    DoubleUnaryOperator x = value -> TEXT + WORDS + SCALE * scale.share(value);
    double from = x.applyAsDouble(band.get(0) * margin);
    double to = x.applyAsDouble(band.get(1) * margin);
    double zero = x.applyAsDouble(0);
    double middle = y + 0.8 * TEXT;
    double above = middle - 0.7 * TEXT;
    pen.colour(Palette.GRID).box(from, above, to - from, 1.4 * TEXT);
    pen.colour(Palette.INK).stroke(1, null).line(zero, above, zero, above + 1.4 * TEXT);
    if (claimed > margin) {
      double at = x.applyAsDouble(claimed);
      pen.stroke(1, Palette.dash(2)).line(at, above, at, above + 1.4 * TEXT);
    }
    pen.colour(colour(judgement.verdict()))
        .stroke(2, null)
        .line(x.applyAsDouble(effect.low()), middle, x.applyAsDouble(effect.high()), middle)
        .marker(0, x.applyAsDouble(effect.mean()), middle, 0.6 * TEXT);
  }

  private static Color colour(Verdict verdict) {
    return switch (verdict) {
      case REPRODUCED -> Palette.colour(2);
      case WEAKER_THAN_CLAIMED -> Palette.colour(0);
      case NOT_REPRODUCED, OPPOSITE -> Palette.colour(1);
      default -> Palette.FAINT;
    };
  }
}
