package org.fedlayers.federated;

import java.util.List;
import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;

/** The group {@code training} of an experiment's settings: how a client trains in a round. */
public record TrainingSettings(
    @Option(value = "passes over a client's images a round", range = "[1, 100000]") Integer epochs,
    @Option(value = "mini-batches a round, in place of epochs", range = "[1, 10000000]")
        Integer steps,
    @Option(value = "images a mini-batch", range = "[1, 2147483647]") int batch,
    @Option(value = "learning rate of the first round", range = "(0, 1e6)") double rate,
    @Option(
            value = "the rate's fall: as training.decay says, or cosine, over the rounds towards 0",
            paper = "Loshchilov and Hutter 2017, arXiv 1608.03983")
        Schedule schedule,
    @Option(
            value = "factor of the rate per training.decay-every, or at each of training.decay-at",
            range = "(0, 1]")
        double decay,
    @Option("what training.decay-every counts; samples makes runs of unlike rounds comparable")
        RateSchedule.Unit decayBy,
    @Option(value = "rounds or samples per factor of decay", range = "[1, 2000000000]")
        int decayEvery,
    @Option(
            value =
                "fractions of the rounds from which on the rate is lower by training.decay, in"
                    + " place of training.decay-every; for example [0.3, 0.6]",
            range = "(0, 1)")
        List<Double> decayAt,
    @Option(
            value = "sgd, or adamw of betas 0.9 and 0.999, which starts anew each round",
            paper = "Loshchilov and Hutter 2019, arXiv 1711.05101")
        LocalTraining.Optimiser optimiser,
    @Option(value = "momentum of local SGD", range = "[0, 1)") double momentum,
    @Option("momentum between rounds: from zero, kept by the client, averaged by the server")
        LocalTraining.Momentum buffers,
    @Option(value = "greatest global norm of a direction; 0 for none", range = "[0, 1e6)")
        double clip,
    @Option(value = "on every weight, after clipping", range = "[0, 1e6)") double weightDecay,
    @Option(value = "MAN's zeta, the penalty on layerwise activations", range = "[0, 1e6)")
        double man) {

  /** How the rate falls. */
  public enum Schedule {
    DECAY,
    COSINE
  }

  public TrainingSettings {
    if (epochs != null && steps != null) {
      throw OptionError.both("training.steps", "training.epochs");
    }
    boolean rounds = decayBy == RateSchedule.Unit.ROUNDS;
    if (schedule == Schedule.COSINE && (decay != 1 || decayEvery != 1 || !rounds)) {
      String key =
          decay != 1
              ? "training.decay"
              : decayEvery != 1 ? "training.decay-every" : "training.decay-by";
      throw OptionError.both("training.schedule", key);
    }
    if (!decayAt.isEmpty() && decayEvery != 1) {
      throw OptionError.both("training.decay-at", "training.decay-every");
    }
    if (!decayAt.isEmpty() && !rounds) {
      throw OptionError.both("training.decay-at", "training.decay-by");
    }
    if (!decayAt.isEmpty() && decay == 1) {
      throw OptionError.without("training.decay-at", "training.decay");
    }
    if (optimiser == LocalTraining.Optimiser.ADAMW && momentum != 0) {
      throw OptionError.both("training.optimiser", "training.momentum");
    }
    if (buffers != LocalTraining.Momentum.RESET && momentum == 0) {
      throw OptionError.without("training.buffers", "training.momentum");
    }
  }

  public TrainingSettings() {
    this(
        null,
        null,
        50,
        0.1,
        Schedule.DECAY,
        1,
        RateSchedule.Unit.ROUNDS,
        1,
        List.of(),
        LocalTraining.Optimiser.SGD,
        0,
        LocalTraining.Momentum.RESET,
        0,
        0,
        0);
  }

  /** The learning rate over a run of so many rounds. */
  public RateSchedule schedule(int rounds) {
    if (schedule == Schedule.COSINE) {
      return RateSchedule.cosine(rate, rounds);
    }
    return decayAt.isEmpty()
        ? RateSchedule.exponential(rate, decay, decayBy, decayEvery)
        : RateSchedule.steps(
            rate,
            decay,
            decayAt.stream().map(share -> RateSchedule.roundAt(share, rounds)).toList());
  }

  /** How clients train in a run of so many rounds. */
  public LocalTraining local(int rounds) {
    return local(epochs == null ? 0 : epochs, steps == null ? 0 : steps, buffers, rounds);
  }

  /**
   * The same, but for how long and what happens to momentum.
   *
   * @param localEpochs or 0 if {@code localSteps} counts
   * @param localSteps or 0 if {@code localEpochs} counts
   * @param rounds of the whole run
   */
  public LocalTraining local(
      int localEpochs, int localSteps, LocalTraining.Momentum policy, int rounds) {
    return new LocalTraining(
        localEpochs,
        localSteps,
        schedule(rounds),
        optimiser,
        momentum,
        policy,
        clip,
        weightDecay,
        man);
  }
}
