package org.fedlayers.federated;

import static org.fedlayers.federated.TrainingSettings.Momentum.RESET;
import static org.fedlayers.federated.TrainingSettings.Optimiser.SGD;
import static org.fedlayers.federated.TrainingSettings.Schedule.DECAY;
import static org.fedlayers.federated.TrainingSettings.Unit.ROUNDS;
import static org.fedlayers.options.OptionError.refuseBoth;
import static org.fedlayers.options.OptionError.refuseWithout;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;
import org.fedlayers.options.Option;
import org.fedlayers.options.OptionError;
import org.fedlayers.options.Options;

/**
 * The group {@code training} of an experiment's settings: how a client trains in one round, by SGD
 * with momentum m, v = m v + clip(direction) + decay w, w -= rate v, or by AdamW. Weight decay acts
 * on every weight, biases and affine included, after clipping, as PyTorch's optimisers do. The
 * order of data goes on from round to round.
 *
 * <p>The learning rate is constant within a round. A rate that falls by round would vanish over
 * thousands of one-step rounds, so runs that differ in steps per round are scheduled by samples, or
 * by fractions of the run.
 */
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
        Unit decayBy,
    @Option(value = "rounds or samples per factor of decay", range = "[1, 2000000000]")
        int decayEvery,
    @Option(
            value =
                "fractions of the rounds from which on the rate is lower by training.decay, in"
                    + " place of training.decay-every; for example [0.3, 0.6]",
            range = "(0, 1)")
        List<Double> decayAt,
    @Option(
            value = "sgd, or adamw of betas 0.9 and 0.999",
            paper = "Loshchilov and Hutter 2019, arXiv 1711.05101")
        Optimiser optimiser,
    @Option(value = "momentum of local SGD", range = "[0, 1)") double momentum,
    @Option("momentum between rounds: from zero, kept by the client, averaged by the server")
        Momentum buffers,
    @Option(value = "greatest global norm of a direction; 0 for none", range = "[0, 1e6)")
        double clip,
    @Option(value = "on every weight, after clipping", range = "[0, 1e6)") double weightDecay,
    @Option(value = "MAN's zeta, the penalty on layerwise activations", range = "[0, 1e6)")
        double man) {

  /** What steps along a client's directions. */
  public enum Optimiser {
    SGD,
    ADAMW
  }

  /** What happens to momentum, or AdamW's moments, between rounds. */
  public enum Momentum {
    /** Each round starts from zero. */
    RESET,
    /** Each client keeps its own. */
    LOCAL,
    /** The server sends the mean of the cohort's, weighted like the weights. */
    GLOBAL
  }

  /** What {@code decayEvery} counts. */
  public enum Unit {
    ROUNDS,
    SAMPLES
  }

  /** How the rate falls. */
  public enum Schedule {
    DECAY,
    COSINE
  }

  public TrainingSettings {
    boolean cosine = schedule == Schedule.COSINE;
    boolean bySamples = decayBy == Unit.SAMPLES;
    boolean atFractions = !decayAt.isEmpty();
    boolean adamW = optimiser == Optimiser.ADAMW;
    boolean kept = buffers != Momentum.RESET;
    refuseBoth(epochs != null && steps != null, "training.steps", "training.epochs");
    refuseBoth(cosine && decay != 1, "training.schedule", "training.decay");
    refuseBoth(cosine && decayEvery != 1, "training.schedule", "training.decay-every");
    refuseBoth(cosine && bySamples, "training.schedule", "training.decay-by");
    refuseBoth(atFractions && decayEvery != 1, "training.decay-at", "training.decay-every");
    refuseBoth(atFractions && bySamples, "training.decay-at", "training.decay-by");
    refuseWithout(atFractions && decay == 1, "training.decay-at", "training.decay");
    refuseWithout(decayEvery != 1 && decay == 1, "training.decay-every", "training.decay");
    refuseWithout(bySamples && decay == 1, "training.decay-by", "training.decay");
    refuseBoth(adamW && momentum != 0, "training.optimiser", "training.momentum");
    if (adamW && buffers == Momentum.GLOBAL) {
      throw new OptionError(
          "buffers",
          "training.buffers is global, but AdamW's moments are not sent: set it to reset");
    }
    refuseWithout(kept && !adamW && momentum == 0, "training.buffers", "training.momentum");
  }

  public TrainingSettings() {
    this(null, null, 50, 0.1, DECAY, 1, ROUNDS, 1, List.of(), SGD, 0, RESET, 0, 0, 0);
  }

  /** Plain SGD over so many passes of a client's data a round. */
  public static TrainingSettings epochs(int epochs, double rate) {
    return new TrainingSettings().with("epochs", epochs).with("rate", rate);
  }

  /** Plain SGD by so many mini-batches a round. */
  public static TrainingSettings steps(int steps, double rate) {
    return new TrainingSettings().with("steps", steps).with("rate", rate);
  }

  /** The same with another value of an option, as files spell it; null for its usual value. */
  public TrainingSettings with(String option, Object value) {
    return Options.with(this, option, value);
  }

  /**
   * These settings for a client that trains alone and keeps its buffers from round to round.
   *
   * @param localEpochs passes a round, or null if {@code localSteps} counts
   */
  public TrainingSettings alone(Integer localEpochs, Integer localSteps) {
    return with("epochs", null)
        .with("steps", localSteps)
        .with("epochs", localEpochs)
        .with("buffers", buffersPerWeight() == 0 ? Momentum.RESET : Momentum.LOCAL);
  }

  /**
   * The learning rate of a round; beyond the last one, a cosine's stays what it was there.
   *
   * @param round from 0
   * @param samples processed by all clients before this round
   * @param rounds of the whole run
   */
  public double rate(int round, long samples, int rounds) {
    if (schedule == Schedule.COSINE) {
      // (1 + cos 2x) / 2 without the cancellation near the end.
      double root = StrictMath.cos(Math.PI / 2 * Math.min(round, rounds - 1) / rounds);
      return rate * root * root;
    }
    double progress = decayBy == Unit.ROUNDS ? round : samples;
    double drops =
        decayAt.isEmpty()
            ? progress / decayEvery
            : decayAt.stream().filter(fraction -> roundAt(fraction, rounds) <= round).count();
    return rate * StrictMath.pow(decay, drops);
  }

  /** The first round, from 0, that begins with at least this fraction of the rounds behind it. */
  public static int roundAt(double fraction, int rounds) {
    // As written: 0.55 x 100 is a little more than 55 in binary.
    BigDecimal exact = BigDecimal.valueOf(fraction).multiply(BigDecimal.valueOf(rounds));
    return exact.setScale(0, RoundingMode.CEILING).intValueExact();
  }

  /**
   * Why a method that reads the mean gradient off (theta - theta_i) / (K eta) cannot run here;
   * empty if it can.
   */
  public Optional<String> needsPlainSgd(Method method) {
    return buffersPerWeight() == 0
        ? Optional.empty()
        : Optional.of(
            Methods.ALL.nameOf(method)
                + " reads a client's mean gradient off its total change, (theta - theta_i) / (K eta), which holds for plain SGD only: set momentum to 0, the optimiser to sgd");
  }

  /** Vectors as long as the weights that the optimiser keeps from step to step. */
  int buffersPerWeight() {
    return optimiser == Optimiser.ADAMW ? 2 : momentum == 0 ? 0 : 1;
  }

  /** Steps in one round of a client whose data make so many mini-batches. */
  public int stepsIn(int batchesPerEpoch) {
    return epochs != null ? Math.multiplyExact(epochs, batchesPerEpoch) : steps;
  }
}
