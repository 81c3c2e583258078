package org.fedlayers.options;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

  @Test
  void namesTheNearestOrAll() {
    List<String> known = List.of("fedavg", "fedprox", "scaffold");
    assertThat(Spelling.hint("fedprx", known)).isEqualTo("; did you mean 'fedprox'?");
    assertThat(Spelling.hint("scafold", known)).isEqualTo("; did you mean 'scaffold'?");
    assertThat(Spelling.hint("momentum", known))
        .isEqualTo("; there are: fedavg, fedprox, scaffold");
    assertThat(Spelling.hint("sitting", List.of("kitten"))).contains("there are");
    assertThat(Spelling.hint("sittings", List.of("sitting", "fitting"))).contains("'sitting'");
    assertThat(Spelling.hint("x", List.of())).isEqualTo("; there are none");
  }
}
