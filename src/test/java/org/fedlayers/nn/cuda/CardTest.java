package org.fedlayers.nn.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.fedlayers.nn.Network;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What only a card can show; skipped, with the reason, where there is none. */
class CardTest {
  @BeforeEach
  void needsACard() {
    assumeTrue(Cuda.missing() == null, Cuda.missing());
  }

  static List<Network> networks() {
    return CardAgreement.networks();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void agreesWithThePlan(Network network) {
    assertThat(CardAgreement.distance(network, false))
        .matches(
            distance ->
                distance.isSmall(network, CardAgreement.TOLERANCE, CardAgreement.WITH_KINKS));
  }

  static List<Network> few() {
    return CardAgreement.few();
  }

  @ParameterizedTest
  @MethodSource("few")
  void agreesOnTensorCoresToTenBits(Network network) {
    assertThat(CardAgreement.distance(network, true))
        .matches(
            distance ->
                distance.isSmall(network, CardAgreement.TF32, CardAgreement.TF32_WITH_KINKS));
    assertThat(CardAgreement.repeats(network, true, 4)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("networks")
  void givesEqualBytesAgainAndBesideOthers(Network network) {
    assertThat(CardAgreement.repeats(network, false, 4)).isTrue();
  }
}
