package org.fedlayers.nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.fedlayers.nn.Network;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What only a card can show; skipped, with the reason, where there is none. */
class CardTest {
  private static final String NETWORKS = "org.fedlayers.nn.cuda.CardAgreement#networks";
  private static final String FEW = "org.fedlayers.nn.cuda.CardAgreement#few";

  @BeforeEach
  void needsACard() {
    assumeTrue(Cuda.missing() == null, Cuda.missing());
  }

  @ParameterizedTest
  @MethodSource(NETWORKS)
  void agreesWithThePlan(Network network) {
    assertThat(CardAgreement.distance(network, false))
        .matches(
            distance ->
                distance.isSmall(network, CardAgreement.TOLERANCE, CardAgreement.WITH_KINKS));
  }

  @ParameterizedTest
  @MethodSource(FEW)
  void agreesOnTensorCoresToTenBits(Network network) {
    assertThat(CardAgreement.distance(network, true))
        .matches(
            distance ->
                distance.isSmall(network, CardAgreement.TF32, CardAgreement.TF32_WITH_KINKS));
    assertThat(CardAgreement.repeats(network, true, 4)).isTrue();
  }

  @ParameterizedTest
  @MethodSource(NETWORKS)
  void givesEqualBytesAgainAndBesideOthers(Network network) {
    assertThat(CardAgreement.repeats(network, false, 4)).isTrue();
  }
}
