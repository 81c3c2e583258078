package org.fedlayers.sweep;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fedlayers.experiment.Cell;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Node;
import org.fedlayers.options.UserError;

/**
 * What batch normalisation asks of a partition: at least two values of a channel in every
 * mini-batch, since one has no variance. Where a layer's maps are of 1 x 1 pixels, a batch of one
 * image, such as the last one of 21 images in batches of 10, is too small.
 */
final class SmallestBatch {
  /** How many larger batches are tried for a remedy. */
  private static final int TRIED = 1000;

  private SmallestBatch() {}

  /**
   * @param split for each client the indices of its images
   * @throws UserError if a client has a batch that is too small, with a remedy
   */
  static void check(Cell cell, int[][] split) {
    var sizes = Stream.of(CellBuilder.holdings(cell, split)).mapToInt(own -> own.length).toArray();
    int batch = CellBuilder.batch(cell);
    List<Integer> clients =
        IntStream.range(0, sizes.length).filter(i -> of(sizes[i], batch) == 1).boxed().toList();
    if (clients.isEmpty() || CellBuilder.policy(cell).frozen(0)) {
      return;
    }
    Node layer =
        cell.configuration().network().nodes().stream()
            .filter(SmallestBatch::needsTwoImages)
            .findFirst()
            .orElse(null);
    if (layer != null) {
      throw new UserError(
          ("client %s would train on a batch of one image (%d images in batches of %d), of which"
                  + " %s has a single value a channel: batch normalisation needs two. Take %s"
                  + "another partition, or a normaliser without batches (model.normaliser=ln)")
              .formatted(
                  clients.get(0)
                      + (clients.size() > 1 ? ", like " + (clients.size() - 1) + " others," : ""),
                  sizes[clients.get(0)],
                  batch,
                  layer.name(),
                  remedy(cell, sizes)));
    }
  }

  private static boolean needsTwoImages(Node node) {
    return node.layer() instanceof Layer.Normalise normalise
        && normalise.normaliser().hasStatistics()
        && node.shape().isVector();
  }

  /** Images in the smallest mini-batch of a pass over so many images. */
  private static int of(int images, int batch) {
    return images % batch == 0 ? batch : images % batch;
  }

  private static String remedy(Cell cell, int[] sizes) {
    int batch = cell.configuration().training().batch();
    int factor = CellBuilder.batch(cell) / batch;
    return IntStream.range(batch, batch + TRIED)
        .filter(larger -> IntStream.of(sizes).allMatch(images -> of(images, larger * factor) > 1))
        .mapToObj(larger -> "training.batch=" + larger + ", ")
        .findFirst()
        .orElse("");
  }
}
