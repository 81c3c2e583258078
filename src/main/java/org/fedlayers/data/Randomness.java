package org.fedlayers.data;

import java.nio.charset.StandardCharsets;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Counted randomness: the generator of any draw is made from the experiment's seed, the purpose of
 * the draw and its place (round, client, epoch, ...). No draw depends on an earlier one, so there
 * is no state to save and any order of execution gives the same bits.
 *
 * @param seed the experiment's seed
 */
public record Randomness(long seed) {
  /** 2^64 divided by the golden ratio: the increment of SplitMix64. */
  private static final long STEP = 0x9E3779B97F4A7C15L;

  /**
   * The generator for one purpose at one place.
   *
   * @param purpose what is drawn, for example {@code "partition"} or {@code "cohort"}
   * @param place counters that tell this draw from others of its purpose, for example round and
   *     client
   */
  public UniformRandomProvider of(String purpose, long... place) {
    return RandomSource.XO_SHI_RO_256_PP.create(key(purpose, place));
  }

  /**
   * The 64 bits that stand for one purpose at one place: the seed of {@link #of}, or a key for
   * {@link #at} where a generator per draw would be too dear.
   */
  public long key(String purpose, long... place) {
    long key = mix(seed + STEP);
    for (byte letter : purpose.getBytes(StandardCharsets.UTF_8)) {
      key = mix(key + STEP * (letter + 1L));
    }
    key = mix(key ^ place.length);
    for (long counter : place) {
      key = mix(key + STEP * (counter + 1L));
    }
    return key;
  }

  /** The counter-th 64 random bits under a key: SplitMix64 read at any position, in any order. */
  public static long at(long key, long counter) {
    return mix(key + STEP * (counter + 1L));
  }

  /** A uniform number in [0, 1) from the bits {@link #at} a counter. */
  static double unit(long key, long counter) {
    return (at(key, counter) >>> 11) * 0x1p-53;
  }

  /** A uniform whole number in 0..bound-1 from the bits {@link #at} a counter. */
  static int below(int bound, long key, long counter) {
    return (int) (((at(key, counter) >>> 32) * bound) >>> 32);
  }

  /**
   * A standard normal draw (Marsaglia's polar method), from StrictMath for equal bits everywhere.
   */
  public static double normal(UniformRandomProvider generator) {
    while (true) {
      double x = 2 * generator.nextDouble() - 1;
      double y = 2 * generator.nextDouble() - 1;
      double square = x * x + y * y;
      if (square < 1 && square > 0) {
        return x * Math.sqrt(-2 * StrictMath.log(square) / square);
      }
    }
  }

  /**
   * The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every input bit reaches every output
   * bit.
   */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
