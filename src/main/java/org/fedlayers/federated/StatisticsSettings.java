package org.fedlayers.federated;

import org.fedlayers.nn.Normalisers;
import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;

/** The group {@code statistics} of an experiment's settings: what happens to normalisers'. */
public record StatisticsSettings(
    @Option("how the server averages running variances; default is the normaliser's own way")
        Averaging averaging,
    @Option(
            name = "switch",
            value = "fixbn: statistics are frozen from this fraction of the rounds on",
            range = "[0, 1]")
        double switchAt,
    @Option(
            value = "fixbn: statistics are frozen once this many rounds are over",
            range = "[0, 1000000]")
        Integer switchRound,
    @Option("fixbn: scale and shift are frozen too") boolean freezeAffine) {
  private static final double HALF = 0.5;

  /** How running variances are averaged. */
  public enum Averaging {
    DEFAULT,
    MEAN,
    TOTAL_VARIANCE
  }

  public StatisticsSettings {
    OptionError.refuseBoth(
        switchRound != null && switchAt != HALF, "statistics.switch-round", "statistics.switch");
  }

  public StatisticsSettings() {
    this(Averaging.DEFAULT, HALF, null, false);
  }

  /** The first round, from 0, in which FixBN's statistics are frozen; perhaps after the last. */
  public int frozenFrom(int rounds) {
    return switchRound != null ? switchRound : TrainingSettings.roundAt(switchAt, rounds);
  }

  /**
   * @param normaliser by name, for example {@code fedbn}, or {@code default}
   * @param rounds of the whole run
   * @param oneClient whether there is a single client, which has nothing to keep to itself
   */
  public StatisticsPolicy policy(String normaliser, int rounds, boolean oneClient) {
    StatisticsPolicy named = named(normaliser, rounds);
    return new StatisticsPolicy(
        averaging == Averaging.DEFAULT
            ? named.averaging()
            : StatisticsPolicy.Averaging.valueOf(averaging.name()),
        oneClient ? StatisticsPolicy.Personal.NOTHING : named.personal(),
        named.freezeFrom(),
        named.freezeAffine(),
        named.global());
  }

  private StatisticsPolicy named(String normaliser, int rounds) {
    return switch (normaliser) {
      case "fedbn" -> StatisticsPolicy.PERSONAL;
      case "hbn" -> StatisticsPolicy.HYBRID;
      case "fbn" -> StatisticsPolicy.GLOBAL;
      case "fixbn" ->
          new StatisticsPolicy(
              StatisticsPolicy.Averaging.MEAN,
              StatisticsPolicy.Personal.NOTHING,
              frozenFrom(rounds),
              freezeAffine,
              false);
      default ->
          !normaliser.equals("default")
                  && Normalisers.named(normaliser) instanceof FederatedNormaliser own
              ? own.statistics(rounds)
              : StatisticsPolicy.AVERAGED;
    };
  }
}
