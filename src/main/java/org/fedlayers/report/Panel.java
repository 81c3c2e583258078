package org.fedlayers.report;

import java.util.List;

/** One chart of a figure: an area between two axes with ticks and titles. */
final class Panel {
  final String title;
  final Scale x;
  final Scale y;
  final double height;
  double left;
  double top;
  double width;
  private final Style style;

  /**
   * @param height of the area, of which the sheet sets the other lengths
   */
  Panel(String title, Scale x, Scale y, double height, Style style) {
    this.title = title;
    this.x = x;
    this.y = y;
    this.height = height;
    this.style = style;
  }

  double x(double value) {
    return left + x.share(value) * width;
  }

  double y(double value) {
    return top + (1 - y.share(value)) * height;
  }

  private List<String> wrapped(String text, double room) {
    return Pen.wrapped(text, style.text, room);
  }

  private double lines(String text, double room) {
    return Pen.height(wrapped(text, room).size(), style.text);
  }

  private List<Double> rows() {
    return y.ticks(height / (style.text * (y.names.isEmpty() ? 2.4 : 1.15)));
  }

  /** The room that labels and title of the vertical axis need. */
  double inset() {
    List<String> labels = rows().stream().map(y::label).toList();
    return lines(y.title, height) + Pen.widest(labels, style.small()) + 0.8 * style.text;
  }

  double above() {
    return lines(title, width) + 0.5 * style.text;
  }

  double below() {
    return lines(x.title, width) + 2 * style.text;
  }

  /**
   * @param labelled whether the vertical axis has labels here, or a panel to the left has them
   */
  void frame(Pen pen, boolean labelled) {
    double text = style.text;
    double foot = top + height;
    double middle = left + width / 2;
    pen.colour(Palette.INK);
    pen.lines(wrapped(title, width), middle, top - above() + 0.2 * text, text, Pen.MIDDLE);
    pen.lines(wrapped(x.title, width), middle, foot + 1.75 * text, text, Pen.MIDDLE);
    double label = x.names.isEmpty() ? 2.6 * text : Pen.widest(x.names, style.small());
    for (double tick : x.ticks(width / (label + 0.7 * text))) {
      double at = x(tick);
      double end = x.names.isEmpty() ? top : foot;
      pen.colour(Palette.GRID).stroke(0.8, null).line(at, end, at, foot + 0.3 * text);
      pen.colour(Palette.INK)
          .text(x.label(tick), at, foot + 1.35 * text, style.small(), Pen.MIDDLE);
    }
    for (double tick : rows()) {
      double at = y(tick);
      double end = y.names.isEmpty() ? left + width : left;
      pen.colour(Palette.GRID).stroke(0.8, null).line(left - 0.3 * text, at, end, at);
      if (labelled) {
        pen.colour(Palette.INK)
            .text(y.label(tick), left - 0.5 * text, at + 0.33 * text, style.small(), Pen.END);
      }
    }
    if (labelled) {
      double at = left - inset() + text;
      for (String line : wrapped(y.title, height)) {
        pen.upward(line, at, top + height / 2, text);
        at += Pen.height(1, text);
      }
    }
    pen.colour(Palette.FAINT).stroke(0.9, null);
    pen.line(left, top, left, foot).line(left, foot, left + width, foot);
  }
}
