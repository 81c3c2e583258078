package org.fedlayers.nn;

/**
 * The normaliser between a convolution and its activation. All but {@code NONE} scale and shift
 * each channel by weights gamma and beta after normalising with mean and variance over:
 *
 * <ul>
 *   <li>{@code BATCH}: batch and pixels of a channel (Ioffe and Szegedy, 2015). FixBN and FedBN are
 *       policies on its statistics.
 *   <li>{@code GROUP}: channels of a group and pixels of a sample (Wu and He, 2018).
 *   <li>{@code LAYER}: all channels and pixels of a sample, that is one group.
 *   <li>{@code INSTANCE}: pixels of a channel and a sample, that is as many groups as channels.
 *   <li>{@code HYBRID}: a mix, learned per channel, of the batch's and the global statistics (HBN,
 *       arXiv 2505.21877): mean = (1-a) global + a batch, a = sigmoid(mix), the same for the
 *       variance.
 * </ul>
 *
 * <p>Epsilon is 1e-5. Running statistics move as S = 0.9 S + 0.1 batch, with the variance unbiased
 * (n-1) as in PyTorch.
 *
 * @param kind the family
 * @param groups groups of channels, for {@code GROUP} only (else 0)
 */
public record Normaliser(Kind kind, int groups) {

  public enum Kind {
    NONE,
    BATCH,
    GROUP,
    LAYER,
    INSTANCE,
    HYBRID
  }

  /**
   * A normaliser of one's own: a record whose components, numbers or booleans, are its options.
   * What networks compute is one of the kinds above; what federated training does with its
   * statistics is said by a {@code federated.FederatedNormaliser}.
   */
  @FunctionalInterface
  public interface Own {
    /** What the network holds. */
    Normaliser layers();
  }

  public static final double EPSILON = 1e-5;

  /** The weight of a new batch in the running statistics. */
  public static final double RATE = 0.1;

  public static final Normaliser NONE = new Normaliser(Kind.NONE, 0);
  public static final Normaliser BATCH = new Normaliser(Kind.BATCH, 0);
  public static final Normaliser LAYER = new Normaliser(Kind.LAYER, 0);
  public static final Normaliser INSTANCE = new Normaliser(Kind.INSTANCE, 0);
  public static final Normaliser HYBRID = new Normaliser(Kind.HYBRID, 0);

  public Normaliser {
    if (kind == Kind.GROUP ? groups < 1 : groups != 0) {
      throw new IllegalArgumentException(kind + " with " + groups + " groups");
    }
  }

  public static Normaliser group(int groups) {
    return new Normaliser(Kind.GROUP, groups);
  }

  /** Whether running statistics belong to it. */
  public boolean hasStatistics() {
    return kind == Kind.BATCH || kind == Kind.HYBRID;
  }

  /** How many groups share a mean within one sample, for the per-sample kinds. */
  public int groupsOf(int channels) {
    return switch (kind) {
      case GROUP -> groups;
      case LAYER -> 1;
      case INSTANCE -> channels;
      default -> throw new IllegalStateException(kind + " does not normalise sample by sample");
    };
  }
}
