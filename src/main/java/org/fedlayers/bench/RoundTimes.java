package org.fedlayers.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.fedlayers.data.Augmentation;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Iid;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.engine.ThreadEngine;
import org.fedlayers.experiment.Checkpoint;
import org.fedlayers.federated.Average;
import org.fedlayers.federated.ClientMemory;
import org.fedlayers.federated.FedAvg;
import org.fedlayers.federated.Federation;
import org.fedlayers.federated.ImageProblem;
import org.fedlayers.federated.LocalTraining;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.fedlayers.federated.Participation;
import org.fedlayers.federated.Setting;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.nn.Initialisation;

/**
 * The table {@code rounds.csv}: seconds a round, and the seconds of one core that went into
 * computing, making batches, the server's work (folding updates, aggregating), evaluating the test
 * images once and writing one checkpoint, with clients' latest models where these are kept. Medians
 * over rounds. Beside them the process's resident memory after the first round and after the last:
 * it ought not to grow.
 */
public final class RoundTimes {
  private static final List<String> KEY = List.of("setting", "workers", "cpu", "isa");
  private static final List<String> COLUMNS =
      Stream.concat(
              Stream.of(
                  "setting",
                  "net",
                  "weights",
                  "clients",
                  "images_per_client",
                  "epochs",
                  "batch",
                  "path",
                  "workers",
                  "rounds",
                  "seconds",
                  "seconds_low",
                  "seconds_high",
                  "compute",
                  "data",
                  "server",
                  "server_share",
                  "evaluation",
                  "checkpoint",
                  "resident_mib_first",
                  "resident_mib_last",
                  "note"),
              Machine.COLUMNS.stream())
          .toList();
  private static final Randomness RANDOMNESS = new Randomness(0);

  /**
   * A protocol, as far as it decides how long a round takes.
   *
   * @param keepLatest whether the mean of all clients' latest models is of interest
   */
  private record Protocol(
      String name,
      Method method,
      Workload workload,
      int clients,
      int images,
      int epochs,
      double penalty,
      boolean keepLatest,
      String note) {}

  /**
   * What one round took.
   *
   * @param seconds from its start to its end
   * @param compute seconds of one core in clients' steps, batches apart
   * @param data in making batches
   * @param server in folding updates and aggregating
   * @param evaluation in scoring the test images once
   * @param checkpoint in writing one
   * @param resident memory of the process afterwards, in MiB
   */
  private record Round(
      double seconds,
      double compute,
      double data,
      double server,
      double evaluation,
      double checkpoint,
      double resident) {

    double serverShare() {
      return server / (compute + data + server);
    }
  }

  private final Bench bench;
  private final Executor path;
  private final ResultTable table;

  public RoundTimes(Bench bench, Executor path) {
    this.bench = bench;
    this.path = path.resolved();
    table = new ResultTable(bench.folder().resolve("rounds.csv"), KEY, COLUMNS);
  }

  /**
   * Measures and writes the table, a row at a time.
   *
   * @param rounds of each protocol
   * @param workers clients that train at the same time
   */
  public void measure(int rounds, int workers) {
    List<Protocol> protocols =
        List.of(
            new Protocol(
                "MAN",
                new FedAvg(),
                Workload.named("man-cnn"),
                10,
                500,
                5,
                0.15,
                true,
                "drawn images of 10 classes; a tenth of the clients, all taking part"),
            new Protocol(
                "pfl-research CIFAR-10",
                new FedAvg(),
                Workload.named("mcmahan-cnn").withBatch(10),
                50,
                50,
                1,
                0,
                false,
                "drawn images; the cohort alone; our McMahan CNN for its network"),
            new Protocol(
                "FLUTE ResNet-18 GN",
                new FedAvg(),
                Workload.named("resnet-18").withNormaliser("gn").withBatch(20),
                10,
                100,
                1,
                0,
                false,
                "drawn images of 10 classes; the cohort alone"),
            new Protocol(
                "FedDyn ResNet-18 GN",
                Methods.parse("feddyn", Map.of()),
                Workload.named("resnet-18").withNormaliser("gn").withBatch(20),
                100,
                20,
                1,
                0,
                false,
                "for its memory: a vector of each of 100 clients, in files; all taking part"));
    protocols.forEach(protocol -> row(protocol, rounds, workers));
  }

  private void row(Protocol protocol, int rounds, int workers) {
    Map<String, Object> row = new LinkedHashMap<>(Machine.columns());
    Workload workload = protocol.workload();
    DataSet images =
        DataSets.load("drawn", null)
            .subset(protocol.clients() * protocol.images(), 1000, RANDOMNESS);
    int[][] deal =
        new Iid().deal(images.train().labels(), images.classes(), protocol.clients(), RANDOMNESS);
    var problem =
        new ClockedProblem(
            new ImageProblem(
                images,
                deal,
                workload.batch(),
                Augmentation.cifar(),
                workload.network(),
                path.models(workload.network()),
                RANDOMNESS),
            Clock.WALL);
    List<Round> all = new ArrayList<>();
    Path folder = folder();
    try (var engine = new ClockedEngine(new ThreadEngine(workers))) {
      ClientMemory memory = Checkpoint.memory(folder);
      federation(protocol, LocalTraining.steps(2, TrainingRun.RATE), problem, engine, memory)
          .round();
      memory.restore(Map.of()); // what the warm-up left with clients
      LocalTraining epochs = LocalTraining.epochs(protocol.epochs(), TrainingRun.RATE);
      Federation federation = federation(protocol, epochs, problem, engine, memory);
      federation.score(Average.SERVER);
      for (int round = 0; round < rounds; round++) {
        all.add(time(federation, problem, engine, folder));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a checkpoint in " + folder, e);
    } finally {
      forget(folder);
    }
    row.put("setting", protocol.name());
    row.put("net", workload.net());
    row.put("weights", workload.network().weightCount());
    row.put("clients", protocol.clients());
    row.put("images_per_client", protocol.images());
    row.put("epochs", protocol.epochs());
    row.put("batch", workload.batch());
    row.put("path", path);
    row.put("workers", workers);
    row.put("rounds", rounds);
    Throughput.fill(row, "seconds", over(all, Round::seconds), 3);
    row.put("compute", Machine.number(over(all, Round::compute).median(), 3));
    row.put("data", Machine.number(over(all, Round::data).median(), 3));
    row.put("server", Machine.number(over(all, Round::server).median(), 4));
    row.put("server_share", Machine.number(over(all, Round::serverShare).median(), 4));
    row.put("evaluation", Machine.number(over(all, Round::evaluation).median(), 3));
    row.put("checkpoint", Machine.number(over(all, Round::checkpoint).median(), 3));
    row.put("resident_mib_first", Machine.number(all.get(0).resident(), 0));
    row.put("resident_mib_last", Machine.number(all.get(all.size() - 1).resident(), 0));
    row.put("note", protocol.note());
    table.put(row);
    bench
        .say()
        .accept(
            "%s: %s s a round (compute %s, data %s, server %s, evaluation %s, checkpoint %s core seconds)"
                .formatted(
                    protocol.name(),
                    row.get("seconds"),
                    row.get("compute"),
                    row.get("data"),
                    row.get("server"),
                    row.get("evaluation"),
                    row.get("checkpoint")));
  }

  private Path folder() {
    try {
      return Files.createTempDirectory(Files.createDirectories(bench.folder()), "checkpoint");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in " + bench.folder(), e);
    }
  }

  private static void forget(Path folder) {
    try {
      Checkpoint.forget(folder);
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }

  private static Spread over(List<Round> rounds, ToDoubleFunction<Round> part) {
    return Spread.of(rounds.stream().mapToDouble(part).toArray());
  }

  private static Round time(
      Federation federation, ClockedProblem problem, ClockedEngine engine, Path folder)
      throws IOException {
    problem.reset();
    engine.reset();
    long start = System.nanoTime();
    federation.round();
    double seconds = (System.nanoTime() - start) / 1e9;
    double data = problem.dataSeconds();
    double compute = engine.taskSeconds() - data;
    double server = engine.foldingSeconds() + seconds - engine.insideSeconds();
    engine.reset();
    federation.score(Average.SERVER);
    double evaluation = engine.taskSeconds();
    long written = System.nanoTime();
    Checkpoint.write(federation, folder);
    double checkpoint = (System.nanoTime() - written) / 1e9;
    return new Round(
        seconds, compute, data, server, evaluation, checkpoint, Machine.residentMebibytes());
  }

  private static Federation federation(
      Protocol protocol,
      LocalTraining training,
      ClockedProblem problem,
      ClockedEngine engine,
      ClientMemory memory) {
    LocalTraining whole =
        training
            .withClip(TrainingRun.CLIP)
            .withWeightDecay(TrainingRun.WEIGHT_DECAY)
            .withActivationPenalty(protocol.penalty());
    return new Federation(
        problem,
        new Setting(
            protocol.method(),
            whole,
            new Participation.Full(),
            StatisticsPolicy.AVERAGED,
            RANDOMNESS),
        Initialisation.PYTORCH.weights(protocol.workload().network(), RANDOMNESS),
        protocol.workload().network().freshStatistics(),
        engine,
        memory,
        protocol.keepLatest());
  }
}
