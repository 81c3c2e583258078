package org.fedlayers.report;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.results.ResultsFiles;
import org.fedlayers.results.Rows;
import tech.tablesaw.api.Table;

/** Draws figures from results files. */
public final class Figures {
  private static final String ROUNDS = "rounds.csv";
  private static final String SUMMARY = "summary.csv";
  private static final String TABLE = "table";

  /** Draws some rows as one kind of figure. */
  private interface Kind {
    Drawing draw(Rows rows, FigureSpec spec, Style style);
  }

  private static final Map<String, Kind> KINDS =
      Map.of(
          "curves", Curves::draw,
          "points", Points::draw,
          "bars", Bars::draw,
          "heat", HeatMap::draw);

  private Figures() {}

  /**
   * Draws what an experiment's {@code figures} entries ask for, each as SVG and PNG beside the CSV
   * files it is drawn from. Equal CSV files give equal SVG bytes.
   *
   * @param directory such as {@code results/laptop/divergence/depth}
   * @param figures as in {@link org.fedlayers.experiment.Experiment#figures}
   * @return the files, in the order of the entries
   * @throws UserError if entries or files are at fault, after all others are drawn
   */
  public static List<Path> draw(Path directory, List<Map<String, Object>> figures, Style style) {
    List<Path> written = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    ResultsFiles files = new ResultsFiles();
    for (Map<String, Object> entry : figures) {
      try {
        written.addAll(draw(directory, FigureSpec.of(entry), style, files));
      } catch (UserError refusal) {
        refused.add(refusal.getMessage());
      }
    }
    if (!refused.isEmpty()) {
      throw new UserError(String.join("\n", refused));
    }
    return written;
  }

  private static List<Path> draw(Path directory, FigureSpec spec, Style style, ResultsFiles files) {
    if (spec.kind().equals(TABLE)) {
      TextTable table = table(directory, spec, files);
      return List.of(
          write(directory.resolve(spec.name() + ".md"), bytes(table.markdown())),
          write(directory.resolve(spec.name() + ".tex"), bytes(table.latex())));
    }
    return write(directory, spec.name() + style.suffix, sheet(directory, spec, style, files));
  }

  /**
   * What a figure shows and these results did not measure: a file, or a column; null for nothing.
   */
  public static String unmeasured(Path directory, Map<String, Object> figure) {
    FigureSpec spec = FigureSpec.of(figure);
    String name = spec.text("from", standardFile(spec));
    Path file = directory.resolve(name);
    if (!Files.isRegularFile(file)) {
      return name;
    }
    String shown = spec.kind().equals("heat") ? spec.text("value", null) : spec.text("y", null);
    if (shown == null || !name.equals("layers.csv")) {
      return null;
    }
    Table table = ResultsFiles.load(file);
    boolean measured =
        table.containsColumn(shown) && table.column(shown).countMissing() < table.rowCount();
    return measured ? null : shown + " (" + name + ")";
  }

  /** One figure of an experiment, without writing it: what a notebook cell shows. */
  public static Sheet sheet(Path directory, FigureSpec spec, Style style) {
    return sheet(directory, spec, style, new ResultsFiles());
  }

  private static Sheet sheet(Path directory, FigureSpec spec, Style style, ResultsFiles files) {
    Rows rows = rows(directory, spec, files);
    return sheet(rows, Context.of(directory, rows), spec, style);
  }

  private static Sheet sheet(Rows rows, String context, FigureSpec spec, Style style) {
    Kind kind = KINDS.get(spec.kind());
    if (kind == null) {
      throw new UserError(
          "there is no figure of kind '%s'%s"
              .formatted(spec.kind(), Spelling.hint(spec.kind(), KINDS.keySet())));
    }
    Drawing drawing = named(spec, () -> kind.draw(rows, spec.within(rows.table()), style));
    String note = drawing.note().isEmpty() ? "" : "; " + drawing.note();
    return new Sheet(spec.title(), context + note, drawing.charts(), style);
  }

  /**
   * Any table as a figure, for a notebook that has trained something itself.
   *
   * @param table its name is the line under the title
   */
  public static Sheet sheet(Table table, FigureSpec spec, Style style) {
    return sheet(Rows.of(table).where(spec.where()), table.name(), spec, style);
  }

  /** A figure of an experiment as every Java kernel can show it. */
  public static BufferedImage picture(Path directory, Map<String, Object> figure) {
    return Pictures.of(sheet(directory, FigureSpec.of(figure), Style.WEB));
  }

  /** A figure of any table as every Java kernel can show it. */
  public static BufferedImage picture(Table table, Map<String, Object> figure) {
    return Pictures.of(sheet(table, FigureSpec.of(figure), Style.WEB));
  }

  /** One table of an experiment: a figure of kind {@code table}. */
  public static TextTable table(Path directory, FigureSpec spec) {
    return table(directory, spec, new ResultsFiles());
  }

  private static TextTable table(Path directory, FigureSpec spec, ResultsFiles files) {
    Rows rows = rows(directory, spec, files);
    return named(spec, () -> Pivot.of(rows, spec.within(rows.table()), directory));
  }

  /** A refusal says which figure is at fault. */
  private static <T> T named(FigureSpec spec, Supplier<T> drawing) {
    try {
      return drawing.get();
    } catch (UserError refusal) {
      throw new UserError("the figure '%s': %s".formatted(spec.name(), refusal.getMessage()));
    }
  }

  /** The rows that a figure is about, with the facts of their models if it asks for them. */
  private static Rows rows(Path directory, FigureSpec spec, ResultsFiles files) {
    Table loaded = files.table(directory.resolve(spec.text("from", standardFile(spec))));
    boolean asked =
        ModelFacts.COLUMNS.stream()
            .anyMatch(fact -> spec.uses(fact) && !loaded.containsColumn(fact));
    Table table = asked ? ModelFacts.join(loaded, files.table(directory.resolve(SUMMARY))) : loaded;
    Rows rows = Rows.of(table).where(spec.where());
    if (rows.count() == 0) {
      throw new UserError(
          "%s: no rows for the figure '%s' where %s"
              .formatted(directory.resolve(table.name()), spec.name(), spec.where()));
    }
    return rows;
  }

  /** Writes a figure as SVG and PNG. */
  static List<Path> write(Path directory, String name, Page sheet) {
    return List.of(
        write(directory.resolve(name + ".svg"), bytes(Pictures.svg(sheet))),
        write(directory.resolve(name + ".png"), Pictures.png(sheet)));
  }

  private static Path write(Path file, byte[] content) {
    try {
      AtomicFile.write(file, out -> out.write(content));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    return file;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String standardFile(FigureSpec spec) {
    boolean summarised =
        spec.kind().matches("points|bars|table") && !spec.has("contrast") && !spec.has("reaching");
    return summarised ? SUMMARY : ROUNDS;
  }
}
