package org.fedlayers.nn;

import java.util.List;
import java.util.Locale;
import org.fedlayers.options.UserError;

/**
 * The normalisers by name. {@code fixbn} and {@code fedbn} name networks with batch normalisation:
 * how their statistics (and, for FedBN, their affine weights) are shared is decided by whoever
 * trains them.
 */
public final class Normalisers {

  /**
   * One row of the table.
   *
   * @param name as a configuration spells it; for group normalisation, the groups may follow: gn-8
   * @param source where it comes from
   * @param description one line
   * @param normaliser what the network holds
   */
  public record Named(String name, String source, String description, Normaliser normaliser) {}

  private static final String GROUP = "gn";

  private static final List<Named> ALL =
      List.of(
          new Named("none", "", "no normaliser; convolutions have a bias", Normaliser.NONE),
          new Named(
              "bn",
              "Ioffe and Szegedy 2015, arXiv 1502.03167",
              "statistics of the batch; running ones in evaluation",
              Normaliser.BATCH),
          new Named(
              GROUP,
              "Wu and He 2018, arXiv 1803.08494",
              "statistics of a sample's groups of channels; gn-8 has 8 groups, gn alone has 2",
              Normaliser.group(2)),
          new Named(
              "ln",
              "Ba, Kiros and Hinton 2016, arXiv 1607.06450",
              "statistics of a whole sample",
              Normaliser.LAYER),
          new Named(
              "in",
              "Ulyanov, Vedaldi and Lempitsky 2016, arXiv 1607.08022",
              "statistics of each channel of a sample",
              Normaliser.INSTANCE),
          new Named(
              "hbn",
              "arXiv 2505.21877",
              "a learned mix of the batch's and the global statistics",
              Normaliser.HYBRID),
          new Named(
              "fixbn",
              "arXiv 2303.06530",
              "bn whose statistics are frozen from some round on",
              Normaliser.BATCH),
          new Named(
              "fedbn",
              "Li et al. 2021, arXiv 2102.07623",
              "bn that stays with its client",
              Normaliser.BATCH));

  private Normalisers() {}

  /** Every normaliser that has a name. */
  public static List<Named> all() {
    return ALL;
  }

  /** Their names. */
  public static List<String> names() {
    return ALL.stream().map(Named::name).toList();
  }

  /**
   * The normaliser of a name.
   *
   * @param text one of {@link #names()}, or gn-GROUPS
   * @throws UserError if it is neither
   */
  public static Normaliser parse(String text) {
    String name = text.strip().toLowerCase(Locale.ROOT);
    if (name.matches(GROUP + "-[1-9]\\d{0,5}")) {
      return Normaliser.group(Integer.parseInt(name.substring(GROUP.length() + 1)));
    }
    return ALL.stream()
        .filter(named -> named.name().equals(name))
        .findFirst()
        .map(Named::normaliser)
        .orElseThrow(
            () ->
                new UserError(
                    "no normaliser is called '"
                        + text
                        + "'; there are: "
                        + String.join(", ", names())
                        + ", and gn-GROUPS, for example gn-8"));
  }
}
