package org.fedlayers.experiment;

import java.util.Locale;
import org.fedlayers.options.Values;

/**
 * A federated run, or one of two centralised baselines. Let K clients (on average, those of a
 * cohort) hold n images each, train E epochs a round with batch b, and let there be R rounds. All
 * arms see the same images, start from the same weights, follow the same learning rates round by
 * round, and process the same number of images: R E K n with full participation.
 *
 * <ul>
 *   <li>{@code FEDERATED}: K clients, R E n/b sequential steps of each.
 *   <li>{@code CENTRAL_SMALL}: one client holds the images of all clients and trains with batch b:
 *       the same passes over the data in K times as many sequential steps. What training can reach.
 *   <li>{@code CENTRAL_LARGE}: one client holds the images of all clients and trains with batch K
 *       b: the same passes and the same number of sequential steps as one federated client. With
 *       one step a round and equal batches this is FedAvg itself, unless a network normalises by
 *       batch. So what FedAvg loses against it is the drift of clients (under BN also what smaller
 *       batches of statistics cost), and what this arm loses against {@code CENTRAL_SMALL} is the
 *       price of a large batch.
 * </ul>
 *
 * <p>Central arms run plain SGD, also where the method is another one, keep their momentum from
 * round to round, and draw the order of images anew for each seed and pass. Where rounds are
 * counted in steps or only a part of the clients takes part, K is the expected cohort and a central
 * round takes as many full batches as its clients process images, to rounding, and at least one.
 */
public enum Arm {
  FEDERATED,
  CENTRAL_SMALL,
  CENTRAL_LARGE;

  /** As files spell it. */
  public String text() {
    return Values.word(this);
  }

  public static Arm named(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
  }
}
