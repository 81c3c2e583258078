package org.fedlayers.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.claims.Judgement;
import org.fedlayers.claims.Ledger;
import org.fedlayers.claims.Verdict;
import org.fedlayers.results.Interval;

/**
 * The table of claims at a glance: one row for each claim that has a verdict from an effect, with
 * its statement, its interval on a scale of its own, and the numbers in their unit. On each row the
 * line is at 0, the grey band is what is too small to matter, and right supports the statement.
 */
public final class LedgerFigure implements Page {
  private static final double WORDS = 430;
  private static final double SCALE = 220;
  private static final double NUMBERS = 300;
  private final String context;
  private final List<Ledger.Entry> entries;
  private final double text;
  private final double margin;

  LedgerFigure(Ledger ledger, Style style) {
    context =
        LedgerPage.counts(ledger)
            + ". Each row has a scale of its own: the line is at 0, effects in the"
            + " grey band are too small to matter, right supports the statement";
    entries =
        ledger.entries().stream()
            .filter(entry -> entry.judgement().interval().isKnown())
            .filter(entry -> entry.judgement().margin() > 0)
            .toList();
    text = style.text;
    margin = text;
  }

  /**
   * Draws {@code claims} as SVG and PNG beside the table.
   *
   * @return the files
   */
  public static List<Path> draw(Path results, Ledger ledger, Style style) {
    return Figures.write(results, "claims" + style.suffix, new LedgerFigure(ledger, style));
  }

  @Override
  public String title() {
    return "What came of the claims";
  }

  @Override
  public String context() {
    return context;
  }

  @Override
  public int width() {
    return (int) (2 * margin + WORDS + SCALE + NUMBERS);
  }

  @Override
  public int height() {
    return (int) Math.ceil(top() + entries.size() * row() + margin);
  }

  private double row() {
    return text * 3.2;
  }

  private double top() {
    return 2 * margin + heading().height() + subheading().height();
  }

  private Lettering heading() {
    return new Lettering(title(), text * 1.2, width());
  }

  private Lettering subheading() {
    return new Lettering(context, text * 0.92, width() - 2 * margin);
  }

  @Override
  public void paint(Graphics2D g) {
    g.setColor(Color.WHITE);
    g.fill(new Rectangle2D.Double(0, 0, width(), height()));
    heading().paint(g, margin, margin, Palette.INK);
    subheading().paint(g, margin, margin + heading().height(), Palette.FAINT);
    for (int i = 0; i < entries.size(); i++) {
      paint(g, entries.get(i), top() + i * row());
    }
  }

  private void paint(Graphics2D g, Ledger.Entry entry, double y) {
    Judgement judgement = entry.judgement();
    new Lettering(entry.claim().id(), text, WORDS).paint(g, margin, y, Palette.INK);
    new Lettering(entry.claim().statement(), text * 0.85, WORDS - 5 * text)
        .paint(g, margin + 3.5 * text, y, Palette.INK);
    interval(g, entry, margin + WORDS, y + text * 0.8);
    double right = margin + WORDS + SCALE + 1.5 * text;
    new Lettering(judgement.verdict().text(), text * 0.85, NUMBERS)
        .paint(g, right, y, colour(judgement.verdict()));
    new Lettering(judgement.effect(), text * 0.85, NUMBERS - 2 * text)
        .paint(g, right, y + text * 1.15, Palette.INK);
  }

  private void interval(Graphics2D g, Ledger.Entry entry, double left, double y) {
    Judgement judgement = entry.judgement();
    List<Integer> small = entry.claim().rule().decision().small();
    Interval effect = judgement.interval();
    Range range = new Range(false);
    for (double shown :
        new double[] {-judgement.margin(), judgement.margin(), effect.low(), effect.high()}) {
      range.include(shown);
    }
    double zero = x(range, 0, left);
    double from = x(range, small.get(0) * judgement.margin(), left);
    double band = x(range, small.get(1) * judgement.margin(), left) - from;
    g.setColor(Palette.GRID);
    g.fill(new Rectangle2D.Double(from, y - text * 0.7, band, text * 1.4));
    g.setStroke(Palette.solid(1));
    g.setColor(Palette.INK);
    g.draw(new Line2D.Double(zero, y - text * 0.7, zero, y + text * 0.7));
    g.setColor(colour(judgement.verdict()));
    g.setStroke(Palette.solid(2));
    g.draw(new Line2D.Double(x(range, effect.low(), left), y, x(range, effect.high(), left), y));
    double dot = text * 0.6;
    double middle = x(range, effect.mean(), left);
    g.fill(new Ellipse2D.Double(middle - dot / 2, y - dot / 2, dot, dot));
  }

  private static double x(Range range, double value, double left) {
    return left + SCALE * (value - range.min()) / (range.max() - range.min());
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
