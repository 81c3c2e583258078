import java.awt.Color;
import java.awt.Font;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.fedlayers.results.Names;
import org.fedlayers.results.ResultsFiles;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.Table;

/**
 * Draws scaling.csv by XChart: seconds a round against clients, a chart for each model. It is also
 * an example of a chart of one's own from the files of results.
 */
class Plot {
  /** Okabe and Ito's, which every kind of colour vision separates. */
  private static final int[] COLOURS = {0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0x000000, 0xE69F00};

  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.SQUARE,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.DIAMOND,
    SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.CROSS
  };

  public static void main(String[] arguments) throws Exception {
    Path csv = Path.of(arguments[0]);
    Table measured = ResultsFiles.load(csv);
    List<XYChart> charts = new ArrayList<>();
    for (String model : List.of("logistic", "mcmahan-cnn", "resnet-18")) {
      charts.add(chart(model, measured));
    }
    String file = csv.resolveSibling("scaling.png").toString();
    BitmapEncoder.saveBitmap(charts, 1, charts.size(), file, BitmapFormat.PNG);
  }

  private static XYChart chart(String model, Table measured) {
    XYChart chart = new XYChart(600, 600);
    chart.setTitle(Names.of("model.name", model));
    chart.setXAxisTitle("Clients a round, one small step each");
    chart.setYAxisTitle("Seconds a round");
    style(chart.getStyler());
    chart.getStyler().setLegendVisible(model.equals("mcmahan-cnn")); // which has all, and room
    Table own = measured.where(measured.stringColumn("model").isEqualTo(model));
    int i = 0;
    // All engines everywhere, so that a colour means the same in each chart.
    for (String engine : new TreeSet<>(measured.stringColumn("engine").asList())) {
      Table line = own.where(own.stringColumn("engine").isEqualTo(engine));
      if (!line.isEmpty()) {
        XYSeries series =
            chart.addSeries(
                name(engine),
                line.numberColumn("clients").asDoubleArray(),
                line.numberColumn("seconds_a_round").asDoubleArray());
        series.setMarker(MARKERS[i]).setMarkerColor(new Color(COLOURS[i]));
        series.setLineColor(new Color(COLOURS[i]));
      }
      i = (i + 1) % COLOURS.length;
    }
    return chart;
  }

  private static void style(XYStyler styler) {
    styler.setXAxisLogarithmic(true).setXAxisMin(0.8).setXAxisMax(1200.0);
    styler.setYAxisLogarithmic(true).setYAxisMin(0.002).setYAxisMax(10.0);
    styler.setPlotBorderVisible(false).setChartBackgroundColor(Color.WHITE);
    styler.setLegendPosition(LegendPosition.InsideSE).setLegendBorderColor(Color.WHITE);
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 18);
    styler.setAxisTickLabelsFont(font).setAxisTitleFont(font);
    styler.setLegendFont(font).setChartTitleFont(font.deriveFont(22f));
    styler.setMarkerSize(12);
  }

  private static String name(String engine) {
    return engine
        .replaceFirst("^threads-1$", "1 thread")
        .replaceFirst("^threads-(.*)", "$1 threads")
        .replaceFirst("^local", "Spark, local")
        .replaceFirst("^spark://127.*", "Spark, two workers")
        .replaceFirst("^spark://", "Spark, ");
  }
}
