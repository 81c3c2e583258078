package org.fedlayers.results;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tech.tablesaw.api.ColumnType;

/**
 * The columns of a table, before those of an experiment's grid: how they are written, and as what
 * they are read. Columns are added at the end only, so that files of older versions can be read.
 *
 * @param name of the table and its file
 */
public record Schema(String name, List<String> columns, List<Kind> kinds) {

  /** What a column holds. */
  private enum Kind {
    WORD("", ColumnType.STRING),
    COUNT("#", ColumnType.LONG),
    /** Six decimals. */
    FIXED(".", ColumnType.DOUBLE),
    /** Seven digits at any size. */
    SIGNIFICANT("~", ColumnType.DOUBLE);

    private final String mark;
    private final ColumnType type;

    Kind(String mark, ColumnType type) {
      this.mark = mark;
      this.type = type;
    }

    static Kind of(String column) {
      return Arrays.stream(values())
          .filter(kind -> !kind.mark.isEmpty() && column.endsWith(kind.mark))
          .findFirst()
          .orElse(WORD);
    }
  }

  private static final String RUN = "cell arm seed# round# ";

  public static final Schema ROUNDS =
      of(
          "rounds",
          RUN + "steps# samples# model accuracy. loss. train_loss. cohort# status penalty.");
  public static final Schema LAYERS =
      of(
          "layers",
          RUN + "part index# layer absolute~ relative~ update~ cosine~ per_weight~ cka~ sample");
  public static final Schema ACTIVATIONS =
      of("activations", RUN + "model sample index# layer norm~");
  public static final Schema GRADIENTS =
      of("gradients", RUN + "model index# layer variance~ relative~ per_weight~");
  public static final Schema CURVATURE =
      of("curvature", RUN + "model sample measure index# layer value~ error~ products# loss~");
  public static final Schema LANDSCAPE =
      of("landscape", RUN + "model sample x. y. loss~ accuracy.");
  public static final Schema STATISTICS =
      of("statistics", RUN + "model sample normalised_by accuracy. loss.");
  public static final Schema PARTITION = of("partition", "cell seed# client# class# samples#");
  public static final Schema SUMMARY =
      of(
          "summary",
          "group arm model n# diverged# last. last_low. last_high. last10. last10_low. last10_high."
              + " best. best_low. best_high. train_loss. steps# samples# weights# depth#"
              + " receptive_field#");

  /** Those that cells produce. */
  public static final List<Schema> OF_CELLS =
      List.of(ROUNDS, LAYERS, ACTIVATIONS, GRADIENTS, CURVATURE, LANDSCAPE, STATISTICS, PARTITION);

  /** Columns of other files of results: those of claims and of the bench. */
  private static final Schema OTHERS =
      of(
          "others",
          "name claim paper scale statement verdict evidence seeds# mean. low. high. effect."
              + " effect_low. effect_high. value_low. value_high.");

  private static final Map<String, ColumnType> TYPES = new HashMap<>();

  static {
    List<Schema> all = new ArrayList<>(OF_CELLS);
    all.addAll(List.of(SUMMARY, OTHERS));
    for (Schema schema : all) {
      for (int i = 0; i < schema.columns.size(); i++) {
        TYPES.put(schema.columns.get(i), schema.kinds.get(i).type);
      }
    }
  }

  private static Schema of(String name, String columns) {
    List<String> marked = List.of(columns.split(" "));
    return new Schema(
        name,
        marked.stream().map(column -> column.replaceAll("[#.~]$", "")).toList(),
        marked.stream().map(Kind::of).toList());
  }

  /** The type that a column has in every file; a grid's own columns have none. */
  static Optional<ColumnType> type(String column) {
    return Optional.ofNullable(TYPES.get(column));
  }

  /**
   * A row without the columns of the grid.
   *
   * @param values one a column; NaN is written as nothing
   */
  public String line(Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(Arrays.toString(values) + " are not " + columns);
    }
    List<Object> fields = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      fields.add(
          switch (kinds.get(i)) {
            case FIXED -> Csv.number((double) values[i]);
            case SIGNIFICANT -> Csv.significant((double) values[i]);
            default -> values[i];
          });
    }
    return Csv.line(fields);
  }
}
