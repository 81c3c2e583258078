package org.fedlayers.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Environment;
import org.fedlayers.experiment.Json;
import org.fedlayers.nn.Nd4jRuntime;

/** What was measured on. */
final class Machine {
  /** Columns of every table: processor, widest vectors, hardware threads, load when measured. */
  static final List<String> COLUMNS = List.of("cpu", "isa", "threads", "load");

  private Machine() {}

  /** The values of {@link #COLUMNS} now. */
  static Map<String, Object> columns() {
    var description = Nd4jRuntime.describe();
    String isa = description.processor().instructions();
    String held = description.ceiling();
    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put("cpu", description.processor().model());
    columns.put("isa", held.isEmpty() ? isa : isa + " held to " + held);
    columns.put("threads", Runtime.getRuntime().availableProcessors());
    columns.put("load", number(load(), 1));
    return columns;
  }

  /** Threads that want to run, averaged over a minute; NaN where the system does not say. */
  static double load() {
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    return load < 0 ? Double.NaN : load;
  }

  /** Memory of this process that is not elsewhere; NaN where the system does not say. */
  static double residentMebibytes() {
    Path status = Path.of("/proc/self/status");
    try {
      return Files.isReadable(status)
          ? Files.readAllLines(status).stream()
              .filter(line -> line.startsWith("VmRSS:"))
              .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
              .findFirst()
              .orElse(Double.NaN)
          : Double.NaN;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + status, e);
    }
  }

  /** A number of so many decimals; empty for NaN. */
  static String number(double value, int decimals) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  /**
   * Writes this machine's facts beside those of others.
   *
   * @param ceiling floating-point operations a second of {@link MatrixProduct}
   * @param torch PyTorch's version, or why it is not measured
   */
  static void write(Path file, Spread ceiling, String torch, double loadBefore, Bench bench) {
    Map<String, Object> machines = Files.isRegularFile(file) ? Json.read(file) : Map.of();
    Map<String, Object> facts = new LinkedHashMap<>(Environment.here(Executor.AUTO));
    facts.put("hardware_threads", Runtime.getRuntime().availableProcessors());
    facts.put("native", Nd4jRuntime.describe().natives());
    facts.put("pytorch", torch);
    facts.put("gemm_gflops", number(ceiling.median() / 1e9, 1));
    facts.put("gemm_gflops_low", number(ceiling.low() / 1e9, 1));
    facts.put("gemm_gflops_high", number(ceiling.high() / 1e9, 1));
    facts.put("seconds", bench.seconds());
    facts.put("repeats", bench.repeats());
    facts.put("load_before", number(loadBefore, 1));
    facts.put("load_after", number(load(), 1));
    Map<String, Object> all = new LinkedHashMap<>(machines);
    all.put(Nd4jRuntime.describe().processor().toString(), facts);
    try {
      AtomicFile.write(file, Json.pretty(all));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
