package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.results.ResultsFiles;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every figure of every built-in experiment can be drawn at every scale: its entry asks for columns
 * that are there, and its series, panels and conditions tell all configurations apart.
 */
class ExperimentFiguresTest {
  @TempDir Path root;

  static Stream<Arguments> experiments() {
    return Catalogue.paths().stream()
        .flatMap(path -> ExperimentReader.SCALES.stream().map(scale -> Arguments.of(path, scale)));
  }

  @ParameterizedTest(name = "{0} at {1}")
  @MethodSource("experiments")
  void everyFigureCanBeDrawn(String path, String scale) throws IOException {
    Experiment experiment = ExperimentReader.builtIn(path, scale);
    Path folder = results(experiment);
    for (FigureSpec spec : experiment.figures()) {
      if (spec.isTable()) {
        assertThat(Figures.table(folder, spec).rows()).isNotEmpty();
      } else {
        Page page = Figures.page(folder, spec, Style.WEB, new ResultsFiles());
        assertThat(new Svg(page.svg()).isWithin(page)).as(spec.name()).isTrue();
      }
    }
  }

  /** What the experiment would leave behind, with two scored rounds a cell. */
  private Path results(Experiment experiment) throws IOException {
    Path folder =
        Files.createDirectories(root.resolve(experiment.scale() + "/" + experiment.path()));
    List<String> rounds = new ArrayList<>();
    List<String> summary = new ArrayList<>();
    List<String> partition = new ArrayList<>();
    List<String> networks = new ArrayList<>();
    String axes = String.join("", experiment.axes().stream().map(axis -> "," + axis).toList());
    rounds.add(SyntheticResults.ROUNDS_HEADER.strip().replace(",model.name", axes));
    summary.add(
        "group,arm,model,n,diverged,last,last_low,last_high,last10,last10_low,last10_high,best,"
            + "best_low,best_high,train_loss,steps,samples,weights,depth,receptive_field"
            + axes);
    partition.add("cell,seed,client,class,samples" + axes);
    for (Cell cell : experiment.cells()) {
      String labels =
          String.join("", cell.labels().values().stream().map(label -> "," + label).toList());
      Object averages = cell.configuration().chosen().getOrDefault("scoring.averages", "cohort");
      for (Object model : averages instanceof List<?> several ? several : List.of(averages)) {
        for (int round = 1; round <= 2; round++) {
          rounds.add(
              "%s,%s,%d,%d,%d,%d,%s,0.%d,1.5,1.6,10,ok%s"
                  .formatted(
                      cell.id(),
                      cell.arm().text(),
                      cell.seed(),
                      round,
                      10 * round,
                      500 * round,
                      model,
                      3 + round,
                      labels));
        }
        if (!networks.contains(labels)) {
          networks.add(labels);
        }
        int network = networks.indexOf(labels) + 1; // all unlike in size, depth and field
        String row =
            "%s,%s,%s,3,0,.5,.4,.6,.5,.4,.6,.5,.4,.6,1,20,1000,%d,%d,%d%s"
                .formatted(
                    cell.group(), cell.arm().text(), model, network, network, network, labels);
        if (!summary.contains(row)) {
          summary.add(row);
        }
      }
      if (partition.size() == 1) {
        partition.add("%s,%d,0,1,30%s".formatted(cell.id(), cell.seed(), labels));
        partition.add("%s,%d,1,0,30%s".formatted(cell.id(), cell.seed(), labels));
      }
    }
    measured(folder, experiment, axes);
    Files.write(folder.resolve("rounds.csv"), rounds);
    Files.write(folder.resolve("summary.csv"), summary);
    Files.write(folder.resolve("partition.csv"), partition);
    return folder;
  }

  /** Two rounds of two layers, two eigenvalues and so on, for every federated cell. */
  private static void measured(Path folder, Experiment experiment, String axes) throws IOException {
    Map<String, List<String>> tables = new LinkedHashMap<>();
    for (Cell cell : experiment.cells()) {
      if (!cell.arm().text().equals("federated")) {
        continue;
      }
      String labels =
          String.join("", cell.labels().values().stream().map(label -> "," + label).toList());
      String start = "%s,federated,%d,".formatted(cell.id(), cell.seed());
      List<String> layers =
          tables.computeIfAbsent(
              "layers",
              none ->
                  header(
                      "part,index,layer,absolute,relative,update,cosine,per_weight,cka,sample",
                      axes));
      for (int round = 1; round <= 2; round++) {
        for (String which : List.of("model,0,model", "kernel,0,conv1", "kernel,1,fc")) {
          layers.add(start + round + "," + which + ",1,.5,.8,.9,.01,.7,test" + labels);
        }
      }
      List<String> curvature =
          tables.computeIfAbsent(
              "curvature",
              none -> header("model,sample,measure,index,layer,value,error,products,loss", axes));
      for (String which :
          List.of(
              "eigenvalue,0,model",
              "eigenvalue,1,model",
              "trace,0,model",
              "layer,0,conv1",
              "layer,1,fc",
              "adaptive,0,model")) {
        curvature.add(start + "2,all,train," + which + ",5,.1,20,1.5" + labels);
      }
      List<String> activations =
          tables.computeIfAbsent(
              "activations", none -> header("model,sample,index,layer,norm", axes));
      for (String which : List.of("0,conv1", "1,fc")) {
        activations.add(start + "2,all,train," + which + ",.5" + labels);
      }
      List<String> statistics =
          tables.computeIfAbsent(
              "statistics", none -> header("model,sample,normalised_by,accuracy,loss", axes));
      for (String by : List.of("averaged", "re-estimated")) {
        statistics.add(start + "2,cohort,train," + by + ",.5,1" + labels);
      }
      List<String> landscape =
          tables.computeIfAbsent(
              "landscape", none -> header("model,sample,x,y,loss,accuracy", axes));
      for (int point = 0; point < 4; point++) {
        landscape.add(
            "%s2,all,train,%d,%d,%d,.5%s".formatted(start, point % 2, point / 2, point, labels));
      }
    }
    for (Map.Entry<String, List<String>> table : tables.entrySet()) {
      Files.write(folder.resolve(table.getKey() + ".csv"), table.getValue());
    }
  }

  private static List<String> header(String own, String axes) {
    return new ArrayList<>(List.of("cell,arm,seed,round," + own + axes));
  }
}
