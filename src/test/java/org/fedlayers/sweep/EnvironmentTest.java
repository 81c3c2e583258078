package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {

  @Test
  void whereACellRanIsToldInTurn() {
    Map<String, Object> two = Map.of("executor", "plan", "arithmetic", 2, "java", "17");
    Map<String, Object> three = Map.of("executor", "plan", "arithmetic", 3, "java", "17");
    Map<String, String> before = Map.of("executor", "plan", "arithmetic", "2", "java", "17");
    assertThat(Environment.after(before, two)).isEqualTo(two);
    Map<String, Object> both = Environment.after(before, three);
    assertThat(both).containsEntry("arithmetic", "2, then 3").containsEntry("executor", "plan");
    assertThat(Environment.after(Environment.decisive(both), three)).isEqualTo(both);
    assertThat(Environment.after(Environment.decisive(both), two))
        .containsEntry("arithmetic", "2, then 3, then 2");
  }
}
