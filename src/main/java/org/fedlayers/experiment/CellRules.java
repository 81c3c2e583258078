package org.fedlayers.experiment;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.Setting;
import org.fedlayers.federated.StatisticsSettings;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Network;
import org.fedlayers.options.Key;
import org.fedlayers.options.Located;
import org.fedlayers.options.OptionError;
import org.fedlayers.options.Problems;
import org.fedlayers.options.UserError;
import org.fedlayers.options.Values;

/**
 * Reads the settings of one cell after the other, and what they must satisfy together. What a cell
 * cannot use (an option of another method, of another normaliser) is left out of it; {@link
 * #isUsed} tells whether some cell could.
 */
final class CellRules {
  private final Problems problems;
  private final String file;

  /** Values that some cell uses, or that are refused already: by identity. */
  private final Set<Located> used = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Map<Located, String> unused = new IdentityHashMap<>();

  CellRules(Problems problems, String file) {
    this.problems = problems;
    this.file = file;
  }

  /** Whether this value has reached a cell. */
  boolean isUsed(Located value) {
    return used.contains(value);
  }

  /** Why no cell could use a value; null if none had it. */
  String whyUnused(Located value) {
    return unused.get(value);
  }

  /** The configuration of one cell, without what has no effect in it; null if it is refused. */
  Configuration read(Map<String, Located> located) {
    Reading cell = new Reading(located);
    cell.read();
    used.addAll(cell.sound ? cell.mine : located.values());
    return cell.sound ? cell.configuration : null;
  }

  /** One cell while it is read. */
  private final class Reading {
    private final Map<String, Located> located;
    private final Set<Located> mine = Collections.newSetFromMap(new IdentityHashMap<>());
    private Configuration configuration;
    private boolean sound = true;

    Reading(Map<String, Located> located) {
      this.located = located;
    }

    /**
     * Refuses at the first of the keys that is written; the places of the others are named.
     *
     * @param keys separated by spaces
     */
    private void refuse(String keys, String message) {
      var written = Stream.of(keys.split(" ")).filter(located::containsKey).distinct().toList();
      String place = written.isEmpty() ? file : located.get(written.get(0)).place();
      String others =
          written.stream()
              .skip(1)
              .filter(key -> !located.get(key).place().equals(place))
              .map(key -> key + " at " + located.get(key).place())
              .collect(Collectors.joining(", "));
      problems.add(place, others.isEmpty() ? message : message + " (" + others + ")");
      sound = false;
    }

    /** Runs a step and reports its refusal at the place where the option was written. */
    private void attempt(String group, String otherwise, Runnable step) {
      try {
        step.run();
      } catch (UserError refusal) {
        List<String> keys = new ArrayList<>();
        if (refusal instanceof OptionError error) {
          keys.addAll(List.of(group + error.option(), error.other()));
        }
        keys.add(otherwise);
        located.keySet().stream()
            .filter(key -> !group.isEmpty() && key.startsWith(group))
            .forEach(keys::add);
        refuse(String.join(" ", keys), refusal.getMessage());
      }
    }

    void read() {
      mine.addAll(located.values());
      configuration =
          Configuration.read(
              Located.plain(located), (key, why) -> refuse(key, why.getMessage()), this::notTaken);
      if (sound) {
        together();
      }
    }

    /** What holds anyway is no mistake. */
    private void notTaken(String key, UserError why) {
      if (!Keys.named(key).isDefault(located.get(key).plain())) {
        Located named = located.get(Keys.canonical(Keys.group(key)));
        String place = named == null ? "" : " (named at " + named.place() + ")";
        useless(key, why.getMessage() + place);
      }
    }

    private void useless(String key, String why) {
      mine.remove(located.get(key));
      unused.put(located.get(key), why);
    }

    private void together() {
      attempt("", "rounds", configuration::run);
      attempt("data.", "data.set", configuration::data);
      attempt("federation.", "federation.clients", configuration::federation);
      attempt("training.", "training.epochs", configuration::training);
      attempt("scoring.", "scoring.points", configuration::scoring);
      attempt("statistics.", "statistics.switch", configuration::statistics);
      needed("training.epochs", "training.steps");
      needed("rounds", "total-steps");
      attempt("partition.", "partition.name", configuration::partition);
      attempt("model.", "model.name", configuration::network);
      if (!sound) {
        return;
      }
      rounds();
      if (sound) {
        attempt("method.", "method.name", this::method);
        images();
        arms();
        switching();
        decays();
        measures();
        withoutUnused();
      }
    }

    private void needed(String one, String other) {
      require(
          configuration.has(one) || configuration.has(other),
          "",
          one + " or " + other + " is needed: " + Keys.named(one).meaning());
    }

    private void require(boolean holds, String keys, String message) {
      if (!holds) {
        refuse(keys, message);
      }
    }

    /** That the method goes with the cell's training and draws. */
    private void method() {
      String keys = "method.name training.momentum training.optimiser federation.sampling";
      Setting.conflict(configuration.method(), configuration.training(), configuration.federation())
          .ifPresent(reason -> refuse(keys, reason));
    }

    private void rounds() {
      Integer total = configuration.run().totalSteps();
      Integer steps = configuration.training().steps();
      require(
          total == null || steps != null && total % steps == 0,
          "total-steps training.steps",
          "total-steps is %d, expected a multiple of training.steps (%s)".formatted(total, steps));
      Integer points = configuration.scoring().points();
      if (sound && points != null && points > configuration.rounds()) {
        refuse(
            "scoring.points rounds total-steps training.steps",
            "scoring.points is %d, but there are only %d rounds"
                .formatted(points, configuration.rounds()));
      }
    }

    private boolean isFixBn() {
      return configuration.normaliser().equals("fixbn");
    }

    /** FixBN that never freezes is BN, which only a fraction of 1 asks for. */
    private void switching() {
      StatisticsSettings statistics = configuration.statistics();
      boolean byRound = statistics.switchRound() != null;
      int rounds = configuration.rounds();
      require(
          !isFixBn() || statistics.switchAt() == 1 || statistics.frozenFrom(rounds) < rounds,
          "statistics.switch-round statistics.switch rounds total-steps training.steps",
          "%s is %s, but there are only %d rounds: nothing would be frozen"
              .formatted(
                  byRound ? "statistics.switch-round" : "statistics.switch",
                  byRound ? statistics.switchRound() : statistics.switchAt(),
                  rounds));
    }

    /** A rate that falls after the last round never falls. */
    private void decays() {
      int rounds = configuration.rounds();
      configuration.training().decayAt().stream()
          .filter(fraction -> TrainingSettings.roundAt(fraction, rounds) >= rounds)
          .forEach(
              fraction ->
                  refuse(
                      "training.decay-at rounds total-steps training.steps",
                      "training.decay-at is %s, but there are only %d rounds: none would have the lower rate"
                          .formatted(fraction, rounds)));
    }

    /** That central arms can see as many images as the clients do. */
    private void arms() {
      FederationSettings federation = configuration.federation();
      boolean fewer = federation.isBySize() || federation.stragglers() > 0;
      require(
          !fewer || configuration.run().isFederatedAlone(),
          "arms federation.sampling federation.stragglers",
          "no central arm sees as many images as clients that are drawn by size or straggle: set"
              + " arms to [federated]");
    }

    /** Counts of steps have to fit 32 bits and counts of samples 64 bits, in every arm. */
    private void images() {
      FederationSettings federation = configuration.federation();
      TrainingSettings training = configuration.training();
      Integer train = configuration.data().train();
      int clients = federation.clients();
      int batch = training.batch();
      int rounds = configuration.rounds();
      long images = NominalHours.images(configuration);
      require(
          train == null || federation.samples() == null,
          "federation.samples data.train",
          OptionError.both("federation.samples", "data.train").getMessage());
      require(
          train == null || clients <= train,
          "federation.clients data.train",
          "federation.clients is %d, more than the %d training images of data.train"
              .formatted(clients, train));
      require(
          images <= Integer.MAX_VALUE,
          "federation.samples federation.clients",
          "federation.samples is %d for each of %d clients, more than any image set has"
              .formatted(federation.samples(), clients));
      boolean bySteps = training.steps() != null;
      long local = bySteps ? training.steps() : training.epochs();
      double steps =
          local * (bySteps ? federation.expectedCohort() : Math.ceil(1.0 * images / batch));
      double samples = steps * rounds * Math.min(batch, images);
      String key = bySteps ? "training.steps" : "training.epochs";
      require(
          steps <= Integer.MAX_VALUE && samples <= Long.MAX_VALUE,
          key + " rounds training.batch federation.samples federation.clients data.train",
          "%s is %d: with %d rounds and %d images in batches of %d, steps are beyond counting"
              .formatted(key, local, rounds, images, batch));
    }

    private void measures() {
      Network network = configuration.network();
      require(
          !network.penalised().isEmpty() || configuration.training().man() == 0,
          "training.man model.name",
          "training.man has no effect: %s has no activations to penalise"
              .formatted(network.name()));
      require(
          !network.hasHybrid() || !configuration.measure().has(Measurement.STATISTICS),
          "measure.what model.normaliser",
          "statistics of hbn cannot be measured: it normalises by what would be re-estimated");
      require(
          !network.penalised().isEmpty() || !configuration.measure().has(Measurement.ACTIVATIONS),
          "measure.what model.name",
          "%s has no activations to measure".formatted(network.name()));
      if (network.isStandardised()) {
        String why = "model.weight-standardisation";
        refuseMeasures(Measurement::isByDualNumbers, "standardised weights", why);
      }
      if (configuration.data().featureShift() > 0) {
        refuseMeasures(Measurement::isOnTrainingImages, "shifted images", "data.feature-shift");
      }
    }

    private void refuseMeasures(Predicate<Measurement> which, String of, String why) {
      configuration.measure().what().stream()
          .filter(which)
          .map(Values::word)
          .forEach(one -> refuse("measure.what " + why, one + " of " + of + " cannot be measured"));
    }

    /** Options of a normaliser that the cell does not have are left out of it. */
    private void withoutUnused() {
      for (Key option : Keys.GROUPS.get("statistics").keys()) {
        String key = Keys.name("statistics", option);
        boolean uses =
            key.endsWith("averaging") ? configuration.network().statisticsCount() > 0 : isFixBn();
        if (configuration.has(key) && !uses) {
          configuration = configuration.without(key);
          useless(
              key,
              key + " has no effect: no cell has a normaliser that takes it; " + option.meaning());
        }
      }
      unlessMeasured("measure.features", Measurement.CKA);
      unlessMeasured("measure.steps", Measurement.LANDSCAPE);
      unlessMeasured(
          "measure.images",
          Measurement.ACTIVATIONS,
          Measurement.CURVATURE,
          Measurement.LANDSCAPE,
          Measurement.STATISTICS);
    }

    /** What a file says of measures stands there for those that may be asked for later. */
    private void unlessMeasured(String key, Measurement... by) {
      List<Measurement> what = configuration.measure().what();
      boolean asked = configuration.has(key) && located.get(key).place().startsWith("--set");
      if (asked && Collections.disjoint(what, List.of(by))) {
        String words = Stream.of(by).map(Values::word).collect(Collectors.joining(", "));
        useless(key, "%s has no effect: no cell measures %s".formatted(key, words));
      }
    }
  }
}
