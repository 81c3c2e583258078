package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.fedlayers.bench.Bench;
import org.fedlayers.bench.Clock;
import org.fedlayers.bench.RoundTimes;
import org.fedlayers.bench.StepCosts;
import org.fedlayers.bench.StepProfile;
import org.fedlayers.bench.Throughput;
import org.fedlayers.data.WritableFolder;
import org.fedlayers.engine.Executor;
import org.fedlayers.nn.Architectures;
import org.fedlayers.options.UserError;
import org.fedlayers.report.BenchFigures;
import org.fedlayers.report.Style;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code fedlayers bench}. */
@Command(
    name = "bench",
    description = {
      "Measure training speed, beside PyTorch where it is installed. Everything is measured in"
          + " turns with what it is compared to; a quiet machine is better still.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  fedlayers bench",
      "  fedlayers bench --parts throughput --nets resnet-8,resnet-20 --seconds 5 --repeats 9"
    })
final class BenchCommand implements Callable<Integer> {

  /** What can be measured. */
  enum Part {
    throughput,
    steps,
    rounds,
    profile
  }

  @Option(
      names = "--parts",
      paramLabel = "PART",
      split = ",",
      defaultValue = "throughput,steps,rounds,profile",
      description = "throughput, steps, rounds, profile (default: all four)")
  private List<Part> parts;

  @Option(
      names = "--nets",
      paramLabel = "NET",
      split = ",",
      defaultValue = "man-cnn,mcmahan-cnn,resnet-8,resnet-20,resnet-18",
      description = "architectures for throughput and profile (default: ${DEFAULT-VALUE})")
  private List<String> nets;

  @Option(
      names = "--executors",
      paramLabel = "NAME",
      split = ",",
      defaultValue = "auto",
      description = "what throughput is measured of, see 'run --help' (default: auto)")
  private List<String> executors;

  @Option(
      names = "--workers",
      paramLabel = "N",
      split = ",",
      description = "clients trained at the same time, for throughput (default: 1, and 2 if cores)")
  private List<Integer> workers = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "S",
      defaultValue = "1.5",
      description = "length of one measurement (default: ${DEFAULT-VALUE})")
  private double seconds;

  @Option(
      names = "--clock",
      paramLabel = "CLOCK",
      defaultValue = "wall",
      description =
          "wall, or cpu: seconds in which the measured thread ran, for a machine that has other"
              + " work too; rounds are always wall (default: ${DEFAULT-VALUE})")
  private Clock clock;

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "5",
      description = "measurements of each kind (default: ${DEFAULT-VALUE})")
  private int repeats;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "rounds of each protocol (default: ${DEFAULT-VALUE})")
  private int rounds;

  @Option(names = "--out", paramLabel = "DIR", description = "default: results/bench")
  private Path out;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (!(seconds > 0) || repeats < 1 || rounds < 1) {
      throw new UserError("--seconds, --repeats and --rounds have to be above 0");
    }
    if (workers.stream().anyMatch(count -> count < 1)) {
      throw new UserError("--workers has to be at least 1");
    }
    nets.forEach(Architectures::named);
    List<Executor> paths = executors.stream().map(name -> Executor.named(name).resolved()).toList();
    Path folder = out != null ? out : Home.resolve("results/bench");
    WritableFolder.require("results", folder);
    Path script = Home.resolve("environment/pytorch_throughput.py");
    Bench bench =
        new Bench(folder, script, clock, seconds, repeats, spec.commandLine().getOut()::println);
    int cores = Runtime.getRuntime().availableProcessors();
    Executor fast = Executor.AUTO.resolved();
    if (parts.contains(Part.throughput)) {
      List<Integer> counts = workers.isEmpty() ? List.of(1, Math.min(2, cores)) : workers;
      new Throughput(bench).measure(nets, paths, counts.stream().distinct().toList());
    }
    if (parts.contains(Part.steps)) {
      new StepCosts(bench, fast).measure();
    }
    if (parts.contains(Part.rounds)) {
      new RoundTimes(bench, fast).measure(rounds, cores);
    }
    if (parts.contains(Part.profile) && fast == Executor.PLAN) {
      new StepProfile(bench).measure(nets);
    }
    BenchFigures.draw(folder, Style.WEB);
    spec.commandLine().getOut().println("results: " + folder);
    return 0;
  }
}
