package org.fedlayers.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The layout of a figure: panels side by side, a title above, and a legend below them all. */
final class Sheet {
  private final Plot plot;
  private final Style style;
  private final List<Panel> panels;
  private final int columns;
  private final double width;
  private final double margin;
  private final List<String> heading;
  private final List<String> context;

  private Sheet(String title, String context, Plot plot) {
    this.plot = plot;
    style = plot.style;
    panels = plot.panels;
    columns = plot.columns;
    width = style.width(panels.size());
    margin = 0.7 * style.text;
    heading = Pen.wrapped(title, 1.2 * style.text, width - 2 * margin);
    this.context = Pen.wrapped(context, style.small(), width - 2 * margin);
  }

  /**
   * A figure.
   *
   * @param title what is shown; {@link Style#PAPER} leaves it to the paper's caption
   */
  static Page of(String title, Plot plot) {
    var context = plot.context.text(plot.estimates) + (plot.note.isEmpty() ? "" : "; " + plot.note);
    Sheet sheet = new Sheet(plot.style == Style.WEB ? title : "", context, plot);
    double foot = sheet.layOut();
    double height = Math.ceil(sheet.legend(null, foot) + sheet.margin);
    return new Page(title, context, (int) sheet.width, (int) height, pen -> sheet.paint(pen, foot));
  }

  /**
   * Gives panels their places.
   *
   * @return where the last row ends
   */
  private double layOut() {
    double[] insets = new double[columns];
    for (int i = 0; i < panels.size(); i++) {
      double needed = isLabelled(i) ? panels.get(i).inset() : 0;
      insets[i % columns] = Math.max(insets[i % columns], needed);
    }
    double gap = 1.7 * style.text;
    double each = (width - 2 * margin - Arrays.stream(insets).sum()) / columns - gap;
    panels.forEach(panel -> panel.width = each);
    double top = below() + Pen.height(context.size(), style.small()) + 0.3 * style.text;
    for (int first = 0; first < panels.size(); first += columns) {
      List<Panel> row = panels.subList(first, Math.min(panels.size(), first + columns));
      top += largest(row, Panel::above);
      double left = margin;
      for (int i = 0; i < row.size(); i++) {
        row.get(i).left = left + insets[i];
        row.get(i).top = top;
        left += insets[i] + each + gap;
      }
      top += largest(row, panel -> panel.height + panel.below()) + 0.5 * style.text;
    }
    return top;
  }

  /** Whether a panel has labels of its own: the panel to the left has another vertical axis. */
  private boolean isLabelled(int panel) {
    return panel % columns == 0 || panels.get(panel).y != panels.get(panel - 1).y;
  }

  private static double largest(List<Panel> panels, ToDoubleFunction<Panel> length) {
    return panels.stream().mapToDouble(length).max().orElse(0);
  }

  /** The lower end of the heading. */
  private double below() {
    return margin + Pen.height(heading.size(), 1.2 * style.text);
  }

  /**
   * Draws entries in rows that fit.
   *
   * @param pen null to measure only
   * @return where the last row ends
   */
  private double legend(Pen pen, double top) {
    double x = margin;
    double middle = top + 0.8 * style.text;
    for (Plot.Key key : plot.keys) {
      double label = key.width() + 0.5 * style.text;
      double needed = label + Pen.width(key.label(), style.small());
      if (x > margin && x + needed > width - margin) {
        x = margin;
        middle += 1.55 * style.text;
      }
      if (pen != null) {
        key.sample().paint(pen, x, middle);
        pen.colour(Palette.INK)
            .text(key.label(), x + label, middle + 0.33 * style.text, style.small(), Pen.START);
      }
      x += needed + 1.5 * style.text;
    }
    return plot.keys.isEmpty() ? top : middle + 0.8 * style.text;
  }

  private void paint(Pen pen, double foot) {
    pen.colour(Palette.INK).lines(heading, margin, margin, 1.2 * style.text, Pen.START);
    pen.colour(Palette.FAINT).lines(context, margin, below(), style.small(), Pen.START);
    for (int i = 0; i < panels.size(); i++) {
      panels.get(i).frame(pen, isLabelled(i));
      plot.paint(pen, panels.get(i));
    }
    legend(pen, foot);
  }
}
