package org.fedlayers.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * The load of the machine by other work at one instant.
 *
 * @param average threads that wanted to run in the last minute; NaN where the system does not say
 * @param stolen ticks of the clock that other tenants took, of all processors; NaN likewise
 * @param ticks all of them
 */
record Load(double average, double stolen, double ticks) {

  /** Numbers in {@code /proc/stat}: user, nice, system, idle, iowait, irq, softirq and steal. */
  private static final int COUNTERS = 8;

  static Load now() {
    return now(Path.of("/proc/stat"));
  }

  static Load now(Path statistics) {
    double average = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    average = average < 0 ? Double.NaN : average;
    try (Stream<String> lines = Files.lines(statistics)) {
      String[] fields = lines.findFirst().orElse("").split("\\s+");
      long[] counters = Stream.of(fields).skip(1).mapToLong(Long::parseLong).toArray();
      long all = LongStream.of(counters).limit(COUNTERS).sum();
      return new Load(average, counters[COUNTERS - 1], all);
    } catch (IOException notLinux) {
      return new Load(average, Double.NaN, Double.NaN);
    }
  }

  /** Adds the load average then and later, and the fraction of time stolen in between. */
  void until(Load later, Row row) {
    row.put("load_before", average, 1)
        .put("load_after", later.average, 1)
        .put("steal", (later.stolen - stolen) / Math.max(1, later.ticks - ticks), 4);
  }
}
