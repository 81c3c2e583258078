package org.fedlayers.bench;

/** Something that works, and can say how fast. */
interface Measured extends AutoCloseable {

  /** Works for a stretch of time. Returns images, or other units of work, a second. */
  double rate();

  @Override
  default void close() {}
}
