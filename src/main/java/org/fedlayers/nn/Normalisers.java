package org.fedlayers.nn;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.fedlayers.options.Key;
import org.fedlayers.options.Option;
import org.fedlayers.options.Options;
import org.fedlayers.options.Registry;
import org.fedlayers.options.UserError;

/**
 * The normalisers by name, and a place for one of your own. {@code fixbn}, {@code fbn} and {@code
 * fedbn} name networks with batch normalisation: how their statistics (and, for FedBN, their affine
 * weights) are shared is decided by whoever trains them.
 *
 * <p>Options follow the name in their order, so that one word says all: {@code gn-8}.
 */
public final class Normalisers {
  private static final Pattern OPTION =
      Pattern.compile("-(true|false|-?\\d+(?:\\.\\d*)?(?:e-?\\d+)?)");

  /** Every normaliser, those of this library first. */
  public static final Registry<Normaliser.Own> ALL =
      new Registry<Normaliser.Own>("normaliser", name -> name.matches("default|gn-\\d+"))
          .with("none", "", "no normaliser; convolutions have a bias", of(Normaliser.NONE))
          .with(
              "bn",
              "Ioffe and Szegedy 2015, arXiv 1502.03167",
              "statistics of the batch; running ones in evaluation",
              of(Normaliser.BATCH))
          .with(
              "gn",
              "Wu and He 2018, arXiv 1803.08494",
              "statistics of a sample's groups of channels; gn-8 has 8 groups, gn alone has 2",
              Group.class)
          .with(
              "ln",
              "Ba, Kiros and Hinton 2016, arXiv 1607.06450",
              "statistics of a whole sample",
              of(Normaliser.LAYER))
          .with(
              "in",
              "Ulyanov, Vedaldi and Lempitsky 2016, arXiv 1607.08022",
              "statistics of each channel of a sample",
              of(Normaliser.INSTANCE))
          .with(
              "hbn",
              "arXiv 2505.21877",
              "a learned mix of the batch's and the global statistics",
              of(Normaliser.HYBRID))
          .with(
              "fixbn",
              "arXiv 2303.06530",
              "bn whose statistics are frozen from some round on",
              of(Normaliser.BATCH))
          .with(
              "fbn",
              "as compared with in arXiv 2505.21877",
              "bn by the server's statistics in training too, which move once a round",
              of(Normaliser.BATCH))
          .with(
              "fedbn",
              "Li et al. 2021, arXiv 2102.07623",
              "bn that stays with its client",
              of(Normaliser.BATCH));

  private record Group(@Option(value = "groups of channels", range = "[1, 999999]") int groups)
      implements Normaliser.Own {
    Group() {
      this(2);
    }

    @Override
    public Normaliser layers() {
      return Normaliser.group(groups);
    }
  }

  private Normalisers() {}

  private static Supplier<Normaliser.Own> of(Normaliser layers) {
    return () -> () -> layers;
  }

  /** Makes a record available by name, see {@link Registry#register}. */
  public static <N extends Record & Normaliser.Own> void register(
      String name, String source, Class<N> type) {
    ALL.register(name, source, type.getSimpleName(), type);
  }

  /** What {@link #named} reads: the name of a record, registered if need be, and its options. */
  public static String text(Normaliser.Own own) {
    StringBuilder text = new StringBuilder(ALL.nameOf(own));
    for (Object value : Options.values(own)) {
      text.append('-').append(value);
    }
    return text.toString().toLowerCase(Locale.ROOT);
  }

  /** Whether {@link #named} gives one of this library's, or a network takes its own. */
  public static boolean isBuiltIn(String text) {
    String name = name(text);
    return ALL.isBuiltIn(name) || !ALL.names().contains(name);
  }

  /** Without options. */
  private static String name(String text) {
    String word = word(text);
    return ALL.names().contains(word) ? word : word.replaceAll("(" + OPTION + ")+$", "");
  }

  private static String word(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /**
   * The normaliser of a name and its options.
   *
   * @param text for example {@code bn} or {@code gn-8}
   * @throws UserError if there is no such name, or it does not take the options
   */
  public static Normaliser.Own named(String text) {
    String name = name(text);
    if (!ALL.names().contains(name)) {
      throw new UserError(
          "no normaliser is called '%s'; there are: %s, and gn-GROUPS, for example gn-8"
              .formatted(text, String.join(", ", ALL.names())));
    }
    Registry.Entry<Normaliser.Own> entry = ALL.named(name);
    List<Key> keys = entry.keys();
    var values = OPTION.matcher(word(text).substring(name.length())).results().toList();
    if (values.size() > keys.size()) {
      throw new UserError(
          "normaliser '%s' has %s options; %s takes %s"
              .formatted(text, values.size(), name, keys.size()));
    }
    Map<String, String> options = new TreeMap<>();
    for (int i = 0; i < values.size(); i++) {
      options.put(keys.get(i).name(), values.get(i).group(1));
    }
    return entry.thing().apply(entry.options().make("normaliser '" + text + "'", options));
  }

  /** The layers of {@link #named}. */
  public static Normaliser parse(String text) {
    return named(text).layers();
  }
}
