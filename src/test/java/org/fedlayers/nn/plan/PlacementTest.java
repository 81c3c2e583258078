package org.fedlayers.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.dnnl.engine;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PlacementTest {
  @BeforeAll
  static void runsHere() {
    assumeTrue(PlanModel.missing() == null, PlanModel::missing);
  }

  @Test
  void regionsAliveTogetherNeverOverlapAndOthersShare() {
    try (var engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0)) {
      var random = new Random(1);
      List<Region> regions = new ArrayList<>();
      long total = 0;
      for (int i = 0; i < 60; i++) {
        Region region = Region.unplaced(Layouts.plain(1 + random.nextInt(400)), engine);
        int first = random.nextInt(100);
        region.touchedBy(first);
        region.touchedBy(first + random.nextInt(20));
        regions.add(region);
        total += region.bytes();
      }
      var placement = new Placement(regions);
      try (var slab = new Slab(placement.bytes())) {
        placement.bind(slab);
        // Each region is filled with its number when it begins to live, and read when it ends.
        for (int step = 0; step < 120; step++) {
          for (int i = 0; i < regions.size(); i++) {
            if (regions.get(i).firstStep() == step) {
              fill(regions.get(i), i);
            }
          }
          for (int i = 0; i < regions.size(); i++) {
            if (regions.get(i).lastStep() == step) {
              assertFilled(regions.get(i), i);
            }
          }
        }
        assertThat(placement.bytes()).isLessThan(total / 2);
      }
    }
  }

  private static void fill(Region region, int value) {
    for (int i = 0; i < region.floats().capacity(); i++) {
      region.floats().put(i, value);
    }
  }

  private static void assertFilled(Region region, int value) {
    for (int i = 0; i < region.floats().capacity(); i++) {
      assertThat(region.floats().get(i)).isEqualTo(value);
    }
  }
}
