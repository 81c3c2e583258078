package org.fedlayers.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.dnnl.engine;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArenaTest {
  @BeforeAll
  static void runsHere() {
    assumeTrue(PlanModel.missing() == null, PlanModel::missing);
  }

  @Test
  void buffersAliveTogetherNeverOverlapAndOthersShare() {
    try (var engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0)) {
      var random = new Random(1);
      List<Buffer> buffers = new ArrayList<>();
      int[] first = new int[60];
      int[] last = new int[60];
      long total = 0;
      for (int i = 0; i < first.length; i++) {
        Buffer buffer = new Buffer(Layouts.plain(1 + random.nextInt(400)), engine, 0);
        first[i] = random.nextInt(100);
        last[i] = first[i] + random.nextInt(20);
        buffer.touchedBy(first[i]);
        buffer.touchedBy(last[i]);
        buffers.add(buffer);
        total += buffer.bytes();
      }
      long needed = Arena.layOut(buffers);
      try (var arena = new Arena(needed)) {
        buffers.forEach(buffer -> buffer.bind(arena));
        // Each buffer is filled with its number when it begins to live, and read when it ends.
        for (int step = 0; step < 120; step++) {
          for (int i = 0; i < buffers.size(); i++) {
            if (first[i] == step) {
              fill(buffers.get(i), i);
            }
          }
          for (int i = 0; i < buffers.size(); i++) {
            if (last[i] == step) {
              assertFilled(buffers.get(i), i);
            }
          }
        }
        assertThat(needed).isLessThan(total / 2);
      }
    }
  }

  @Test
  void whatJavaCannotSeeWholeIsRefused() {
    try (var engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0)) {
      Buffer buffer = new Buffer(Layouts.plain(1 << 15, 1 << 14), engine, 0);
      assertThatThrownBy(buffer::floats)
          .isInstanceOf(UserError.class)
          .hasMessageContainingAll("2147483648 bytes", "training.batch");
    }
  }

  private static void fill(Buffer buffer, int value) {
    for (int i = 0; i < buffer.floats().capacity(); i++) {
      buffer.floats().put(i, value);
    }
  }

  private static void assertFilled(Buffer buffer, int value) {
    for (int i = 0; i < buffer.floats().capacity(); i++) {
      assertThat(buffer.floats().get(i)).isEqualTo(value);
    }
  }
}
