package org.fedlayers.data;

import org.fedlayers.options.Registry;

/** The partitions by name, as experiment files spell them, and a place for one of your own. */
public final class Partitions {
  /** Every partition, those of this library first. */
  public static final Registry<Partition> ALL =
      new Registry<Partition>("partition")
          .with(
              "iid",
              "McMahan et al. 2017, arXiv 1602.05629; balanced: arXiv 2512.08314",
              "equal parts of the shuffled training set",
              Iid.class)
          .with(
              "equal-dirichlet",
              "Hsu et al. 2019, arXiv 1909.06335; FedDyn, arXiv 2111.04263; arXiv 2512.08314",
              "equal client sizes, a Dirichlet class prior for each client",
              EqualDirichlet.class)
          .with(
              "class-dirichlet",
              "Yurochkin et al. 2019, arXiv 1905.12022; Li et al. 2022, arXiv 2102.02079",
              "each class split over clients by a Dirichlet draw, sizes differ",
              ClassDirichlet.class)
          .with(
              "classes-per-client",
              "McMahan et al. 2017, arXiv 1602.05629 (k = 2); arXiv 2303.06530",
              "exactly k different classes for each client",
              ClassesPerClient.class)
          .with(
              "shards",
              "McMahan et al. 2017, arXiv 1602.05629 (2 shards)",
              "shards of samples sorted by class, at random",
              Shards.class)
          .with(
              "quantity-dirichlet",
              "Li et al. 2022, arXiv 2102.02079",
              "client sizes by a Dirichlet draw, classes not skewed",
              QuantityDirichlet.class);

  private Partitions() {}

  /** Makes a record available by name, see {@link Registry#register}. */
  public static <P extends Record & Partition> void register(
      String name, String paper, Class<P> type) {
    ALL.register(name, paper, type.getSimpleName(), type);
  }

  /**
   * Samples of each class at each client: what a heat map of a partition shows.
   *
   * @return counts[client][class]
   */
  public static int[][] counts(int[][] split, int[] labels, int classes) {
    int[][] counts = new int[split.length][classes];
    for (int client = 0; client < split.length; client++) {
      for (int sample : split[client]) {
        counts[client][labels[sample]]++;
      }
    }
    return counts;
  }
}
