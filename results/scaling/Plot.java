import java.awt.BasicStroke;
import java.awt.Color;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;

/** Draws scaling.csv: seconds a round against clients, a colour for each engine, dashes for a model. */
class Plot {
  /** Okabe and Ito's, which the colour-blind can tell apart. */
  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072b2), new Color(0x56b4e9), new Color(0xd55e00), new Color(0xe69f00));

  public static void main(String[] arguments) throws Exception {
    Path csv = Path.of(arguments[0]);
    Map<String, List<double[]>> lines = new LinkedHashMap<>();
    for (String row : Files.readAllLines(csv).stream().skip(1).toList()) {
      String[] fields = row.split(",");
      lines
          .computeIfAbsent(fields[0] + ", " + fields[2], name -> new ArrayList<>())
          .add(new double[] {Double.parseDouble(fields[1]), Double.parseDouble(fields[3])});
    }
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(500)
            .title("What a round takes when clients take one small step")
            .xAxisTitle("clients a round")
            .yAxisTitle("seconds a round")
            .build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    List<String> names = List.copyOf(lines.keySet());
    List<String> models = names.stream().map(name -> name.split(",")[0]).distinct().toList();
    List<String> engines = names.stream().map(name -> name.split(", ")[1]).distinct().toList();
    lines.forEach(
        (name, points) -> {
          Color colour = COLOURS.get(engines.indexOf(name.split(", ")[1]) % COLOURS.size());
          float[] dashes = models.indexOf(name.split(",")[0]) % 2 == 0 ? null : new float[] {8, 4};
          XYSeries series =
              chart.addSeries(
                  name,
                  points.stream().mapToDouble(point -> point[0]).toArray(),
                  points.stream().mapToDouble(point -> Math.max(1e-3, point[1])).toArray());
          series.setMarkerColor(colour).setLineColor(colour);
          series.setLineStyle(
              new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dashes, 0));
        });
    String picture = csv.toString().replace(".csv", "");
    BitmapEncoder.saveBitmap(chart, picture, BitmapEncoder.BitmapFormat.PNG);
  }
}
