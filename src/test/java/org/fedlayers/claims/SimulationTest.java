package org.fedlayers.claims;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How often a rule errs on results whose truth is known. */
class SimulationTest {
  private static final int DRAWS = 400;
  @TempDir Path root;

  /** The first edition's rule for M5 refuted such families in most draws. */
  @Test
  void aFamilyWhereEveryLayerIsTenPercentFlatterIsHardlyEverRefuted() throws Exception {
    Random random = new Random(7);
    Rule rule = new HandMade(root).claim("M5a").rule();
    int refuted = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      Path results = root.resolve("draw" + draw);
      HandMade made = new HandMade(results);
      for (String method : new String[] {"fedavg", "feddyn alpha=0.01"}) {
        for (int layer = 1; layer <= 4; layer++) {
          double[] without = new double[3];
          double[] with = new double[3];
          for (int seed = 0; seed < 3; seed++) {
            // Layers differ in size, and in how much their ratios differ from seed to seed.
            without[seed] = 10 * layer * Math.exp(0.2 * random.nextGaussian());
            with[seed] = 0.9 * without[seed] * Math.exp(0.05 * layer * random.nextGaussian());
          }
          made.curvature("laptop/man/methods", "layer", layer, method(method, "0"), without);
          made.curvature("laptop/man/methods", "layer", layer, method(method, "0.15"), with);
        }
      }
      Judgement judgement = rule.judge(made.evidence("laptop"));
      assertThat(judgement.interval().isKnown()).isTrue();
      Verdict verdict = judgement.verdict();
      refuted += verdict == Verdict.NOT_REPRODUCED || verdict == Verdict.OPPOSITE ? 1 : 0;
    }
    assertThat(refuted).isLessThanOrEqualTo((int) (0.025 * DRAWS));
  }

  private static Map<String, String> method(String name, String zeta) {
    return Map.of("method", name, "training.man", zeta);
  }
}
