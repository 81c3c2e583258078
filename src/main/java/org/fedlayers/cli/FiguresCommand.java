package org.fedlayers.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Source;
import org.fedlayers.options.UserError;
import org.fedlayers.report.BenchFigures;
import org.fedlayers.report.Figures;
import org.fedlayers.report.RunsTable;
import org.fedlayers.report.Style;
import org.fedlayers.report.TextTable;
import org.fedlayers.sweep.Summary;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedlayers figures}. */
@Command(
    name = "figures",
    description = {
      "Draw figures and tables from the CSV files of results, without training anything.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  fedlayers figures                        of all results",
      "  fedlayers figures divergence --style paper"
    })
final class FiguresCommand extends Subcommand {

  @Parameters(
      paramLabel = "TARGET",
      arity = "0..1",
      defaultValue = "all",
      description = "all, a paper, PAPER/EXPERIMENT, or an experiment file of your own (.yaml)")
  private String target;

  @Option(
      names = "--style",
      paramLabel = "STYLE",
      defaultValue = "web",
      description =
          "web, or paper for figures of a column's width, as PDF for LaTeX (default: web)")
  private Style style;

  @Option(names = "--out", paramLabel = "DIR", description = "results folder (default: results)")
  private Path out;

  @Override
  public Integer call() throws IOException {
    Path results = out != null ? out : Home.resolve("results");
    List<Source> sources = Catalogue.find(target);
    int folders = 0;
    for (String scale : ExperimentReader.SCALES) {
      for (Source source : sources) {
        Path folder = results.resolve(scale).resolve(source.paper()).resolve(source.name());
        boolean ran = Files.isRegularFile(folder.resolve("rounds.csv"));
        if (ran && !ExperimentReader.scales(source).contains(scale)) {
          out().println(Home.shown(folder) + ": not drawn, its file has no scale " + scale);
        } else if (ran) {
          Experiment experiment = ExperimentReader.read(source, scale, List.of(), List.of());
          Figures.check(experiment.figures());
          Summary.refresh(results, experiment);
          draw(folder, experiment);
          folders++;
        }
      }
    }
    Path bench = results.resolve("bench");
    if (target.equals("all")) {
      List<Path> drawn = BenchFigures.draw(bench, style);
      if (!drawn.isEmpty()) {
        said(bench, drawn);
        folders++;
      }
    }
    if (folders == 0) {
      throw new UserError(
          "no results of '" + target + "' in " + results + ": run 'fedlayers run' first");
    }
    if (target.equals("all")) {
      overview(results);
    }
    return 0;
  }

  /** What was run and what was not, for the results folder and for the README. */
  private void overview(Path results) throws IOException {
    TextTable runs = RunsTable.of(results);
    String table = runs.markdown();
    AtomicFile.write(
        results.resolve("runs.md"),
        "# Runs\n\nWritten by `fedlayers figures`; do not edit. Hours of cells are by the clock, often on a machine\n"
            + "that other work of ours kept busy; those of a whole run are reckoned for an idle one.\n\n"
            + table);
    AtomicFile.write(results.resolve("runs.tex"), runs.latex());
    if (out == null) {
      Home.show("runs", table);
    }
  }

  private void draw(Path folder, Experiment experiment) {
    Figures.Drawn drawn = Figures.draw(folder, experiment.figures(), style);
    drawn.omitted().forEach(why -> out().println(Home.shown(folder) + ": " + why));
    said(folder, drawn.files());
  }

  private void said(Path folder, List<Path> files) {
    out().println(Home.shown(folder) + ": " + files.size() + " files");
  }
}
