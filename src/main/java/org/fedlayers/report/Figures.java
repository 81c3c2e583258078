package org.fedlayers.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.experiment.FigureSpec;
import org.fedlayers.options.UserError;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.Table;

/** Draws figures and tables from results files. */
public final class Figures {

  /**
   * The files that were drawn, and the figures that were not.
   *
   * @param files in the order of the entries
   * @param omitted one line for each figure that has nothing to show
   */
  public record Drawn(List<Path> files, List<String> omitted) {}

  private Figures() {}

  /**
   * Checks that the claims whose contrasts figures show exist.
   *
   * @throws UserError with a line for each figure that is wrong
   */
  public static void check(List<FigureSpec> figures) {
    each(figures, Estimates::contrast);
  }

  /**
   * Draws an experiment's figures, each as SVG and PNG, or SVG and PDF for a paper (tables as
   * Markdown and LaTeX), beside the CSV files it is drawn from. Equal CSV files give equal bytes.
   *
   * @param directory such as {@code results/laptop/divergence/depth}
   * @param figures as in {@link org.fedlayers.experiment.Experiment#figures}
   * @throws UserError if a claim does not exist, before anything is drawn; if files are at fault,
   *     after all other figures are drawn
   */
  public static Drawn draw(Path directory, List<FigureSpec> figures, Style style) {
    check(figures);
    Drawn drawn = new Drawn(new ArrayList<>(), new ArrayList<>());
    ResultsFiles files = new ResultsFiles();
    each(
        figures,
        spec -> {
          try {
            drawn.files.addAll(
                spec.isTable()
                    ? table(directory, spec, files).write(directory, spec.name())
                    : page(directory, spec, style, files).write(directory, spec.name(), style));
          } catch (NotMeasuredException nothing) {
            String file = spec.name() + (spec.isTable() ? ".md" : style.suffix + ".svg");
            boolean old = Files.exists(directory.resolve(file));
            drawn.omitted.add(
                "no figure '%s', %s was not measured%s"
                    .formatted(
                        spec.name(),
                        nothing.getMessage(),
                        old ? "; what there is was drawn of other rows" : ""));
          }
        });
    return drawn;
  }

  /** Takes a step for each figure, and then refuses all that was refused at once. */
  private static void each(List<FigureSpec> figures, Consumer<FigureSpec> step) {
    List<String> refused = new ArrayList<>();
    for (FigureSpec figure : figures) {
      try {
        step.accept(figure);
      } catch (UserError refusal) {
        refused.add(refusal.getMessage());
      }
    }
    if (!refused.isEmpty()) {
      throw new UserError(String.join("\n", refused));
    }
  }

  static Page page(Path directory, FigureSpec spec, Style style, ResultsFiles files) {
    Rows rows = FigureRows.of(directory, spec, files);
    return named(
        spec,
        () ->
            Sheet.of(
                spec.heading(), Plot.of(rows, spec, Context.of(directory, rows, files), style)));
  }

  /**
   * Any table as a figure.
   *
   * @param table its name is the line under the title
   */
  static Page page(Table table, FigureSpec spec, Style style) {
    Rows rows = Rows.of(table).where(spec.where());
    return named(
        spec, () -> Sheet.of(spec.heading(), Plot.of(rows, spec, Context.of(table.name()), style)));
  }

  /**
   * A figure of an experiment as every Java kernel can show it.
   *
   * @throws NotMeasuredException if these results do not have what it shows
   */
  public static BufferedImage picture(Path directory, FigureSpec figure) {
    return page(directory, figure, Style.WEB, new ResultsFiles()).image();
  }

  /** A figure of any table, for a notebook that has trained something itself. */
  public static BufferedImage picture(Table table, Map<String, Object> figure) {
    return page(table, FigureSpec.of(figure), Style.WEB).image();
  }

  /**
   * Writes a figure of any table as SVG and PNG, or in the sizes of a paper as PDF and SVG.
   *
   * @return the files
   */
  public static List<Path> write(Path folder, Table table, Map<String, Object> figure, Style style)
      throws IOException {
    FigureSpec spec = FigureSpec.of(figure);
    return page(table, spec, style).write(AtomicFile.folder(folder), spec.name(), style);
  }

  /** One table of an experiment: a figure of kind {@code table}. */
  public static TextTable table(Path directory, FigureSpec spec) {
    return table(directory, spec, new ResultsFiles());
  }

  static TextTable table(Path directory, FigureSpec spec, ResultsFiles files) {
    Rows rows = FigureRows.of(directory, spec, files);
    return named(spec, () -> Pivot.of(rows, spec, Context.of(directory, rows, files)));
  }

  /** A refusal says which figure is at fault. */
  private static <T> T named(FigureSpec spec, Supplier<T> drawing) {
    try {
      return drawing.get();
    } catch (UserError refusal) {
      throw new UserError("the figure '%s': %s".formatted(spec.name(), refusal.getMessage()));
    }
  }
}
