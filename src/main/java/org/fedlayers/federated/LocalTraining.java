package org.fedlayers.federated;

import java.util.Optional;
import org.fedlayers.options.Option;
import org.fedlayers.options.Options;
import org.fedlayers.options.UserError;

/**
 * How a client trains in one round: SGD with momentum m, v = m v + clip(direction) + decay w, w -=
 * rate v, or AdamW. Weight decay acts on every weight, biases and affine included, after clipping,
 * as PyTorch's optimisers do.
 *
 * @param epochs passes over the client's data a round, or 0 if {@code steps} counts
 * @param steps mini-batches a round, or 0 if {@code epochs} counts; data order goes on from round
 *     to round
 * @param rate the learning rate
 * @param optimiser what steps along directions
 * @param momentum m, 0 for plain SGD
 * @param buffers what happens to v, or AdamW's moments, between rounds
 * @param clip greatest global norm of the direction; 0 for no clipping
 * @param weightDecay per step, before the factor of the rate
 * @param activationPenalty MAN's zeta; 0 for none
 */
public record LocalTraining(
    int epochs,
    int steps,
    RateSchedule rate,
    Optimiser optimiser,
    @Option(value = "momentum of local SGD", range = "[0, 1)") double momentum,
    Momentum buffers,
    @Option(value = "greatest norm of a direction", range = "[0, 1e6]") double clip,
    @Option(value = "decay of every weight", range = "[0, 1e6]") double weightDecay,
    @Option(value = "MAN's zeta", range = "[0, 1e6]") double activationPenalty) {

  /** What steps along a client's directions. */
  public enum Optimiser {
    SGD,
    ADAMW
  }

  /** What happens to momentum buffers between rounds. */
  public enum Momentum {
    /** Each round starts from zero. */
    RESET,
    /** Each client keeps its own. */
    LOCAL,
    /** The server sends the mean of the cohort's, weighted like the weights. */
    GLOBAL
  }

  public LocalTraining {
    if ((epochs < 1) == (steps < 1)) {
      throw new UserError(
          "a round has either epochs or steps, at least 1; found %d epochs and %d steps"
              .formatted(epochs, steps));
    }
    if (optimiser == Optimiser.ADAMW && (momentum != 0 || buffers == Momentum.GLOBAL)) {
      throw new UserError("momentum, and to send it, is for sgd; AdamW has moments of its own");
    }
    Options.check(
        LocalTraining.class,
        epochs,
        steps,
        rate,
        optimiser,
        momentum,
        buffers,
        clip,
        weightDecay,
        activationPenalty);
  }

  public static LocalTraining epochs(int epochs, double rate) {
    return new LocalTraining(
        epochs, 0, RateSchedule.constant(rate), Optimiser.SGD, 0, Momentum.RESET, 0, 0, 0);
  }

  public static LocalTraining steps(int steps, double rate) {
    return new LocalTraining(
        0, steps, RateSchedule.constant(rate), Optimiser.SGD, 0, Momentum.RESET, 0, 0, 0);
  }

  public LocalTraining withRate(RateSchedule other) {
    return new LocalTraining(
        epochs, steps, other, optimiser, momentum, buffers, clip, weightDecay, activationPenalty);
  }

  public LocalTraining withOptimiser(Optimiser other) {
    return new LocalTraining(
        epochs, steps, rate, other, momentum, buffers, clip, weightDecay, activationPenalty);
  }

  public LocalTraining withMomentum(double factor, Momentum policy) {
    return new LocalTraining(
        epochs, steps, rate, optimiser, factor, policy, clip, weightDecay, activationPenalty);
  }

  public LocalTraining withClip(double norm) {
    return new LocalTraining(
        epochs, steps, rate, optimiser, momentum, buffers, norm, weightDecay, activationPenalty);
  }

  public LocalTraining withWeightDecay(double decay) {
    return new LocalTraining(
        epochs, steps, rate, optimiser, momentum, buffers, clip, decay, activationPenalty);
  }

  public LocalTraining withActivationPenalty(double zeta) {
    return new LocalTraining(
        epochs, steps, rate, optimiser, momentum, buffers, clip, weightDecay, zeta);
  }

  /**
   * Why a method that reads the mean gradient off (theta - theta_i) / (K eta) cannot run here;
   * empty if it can.
   */
  public Optional<String> needsPlainSgd(String method) {
    return momentum == 0 && optimiser == Optimiser.SGD
        ? Optional.empty()
        : Optional.of(
            method
                + " reads a client's mean gradient off its total change, (theta - theta_i) / (K eta), which holds for plain SGD only: set momentum to 0, the optimiser to sgd");
  }

  /** Vectors as long as the weights that the optimiser keeps from step to step. */
  int buffersPerWeight() {
    return optimiser == Optimiser.ADAMW ? 2 : momentum == 0 ? 0 : 1;
  }

  /** Steps in one round of a client whose data make so many mini-batches. */
  public int stepsIn(int batchesPerEpoch) {
    return epochs > 0 ? Math.multiplyExact(epochs, batchesPerEpoch) : steps;
  }
}
