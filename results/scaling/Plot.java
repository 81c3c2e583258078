import java.io.File;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.fedlayers.report.Figures;
import org.fedlayers.results.ResultsFiles;
import tech.tablesaw.api.Table;

/** Draws scaling.csv: seconds a round against clients, a panel for each model. */
class Plot {
  public static void main(String[] arguments) throws Exception {
    File csv = new File(arguments[0]);
    Table measured = ResultsFiles.load(csv.toPath()).setName("clients that take one small step each");
    measured.replaceColumn(
        "engine",
        measured
            .stringColumn("engine")
            .replaceAll("^threads-1$", "1 thread")
            .replaceAll("^threads-(.*)", "$1 threads")
            .replaceAll("^local", "Spark, local")
            .replaceAll("^spark:.*", "Spark, two workers")
            .setName("engine"));
    Map<String, Object> figure =
        Map.of(
            "kind", "points",
            "title", "What a round takes on threads and on Spark",
            "x", "clients",
            "x-title", "Clients a round",
            "y", "seconds_a_round",
            "y-title", "Seconds a round",
            "series", "engine",
            "panel", "model",
            "log", List.of("x", "y"));
    ImageIO.write(
        Figures.picture(measured, figure), "png", new File(csv.getParentFile(), "scaling.png"));
  }
}
