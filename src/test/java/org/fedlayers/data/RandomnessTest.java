package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class RandomnessTest {

  @Test
  void bitsUnderAKeyAreThoseOfSplitMix64() {
    long key = new Randomness(8).key("augmentation", 1, 2, 3);
    var reference = RandomSource.SPLIT_MIX_64.create(key);
    for (int i = 0; i < 100; i++) {
      assertThat(Randomness.at(key, i)).isEqualTo(reference.nextLong());
    }
  }

  @Test
  void seedPurposePlaceAndItsLengthAllTellDrawsApart() {
    Set<Long> keys = new HashSet<>();
    for (long seed : new long[] {0, 1, -1, Long.MIN_VALUE}) {
      Randomness randomness = new Randomness(seed);
      for (String purpose : new String[] {"", "a", "ab", "ba", "batch"}) {
        keys.add(randomness.key(purpose));
        for (long i = -1; i < 3; i++) {
          keys.add(randomness.key(purpose, i));
          for (long j = -1; j < 3; j++) {
            keys.add(randomness.key(purpose, i, j));
          }
        }
      }
    }
    assertThat(keys).hasSize(4 * 5 * (1 + 4 + 16));
    assertThat(new Randomness(3).of("x", 1).nextLong())
        .isEqualTo(new Randomness(3).of("x", 1).nextLong());
  }
}
