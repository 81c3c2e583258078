package org.fedlayers.federated;

import java.util.Optional;

class FedCmTest extends MethodContract {
  @Override
  Method method() {
    return new FedCm(0.3, 0.9);
  }

  @Override
  Optional<Method> vanishing() {
    return Optional.of(new FedCm(1, 1));
  }
}
