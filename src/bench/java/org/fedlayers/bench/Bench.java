package org.fedlayers.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.fedlayers.bench.Turns.Timing;
import org.fedlayers.cli.Main;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.engine.Executor;
import org.fedlayers.nn.Architectures;
import org.fedlayers.options.UserError;
import org.fedlayers.results.ResultsHome;
import org.fedlayers.sweep.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code make bench}: a program of its own, beside the library. */
@Command(
    name = "fedlayers bench",
    description =
        "Measure training speed, beside PyTorch where it is installed. Everything is measured in"
            + " turns with what it is compared to, until the median is known well enough.%n",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = "%nExample:%n  make bench ARGS='--parts throughput --nets resnet-8,resnet-20'")
public final class Bench implements Callable<Integer> {
  private static final int CORES = Runtime.getRuntime().availableProcessors();

  enum Part {
    throughput,
    steps,
    rounds,
    profile
  }

  @Option(names = "--parts", split = ",", description = "default: ${COMPLETION-CANDIDATES}")
  private Set<Part> parts = Set.of(Part.values());

  @Option(names = "--nets", split = ",", description = "for throughput and profile")
  private List<String> nets =
      List.of("man-cnn", "mcmahan-cnn", "resnet-8", "resnet-20", "resnet-18");

  @Option(
      names = "--executors",
      split = ",",
      description = "see 'run --help'; a profile is plan's (default: auto)")
  private List<String> executors = List.of("auto");

  @Option(
      names = "--workers",
      split = ",",
      description = "clients trained at the same time, for throughput (default: 1, and 2 if cores)")
  private Set<Integer> workers = CORES == 1 ? Set.of(1) : new TreeSet<>(Set.of(1, 2));

  @Option(names = "--seconds", description = "length of one measurement (default: 1.5)")
  private double seconds = 1.5;

  @Option(names = "--repeats", description = "turns at least; at most four times as many (6)")
  private int repeats = 6;

  @Option(
      names = "--bound",
      description =
          "turns end when the median's 95 %% interval is this narrow, relative to it (default: 0.03)")
  private double bound = 0.03;

  @Option(names = "--out", description = "folder of the tables (default: results/bench)")
  private Path out;

  public static void main(String[] arguments) {
    Main.start(new Bench(), arguments);
  }

  @Override
  public Integer call() {
    if (!(seconds > 0) || repeats < 1 || !(bound > 0) || workers.stream().anyMatch(n -> n < 1)) {
      throw new UserError("--seconds, --repeats, --bound and --workers have to be above 0");
    }
    nets.forEach(Architectures::named);
    List<Executor> paths =
        executors.stream().map(name -> Executor.named(name).resolved()).distinct().toList();
    Path folder = out != null ? out : ResultsHome.of("bench");
    WorkFolder.take(folder, "results").close();
    Optional<PyTorch> torch =
        PyTorch.find(
            ResultsHome.of("../environment/pytorch_throughput.py").normalize(),
            PyTorch.INTERPRETERS);
    if (torch.isEmpty()) {
      System.out.println(
          "PyTorch is not measured: no "
              + String.join(" or ", PyTorch.INTERPRETERS)
              + " has it (Debian's package is python3-torch)");
    }
    paths.forEach(path -> measure(path, torch, new Results(folder, machine(path))));
    System.out.println("results: " + folder + " ('make figures' draws those of results/bench)");
    return 0;
  }

  private void measure(Executor path, Optional<PyTorch> torch, Results results) {
    Timing timing = new Timing(seconds, repeats, bound);
    Throughput throughput = new Throughput(results, timing, path);
    for (Workload workload : nets.stream().map(Workload::named).toList()) {
      if (parts.contains(Part.throughput)) {
        workers.forEach(count -> throughput.steps(workload, count, torch));
      }
      if (parts.contains(Part.profile) && path == Executor.PLAN) {
        StepProfile.measure(workload, timing, results);
      }
    }
    if (parts.contains(Part.steps)) {
      new StepCosts(results, timing, path).measure();
    }
    if (parts.contains(Part.rounds)) {
      Workload pfl = new Workload("mcmahan-cnn", Workload.named("mcmahan-cnn").network(), 10);
      throughput.rounds("pfl-research CIFAR-10", pfl, 50, 50);
      throughput.rounds("FLUTE ResNet-18 GN", Workload.withGroupNorm("resnet-18", 20), 10, 100);
    }
  }

  /** The columns of every row: the machine, its software and the commit. */
  private static Row machine(Executor path) {
    Map<String, Object> facts = Environment.here(path);
    String changes = Boolean.TRUE.equals(facts.get("changed")) ? " with changes" : "";
    return new Row()
        .put("path", path)
        .put("cpu", facts.get("processor"))
        .put("isa", facts.get("instructions"))
        .put("threads", CORES)
        .put("card", facts.getOrDefault("card", ""))
        .put("java", facts.get("java"))
        .put("clock", "wall")
        .put("commit", facts.getOrDefault("commit", "unknown") + changes);
  }
}
