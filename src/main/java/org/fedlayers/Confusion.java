package org.fedlayers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

/**
 * The confusion matrix of a classifier: how many test images of a class (row) it takes for a class
 * (column).
 */
record Confusion(int[][] counts) {

  static Confusion of(int[] labels, int[] predicted, int classes) {
    int[][] counts = new int[classes][classes];
    for (int i = 0; i < labels.length; i++) {
      counts[labels[i]][predicted[i]]++;
    }
    return new Confusion(counts);
  }

  /** A row for each class; a column for each, too, behind that of its name. */
  Table table(List<String> names) {
    Table table = Table.create("confusion", StringColumn.create("class", names));
    for (int c = 0; c < counts.length; c++) {
      int column = c;
      int[] taken = Arrays.stream(counts).mapToInt(row -> row[column]).toArray();
      table.addColumns(IntColumn.create(names.get(c), taken));
    }
    return table;
  }

  /** Test images of a class. */
  int images(int of) {
    return IntStream.of(counts[of]).sum();
  }

  /** The fraction of a class's images that is recognised. */
  double recall(int of) {
    return (double) counts[of][of] / images(of);
  }

  /** The fraction of the images taken for a class that are of it; NaN if there are none. */
  double precision(int of) {
    return (double) counts[of][of] / Arrays.stream(counts).mapToInt(row -> row[of]).sum();
  }

  /**
   * Accuracy on test images in the proportions of a client's classes, as far as these have test
   * images; NaN if none has.
   *
   * @param client how many images of each class it has
   */
  double accuracy(int[] client) {
    int[] tested =
        IntStream.range(0, client.length).filter(c -> client[c] > 0 && images(c) > 0).toArray();
    return IntStream.of(tested).mapToDouble(c -> recall(c) * client[c]).sum()
        / IntStream.of(tested).map(c -> client[c]).sum();
  }
}
