package org.fedlayers.nn.plan;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** One aligned stretch of native memory. */
final class Slab implements AutoCloseable {
  /** A cache line, and the width of the widest vector register. */
  static final long ALIGNMENT = 64;

  private final BytePointer memory;
  private final long start;
  private final long bytes;

  Slab(long bytes) {
    this.bytes = bytes;
    memory = new BytePointer(bytes + ALIGNMENT);
    start = aligned(memory.address()) - memory.address();
    Pointer.memset(memory, 0, bytes + ALIGNMENT);
  }

  static long aligned(long value) {
    return (value + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  long bytes() {
    return bytes;
  }

  BytePointer at(long offset) {
    return memory.getPointer(start + offset);
  }

  @Override
  public void close() {
    memory.close();
  }
}
