package org.fedlayers.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What a second is. Without other work on the machine both clocks agree. */
public enum Clock {
  /** Time that passes. */
  WALL {
    @Override
    long nanos() {
      return System.nanoTime();
    }
  },
  /** Time the measured thread was running: for a machine that has other work too. */
  CPU {
    @Override
    long nanos() {
      return THREADS.getCurrentThreadCpuTime();
    }
  };

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Of the calling thread, from some fixed instant. */
  abstract long nanos();

  /** As the command line spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
