import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Draws scaling.csv: seconds a round against clients, a line for each model and engine. */
class Plot {
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
    lines.forEach(
        (name, points) ->
            chart.addSeries(
                name,
                points.stream().mapToDouble(point -> point[0]).toArray(),
                points.stream().mapToDouble(point -> Math.max(1e-3, point[1])).toArray()));
    String picture = csv.toString().replace(".csv", "");
    BitmapEncoder.saveBitmap(chart, picture, BitmapEncoder.BitmapFormat.PNG);
  }
}
