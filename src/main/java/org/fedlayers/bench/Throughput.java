package org.fedlayers.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fedlayers.engine.Executor;
import org.fedlayers.nn.Operations;

/**
 * The table {@code throughput.csv}: images a second of whole training steps, beside PyTorch with as
 * many processes as there are workers, and as a share of what matrix products reach. Medians over
 * the turns; {@code _low} and {@code _high} are the least and the greatest.
 */
public final class Throughput {
  private static final List<String> KEY = List.of("net", "path", "workers", "cpu", "isa");
  private static final List<String> COLUMNS =
      Stream.concat(
              Stream.of(
                  "net",
                  "path",
                  "workers",
                  "images_per_second",
                  "pytorch_images_per_second",
                  "ratio",
                  "images_per_second_low",
                  "images_per_second_high",
                  "pytorch_images_per_second_low",
                  "pytorch_images_per_second_high",
                  "ratio_low",
                  "ratio_high",
                  "batch",
                  "layout",
                  "gflop_per_image",
                  "gemm_gflops",
                  "gemm_share",
                  "gemm_share_low",
                  "gemm_share_high",
                  "repeats",
                  "clock"),
              Machine.COLUMNS.stream())
          .toList();

  /** The share of a stretch that is enough for matrix products. */
  private static final double CEILING_STRETCH = 0.3;

  private final Bench bench;
  private final Optional<PyTorch> torch;
  private final ResultTable table;
  private final List<Double> ceilings = new ArrayList<>();

  public Throughput(Bench bench) {
    this.bench = bench;
    torch = PyTorch.find(bench.script(), PyTorch.INTERPRETERS);
    if (torch.isEmpty()) {
      bench
          .say()
          .accept(
              "PyTorch is not measured: no "
                  + String.join(" or ", PyTorch.INTERPRETERS)
                  + " has it (Debian's package is python3-torch)");
    }
    table = new ResultTable(bench.folder().resolve("throughput.csv"), KEY, COLUMNS);
  }

  /**
   * Measures and writes the table, a row at a time, and the machine it was measured on.
   *
   * @param nets names of architectures
   * @param paths executors
   * @param workers numbers of clients that train at the same time
   */
  public void measure(List<String> nets, List<Executor> paths, List<Integer> workers) {
    double loadBefore = Machine.load();
    for (String net : nets) {
      for (Executor path : paths) {
        workers.forEach(count -> row(Workload.named(net), path, count));
      }
    }
    double[] products = ceilings.stream().mapToDouble(rate -> rate).toArray();
    Machine.write(
        bench.folder().resolve("machine.json"),
        Spread.of(products),
        torch.map(PyTorch::version).orElse("not installed"),
        loadBefore,
        bench);
  }

  private void row(Workload workload, Executor path, int workers) {
    Map<String, Object> row = new LinkedHashMap<>(Machine.columns());
    row.put("net", workload.net());
    row.put("path", path);
    row.put("workers", workers);
    row.put("batch", workload.batch());
    row.put("repeats", bench.repeats());
    row.put("clock", bench.clock());
    Optional<PyTorch.Run> theirs =
        torch.map(
            found -> found.train(workload, path.onCard(), workers, bench.clock(), bench.seconds()));
    var plain = TrainingRun.Variant.PLAIN;
    try (var ours =
        new TrainingRun(workload, plain, path, workers, bench.clock(), bench.seconds())) {
      var ceiling = new MatrixProduct(bench.clock(), CEILING_STRETCH * bench.seconds());
      List<Measured> contenders = new ArrayList<>(List.of(ceiling, ours));
      theirs.ifPresent(contenders::add);
      Turns turns = Turns.take(bench.repeats(), contenders);
      fill(row, "images_per_second", turns.rate(1), 1);
      theirs.ifPresent(
          run -> {
            fill(row, "pytorch_images_per_second", turns.rate(2), 1);
            fill(row, "ratio", turns.ratio(1, 2), 3);
            row.put("layout", run.layout());
          });
      double operations = Operations.training(workload.network());
      for (double rate : turns.rates().get(0)) {
        ceilings.add(rate);
      }
      row.put("gflop_per_image", Machine.number(operations / 1e9, 4));
      row.put("gemm_gflops", Machine.number(turns.rate(0).median() / 1e9, 1));
      fill(row, "gemm_share", turns.ratio(1, 0).times(operations / workers), 3);
    } finally {
      theirs.ifPresent(PyTorch.Run::close);
    }
    table.put(row);
    bench
        .say()
        .accept(
            "%-12s %-5s %s worker(s): %s images/s, PyTorch %s, ratio %s (%s to %s)"
                .formatted(
                    workload.net(),
                    path,
                    workers,
                    row.get("images_per_second"),
                    row.getOrDefault("pytorch_images_per_second", "-"),
                    row.getOrDefault("ratio", "-"),
                    row.getOrDefault("ratio_low", "-"),
                    row.getOrDefault("ratio_high", "-")));
  }

  /** A measure's median, least and greatest value. */
  static void fill(Map<String, Object> row, String measure, Spread spread, int decimals) {
    row.put(measure, Machine.number(spread.median(), decimals));
    row.put(measure + "_low", Machine.number(spread.low(), decimals));
    row.put(measure + "_high", Machine.number(spread.high(), decimals));
  }
}
