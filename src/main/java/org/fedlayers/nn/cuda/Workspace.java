package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Device memory that the programs of a model share: one runs at a time, so each is laid out from
 * the start again. Blocks never move, since captured graphs hold their addresses.
 */
final class Workspace {
  private static final long BLOCK = 16L << 20;

  private record Block(long address, long floats) {}

  private record Constant(long address, int floats) {}

  private final Device device;
  private final List<Block> blocks = new ArrayList<>();
  private final Map<Long, Deque<Long>> free = new HashMap<>();
  private final Map<Float, Constant> constants = new HashMap<>();
  private int block;
  private long used;

  Workspace(Device device) {
    this.device = device;
  }

  static long aligned(long floats) {
    return Math.max(1, (floats + Device.ALIGNMENT - 1) / Device.ALIGNMENT) * Device.ALIGNMENT;
  }

  /** Begins the layout of another program. */
  void restart() {
    block = 0;
    used = 0;
    free.clear();
  }

  long take(long count) {
    long floats = aligned(count);
    Deque<Long> given = free.get(floats);
    if (given != null && !given.isEmpty()) {
      return given.pop();
    }
    while (block < blocks.size() && used + floats > blocks.get(block).floats()) {
      block++;
      used = 0;
    }
    if (block == blocks.size()) {
      long size = Math.max(BLOCK, floats);
      blocks.add(new Block(device.allocate(size), size));
    }
    long address = blocks.get(block).address() + used;
    used += floats;
    return address;
  }

  /** At least so many ones, or zeros, that nothing overwrites. */
  long constant(float value, int count) {
    Constant known = constants.get(value);
    if (known == null || known.floats() < count) {
      FloatBuffer host = device.staging(count);
      for (int i = 0; i < count; i++) {
        host.put(i, value);
      }
      known = new Constant(device.allocate(count), count);
      device.upload(host, known.address()).run();
      device.await();
      constants.put(value, known);
    }
    return known.address();
  }

  /** Lets the same program use memory again whose content nothing reads any more. */
  void giveBack(long address, long count) {
    free.computeIfAbsent(aligned(count), none -> new ArrayDeque<>()).push(address);
  }
}
