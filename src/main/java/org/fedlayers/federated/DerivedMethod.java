package org.fedlayers.federated;

import java.util.Optional;

/**
 * A method that is another but for what it states: a record that says which, and overrides what
 * differs, such as {@link FedSpeed} the gradient of {@link FedDyn}.
 */
public interface DerivedMethod extends Method {

  /** The method that this one is but for what it overrides. */
  Method parent();

  @Override
  default Slots slots() {
    return parent().slots();
  }

  @Override
  default int gradientsPerStep() {
    return parent().gradientsPerStep();
  }

  @Override
  default LocalStep localStep(ClientView client) {
    return parent().localStep(client);
  }

  @Override
  default double extraDecay(ClientView client) {
    return parent().extraDecay(client);
  }

  @Override
  default void afterLocal(ClientView client, LocalResult result) {
    parent().afterLocal(client, result);
  }

  @Override
  default void aggregate(ServerView server, CohortSum sum) {
    parent().aggregate(server, sum);
  }

  @Override
  default Optional<String> conflict(LocalTraining training) {
    return parent().conflict(training);
  }
}
