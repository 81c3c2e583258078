package org.fedlayers.report;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Rows;

/** A kind of figure with its data: the panels and their axes, their content, and a legend. */
abstract class Plot {
  final FigureSpec spec;
  final Context context;
  final Style style;
  final Estimates estimates;
  final List<String> order;
  final int columns;
  final List<Panel> panels = new ArrayList<>();
  final List<Key> keys = new ArrayList<>();
  private final List<Level> levels = new ArrayList<>();

  /** How to read the figure, such as what error bars are; may be empty. */
  String note = "";

  /** What error bars are: those of two points may overlap where their difference is clear. */
  String bars() {
    String own = "error bars: 95 % intervals by their own seeds";
    return estimates.contrast.axis() == null ? own + ", not of differences" : own;
  }

  /** An entry of the legend. */
  record Key(String label, double width, Sample sample) {}

  /** Draws to the right of a place, at half height. */
  interface Sample {
    void paint(Pen pen, double left, double middle);
  }

  /** A value to compare with. */
  private record Level(double at, Color colour, float[] dash) {}

  Plot(Rows rows, FigureSpec spec, Context context, Style style) {
    this.spec = spec;
    this.context = context;
    this.style = style;
    estimates = new Estimates(rows, spec);
    order = estimates.series();
    columns = columns(rows);
  }

  /**
   * In how many columns panels stand: those that differ in the last of several names in one row.
   */
  private int columns(Rows rows) {
    int panels = estimates.panels().size();
    List<String> by = Estimates.varying(spec.panel(), rows);
    int row = by.size() < 2 ? 1 : rows.by(by.get(by.size() - 1)).size();
    return row > 1 && row <= 3 && panels % row == 0 ? row : style.columns(panels);
  }

  static Plot of(Rows rows, FigureSpec spec, Context context, Style style) {
    return switch (spec.kind()) {
      case "curves" -> new LineChart(rows, spec, context, style);
      case "points" ->
          rows.hasNumbers(spec.x())
              ? new LineChart(rows, spec, context, style)
              : new RowChart(rows, spec, context, style);
      case "bars" -> new RowChart(rows, spec, context, style);
      case "heat" -> new HeatMap(rows, spec, context, style);
      default -> throw new UserError("a " + spec.kind() + " is no picture");
    };
  }

  /** Draws what belongs into the area of a panel. */
  abstract void paint(Pen pen, Panel panel);

  void addPanels(Function<String, Scale> x, Scale y, double height) {
    for (String title : estimates.panels()) {
      panels.add(new Panel(title, x.apply(title), y, height, style));
    }
  }

  Scale scale(String title, String which) {
    return new Scale(title, spec.log().contains(which), List.of());
  }

  /** Adds zero, chance and the margins of a claim where an axis of the measure shows them. */
  void addLevels(Scale axis) {
    axis.include(spec.isContrast() ? 0 : Double.NaN);
    double factor = estimates.quantity.factor();
    var margins = estimates.contrast.margins().stream().map(margin -> margin * factor).toList();
    addLevels("margin of the claim", axis, margins);
    double chance = context.chance() * factor;
    if (estimates.quantity.title().startsWith("Test accuracy") && axis.isNear(chance)) {
      addLevels("chance", axis, List.of(chance));
    }
    if (axis.min() < 0 && axis.max() > 0) {
      levels.add(new Level(0, Palette.INK, null));
    }
  }

  /** Levels that are one entry of the legend. */
  private void addLevels(String label, Scale axis, List<Double> at) {
    for (double one : at) {
      axis.include(one);
      levels.add(new Level(one, Palette.FAINT, Palette.dash(2)));
    }
    if (!at.isEmpty()) {
      Level last = levels.get(levels.size() - 1);
      double length = 2.4 * style.text;
      keys.add(new Key(label, length, (pen, x, y) -> pen(pen, last).line(x, y, x + length, y)));
    }
  }

  private Pen pen(Pen pen, Level level) {
    return pen.colour(level.colour).stroke(0.6 * style.line, level.dash);
  }

  void paintLevels(Pen pen, Panel panel, boolean upright) {
    for (Level level : levels) {
      double x = upright ? panel.x(level.at) : panel.left;
      double y = upright ? panel.top : panel.y(level.at);
      pen(pen, level).line(x, y, upright ? x : x + panel.width, upright ? y + panel.height : y);
    }
  }

  /** An error bar from one end to the other. */
  void whisker(Pen pen, double x1, double y1, double x2, double y2) {
    double across = y1 == y2 ? 0 : 0.45 * style.marker;
    double along = 0.45 * style.marker - across;
    pen.stroke(0.7 * style.line, null)
        .line(x1, y1, x2, y2)
        .line(x1 - across, y1 - along, x1 + across, y1 + along)
        .line(x2 - across, y2 - along, x2 + across, y2 + along);
  }
}
