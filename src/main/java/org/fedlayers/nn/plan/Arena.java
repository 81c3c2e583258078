package org.fedlayers.nn.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** One aligned, zeroed range of native memory, in which buffers lie at offsets in bytes. */
final class Arena implements AutoCloseable {
  /** A cache line, and the width of the widest vector register. */
  private static final long ALIGNMENT = 64;

  final long bytes;
  private final BytePointer memory;
  private final long start;

  Arena(long bytes) {
    this.bytes = bytes;
    memory = new BytePointer(bytes + ALIGNMENT);
    start = aligned(memory.address()) - memory.address();
    Pointer.memset(memory, 0, bytes + ALIGNMENT);
  }

  /**
   * Gives every buffer an offset such that no two that are alive together overlap: largest first,
   * each at the lowest offset that is free throughout its life.
   *
   * @param buffers no views
   * @return the bytes that all of them need
   */
  static long layOut(List<Buffer> buffers) {
    List<Buffer> bySize = new ArrayList<>(buffers);
    bySize.sort(Comparator.comparingLong(Buffer::bytes).reversed());
    List<Buffer> byOffset = new ArrayList<>();
    long needed = 0;
    for (Buffer buffer : bySize) {
      long offset = 0;
      for (Buffer other : byOffset) {
        if (!buffer.isAliveWith(other)) {
          continue;
        }
        if (offset + buffer.bytes() <= other.offset()) {
          break;
        }
        offset = Math.max(offset, aligned(other.offset() + other.bytes()));
      }
      buffer.moveTo(offset);
      byOffset.add(buffer);
      byOffset.sort(Comparator.comparingLong(Buffer::offset));
      needed = Math.max(needed, aligned(offset + buffer.bytes()));
    }
    return needed;
  }

  private static long aligned(long value) {
    return (value + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }

  BytePointer at(long offset) {
    return memory.getPointer(start + offset);
  }

  @Override
  public void close() {
    memory.close();
  }
}
