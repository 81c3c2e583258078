package org.fedlayers.federated;

import java.util.Optional;

class FedDcTest extends MethodContract {
  @Override
  Method method() {
    return new FedDc(0.1);
  }

  @Override
  Optional<Method> vanishing() {
    return Optional.empty();
  }
}
