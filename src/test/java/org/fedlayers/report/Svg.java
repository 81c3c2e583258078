package org.fedlayers.report;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a reader finds in a figure's SVG: its texts, and marks of a colour, with their places. */
record Svg(String source) {
  private static final Pattern TEXT =
      Pattern.compile(
          "<text [^>]*?(?:font-size:([\\d.]+)px;)[^>]* x=\"([-\\d.]+)\" y=\"([-\\d.]+)\"[^>]*>"
              + "([^<]*)</text>");
  private static final Pattern POINT = Pattern.compile("[ML]([-\\d.]+)[, ]([-\\d.]+)");

  record Text(String text, double x, double y, double size) {}

  /** The middle of a filled outline. */
  record Mark(double x, double y, double width, double height) {}

  private List<Text> placed() {
    List<Text> texts = new ArrayList<>();
    Matcher text = TEXT.matcher(source);
    while (text.find()) {
      texts.add(
          new Text(
              text.group(4).replace("&lt;", "<").replace("&amp;", "&"),
              Double.parseDouble(text.group(2)),
              Double.parseDouble(text.group(3)),
              Double.parseDouble(text.group(1))));
    }
    return texts;
  }

  List<String> texts() {
    return placed().stream().map(Text::text).toList();
  }

  Text text(String wanted) {
    return placed().stream().filter(text -> text.text().equals(wanted)).findFirst().orElseThrow();
  }

  private static final Pattern TURNED = Pattern.compile("(?s)<g transform=[^>]*>(.*?)</g>");

  /** What lies in each group that is read upwards. */
  List<String> turned() {
    return TURNED.matcher(source).results().map(group -> group.group(1)).toList();
  }

  /** Whether all of its level texts lie on the page. */
  boolean isWithin(Page page) {
    List<Text> level = new Svg(TURNED.matcher(source).replaceAll("")).placed();
    return !level.isEmpty()
        && level.stream()
            .allMatch(
                text ->
                    text.x() >= 0
                        && text.x() + Pen.width(text.text(), text.size()) <= page.width()
                        && text.y() > 0
                        && text.y() < page.height());
  }

  /** Polygons filled with the colour of a series: its markers, in the order of drawing. */
  List<Mark> marks(int series) {
    return shapes(
        "<path d=\"([^\"]*)\" style=\"fill:%s;stroke:none".formatted(Pattern.quote(rgb(series))));
  }

  /** Rectangles filled with the colour of a series. */
  List<Mark> boxes(int series) {
    List<Mark> boxes = new ArrayList<>();
    Matcher box =
        Pattern.compile(
                "<rect height=\"([\\d.]+)\" style=\"fill:%s;[^\"]*\" width=\"([\\d.]+)\" x=\"([\\d.]+)\" y=\"([\\d.]+)\""
                    .formatted(Pattern.quote(rgb(series))))
            .matcher(source);
    while (box.find()) {
      double width = Double.parseDouble(box.group(2));
      double height = Double.parseDouble(box.group(1));
      double left = Double.parseDouble(box.group(3));
      boxes.add(new Mark(left, Double.parseDouble(box.group(4)), width, height));
    }
    return boxes;
  }

  /** How many straight lines have a colour. */
  int lines(int series) {
    return source.split(Pattern.quote("stroke:" + rgb(series)), -1).length - 1;
  }

  private List<Mark> shapes(String pattern) {
    List<Mark> marks = new ArrayList<>();
    Matcher shape = Pattern.compile(pattern).matcher(source);
    while (shape.find()) {
      Matcher point = POINT.matcher(shape.group(1));
      double[] low = {Double.MAX_VALUE, Double.MAX_VALUE};
      double[] high = {0, 0};
      while (point.find()) {
        for (int i = 0; i < 2; i++) {
          low[i] = Math.min(low[i], Double.parseDouble(point.group(i + 1)));
          high[i] = Math.max(high[i], Double.parseDouble(point.group(i + 1)));
        }
      }
      marks.add(
          new Mark(
              (low[0] + high[0]) / 2, (low[1] + high[1]) / 2, high[0] - low[0], high[1] - low[1]));
    }
    return marks;
  }

  private static String rgb(int series) {
    var colour = Palette.colour(series);
    return "rgb(%d,%d,%d)".formatted(colour.getRed(), colour.getGreen(), colour.getBlue());
  }
}
