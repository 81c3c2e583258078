package org.fedlayers.experiment;

import java.nio.file.Path;
import java.util.List;

/**
 * An experiment at one scale, read and found possible.
 *
 * @param paper its folder, for example {@code divergence}; {@code own} for a user's file
 * @param name for example {@code depth}
 * @param scale {@code quick}, {@code laptop} or {@code paper}
 * @param title one line
 * @param question what it asks
 * @param claims ids of the claims that it tests, for example D1
 * @param axes what varies: keys of the grid in order; the columns that tables add
 * @param cells the cross product of grid, arms and seeds, in the order of tables
 * @param figures what the report draws of it
 */
public record Experiment(
    String paper,
    String name,
    String scale,
    String title,
    String question,
    List<String> claims,
    List<String> axes,
    List<Cell> cells,
    List<FigureSpec> figures) {

  /** For example {@code divergence/depth}. */
  public String path() {
    return paper + "/" + name;
  }

  /** The folder of its own in one that holds all experiments. */
  public Path in(Path all) {
    return all.resolve(scale).resolve(paper).resolve(name);
  }

  public List<Long> seeds() {
    return cells.stream().map(Cell::seed).distinct().sorted().toList();
  }
}
