package org.fedlayers.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.ImageSet;
import org.fedlayers.data.Partition;
import org.fedlayers.data.Partitions;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.Keys;
import org.fedlayers.experiment.Source;
import org.fedlayers.federated.FederatedNormaliser;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.nn.Architecture;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Normalisers;
import org.fedlayers.nn.Shape;
import org.fedlayers.options.Option;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An image set, a partition, an architecture and a method of a user's run through a grid. */
class OwnThingsTest {

  record Few() implements ImageSet {
    @Override
    public Facts facts() {
      return new Facts(3, 32, 32, 10, 60);
    }

    @Override
    public DataSet load(Path home) {
      return DataSets.load("drawn", home).subset(60, 20, new Randomness(1));
    }
  }

  record Liar() implements ImageSet {
    @Override
    public Facts facts() {
      return new Facts(3, 32, 32, 11, 60);
    }

    @Override
    public DataSet load(Path home) {
      return new Few().load(home);
    }
  }

  record Blocks(@Option(value = "images of the first client", range = "[1, 50]") int first)
      implements Partition {
    @Override
    public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
      return new int[][] {
        IntStream.range(0, first).toArray(), IntStream.range(first, labels.length).toArray()
      };
    }
  }

  record Linear(boolean twice) implements Architecture {
    Linear() {
      this(false);
    }

    @Override
    public Network build(Shape input, int classes) {
      var builder = new NetworkBuilder("own-linear", input);
      var x = twice ? builder.dense("first", builder.input(), 8) : builder.input();
      return builder.logits(builder.dense("logits", x, classes));
    }
  }

  record Half(double factor) implements Method {
    Half() {
      this(0.5);
    }
  }

  /** Batch normalisation by the server's statistics, frozen for good at some round. */
  record Frozen(int round, boolean affine) implements FederatedNormaliser {
    @Override
    public Normaliser layers() {
      return Normaliser.BATCH;
    }

    @Override
    public StatisticsPolicy statistics(int rounds) {
      return new StatisticsPolicy(
          StatisticsPolicy.Averaging.TOTAL_VARIANCE,
          StatisticsPolicy.Personal.NOTHING,
          round,
          affine,
          true);
    }
  }

  @BeforeAll
  static void register() {
    Normalisers.register("own-frozen", "this test", Frozen.class);
    DataSets.register("own-few", "this test", Few.class);
    DataSets.register("own-liar", "this test", Liar.class);
    Partitions.register("own-blocks", "this test", Blocks.class);
    Architectures.register("own-linear", "this test", Linear.class);
    Methods.register("own-half", "this test", Half.class);
  }

  private static final String YAML =
      """
      settings:
        data: own-few
        model: {name: own-linear, twice: true}
        federation: {clients: 2}
        training: {epochs: 1, batch: 10}
        rounds: 1
      grid:
        partition: [iid, {name: own-blocks, first: 20}]
        method: [fedavg, {name: own-half, factor: 0.25}]
      seeds: [0, 1]
      """;

  @TempDir private Path folder;

  private static Experiment read(String... overrides) {
    return ExperimentReader.read(
        new Source("own", "things", "things.yaml", YAML), "quick", List.of(overrides), List.of());
  }

  private Sweep.Outcome run(Experiment experiment) {
    RunOptions options = RunOptions.into(folder.resolve("out")).on(folder, 2, Executor.GRAPH);
    return new Sweep(experiment, options, new SweepProgress() {}).run();
  }

  @Test
  void theyRunThroughAGridWithSeeds() {
    Experiment experiment = read();
    assertThat(experiment.cells()).hasSize(8);
    Sweep.Outcome outcome = run(experiment);
    assertThat(outcome.failed()).isEmpty();
    assertThat(outcome.diverged()).isEmpty();
    Path provenance = folder.resolve("out/quick/own/things/provenance.json");
    assertThat(provenance).content().contains("own-blocks", "own-half", "\"verifiable\" : false");
  }

  /** Through a grid with seeds to a table, with options behind the name; a policy of its own. */
  @Test
  void aNormaliserRunsThroughAGridWithSeeds() throws IOException {
    Experiment experiment =
        read(
            "data={set: drawn, train: 40, test: 20}",
            "model={name: fixbn-cnn, width: 0.125}",
            "model.normaliser=[bn, own-frozen-1-true, own-frozen-2-false]",
            "model.twice=",
            "partition=iid",
            "method=fedavg",
            "rounds=3");
    assertThat(experiment.cells()).hasSize(6);
    Sweep.Outcome outcome = run(experiment);
    assertThat(outcome.failed()).isEmpty();
    Path results = folder.resolve("out/quick/own/things");
    assertThat(results.resolve("provenance.json")).content().contains("\"verifiable\" : false");
    List<String> rows = Files.readAllLines(results.resolve("summary.csv"));
    for (String name : List.of("bn", "own-frozen-1-true", "own-frozen-2-false")) {
      assertThat(rows).anyMatch(row -> row.contains(name));
    }
    // Where nobody has the others' normaliser, this library's own cells can still be verified.
    Path provenance = results.resolve("provenance.json");
    Files.writeString(provenance, Files.readString(provenance).replace("own-frozen", "own-lost"));
    Verification verification = new Verification(results);
    Verification.Verdict verdict =
        verification.verify(
            verification.quickest(), folder, 1, Executor.GRAPH, new SweepProgress() {});
    assertThat(verdict.finding()).startsWith("equal bytes in");
    StatisticsPolicy policy = CellBuilder.policy(experiment.cells().get(2));
    assertThat(policy.freezeFrom()).isEqualTo(1);
    assertThat(policy.freezeAffine()).isTrue();
    assertThat(policy.global()).isTrue();
    assertThatThrownBy(() -> read("model=fixbn-cnn", "model.normaliser=own-frozen-x"))
        .hasMessageContaining("no normaliser is called 'own-frozen-x'");
    assertThatThrownBy(() -> Normalisers.register("gn-7", "mine", Frozen.class))
        .hasMessageContaining("built-in");
  }

  @Test
  void theirOptionsAreListedAndRefusedLikeOthers() {
    assertThat(Keys.all()).containsKeys("partition.first", "model.twice", "method.factor");
    assertThat(Keys.all().get("partition.first").meaning())
        .isEqualTo("own-blocks: images of the first client");
    assertThatThrownBy(() -> read("partition={name: own-blocks, first: 51}"))
        .hasMessageContaining("--set partition: partition.first is 51, expected a whole number");
    assertThatThrownBy(() -> read("model.twice=maybe"))
        .hasMessageContaining("--set model.twice: model.twice is 'maybe', expected true or false");
    assertThatThrownBy(() -> read("model=own-linaer"))
        .hasMessageContaining("--set model: no architecture is called 'own-linaer'");
    assertThatThrownBy(() -> Architectures.register("resnet-20", "mine", Linear.class))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("built-in");
    assertThatThrownBy(() -> DataSets.load("own-liar", folder))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("says that it has");
  }

  /** A network for 64 x 64 images whatever the images, and for a class too few. */
  record Misfit(boolean classes) implements Architecture {
    @Override
    public Network build(Shape input, int given) {
      Shape shape = classes ? input : new Shape(3, 64, 64);
      var builder = new NetworkBuilder("misfit", shape);
      int units = classes ? given - 1 : given;
      return builder.logits(builder.dense("logits", builder.input(), units));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNetworkThatDoesNotFitItsImagesIsRefused(boolean classes) {
    Architectures.register("own-misfit", "this test", Misfit.class);
    assertThatThrownBy(() -> read("model=own-misfit", "model.classes=" + classes))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("own-misfit on images of")
        .hasMessageContaining("it is a network for")
        .hasMessageContaining("not for 3x32x32 and 10");
  }

  record Unmade() implements Architecture {
    @Override
    public Network build(Shape input, int classes) {
      return null;
    }
  }

  /** No clients at all, or one without an array. */
  record Unsplit(boolean all) implements Partition {
    @Override
    public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
      return all ? null : new int[clients][];
    }
  }

  @Test
  void whatGivesNothingIsRefused() {
    Architectures.register("own-unmade", "this test", Unmade.class);
    assertThatThrownBy(() -> read("model=own-unmade", "model.twice="))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("own-unmade on images of 3x32x32: its build() gives no network");
    Partitions.register("own-unsplit", "this test", Unsplit.class);
    for (boolean all : new boolean[] {true, false}) {
      assertThatThrownBy(() -> run(read("partition={name: own-unsplit, all: " + all + "}")))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("the partition gives no images");
    }
    assertThatThrownBy(() -> Methods.ALL.nameOf(new Method() {}))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("OwnThingsTest$")
        .hasMessageContaining("is no record; the options of a method are a record's components");
  }

  record Logistic() implements Architecture {
    @Override
    public Network build(Shape input, int classes) {
      return new Linear().build(input, classes);
    }
  }

  @Test
  void aRecordWithTheNameOfOneOfThisLibrarysIsRefused() {
    assertThatThrownBy(() -> Architectures.nameOf(new Logistic()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("'logistic' is a built-in architecture");
    assertThat(Architectures.named("logistic").builtIn()).isTrue();
  }

  /** Its own range, though architectures of this library have an option of this name. */
  record Kernels(@Option(value = "side of a kernel", range = "[1, 11]") int kernel)
      implements Architecture {
    @Override
    public Network build(Shape input, int classes) {
      var builder = new NetworkBuilder("own-kernels", input);
      var x = builder.convolution("conv", builder.input(), 2, kernel, 2);
      x = builder.normalise("norm", x, Normaliser.HYBRID);
      return builder.logits(builder.dense("logits", x, classes));
    }
  }

  @Test
  void anOptionOfOnesOwnHasItsOwnRange() {
    Architectures.register("own-kernels", "this test", Kernels.class);
    Experiment experiment = read("model={name: own-kernels, kernel: 9}", "model.twice=");
    assertThat(experiment.cells().get(0).configuration().network().weightCount()).isPositive();
  }

  @Test
  void whatAHybridNormaliserOfOnesOwnWouldMismeasureIsRefused() {
    Architectures.register("own-kernels", "this test", Kernels.class);
    assertThatThrownBy(
            () ->
                read(
                    "model={name: own-kernels, kernel: 3}",
                    "model.twice=",
                    "measure.what=[statistics]"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("by what would be re-estimated");
  }

  /** Word by word, without a file: what a front door stands on. */
  @Test
  void aConfigurationIsMadeWordByWord() {
    Configuration settings =
        Configuration.of(Map.of("data", "own-few", "model", "own-linear"))
            .with("training.epochs", 1)
            .with("rounds", 1)
            .with("partition", "own-blocks")
            .with("partition.first", 20)
            .with("federation.clients", 2);
    assertThat(settings.partition()).isEqualTo(new Blocks(20));
    assertThat(settings.with("partition", "iid").chosen()).doesNotContainKey("partition.first");
    assertThat(settings.with("rounds", null).chosen()).doesNotContainKey("rounds");
    assertThatThrownBy(() -> settings.with("training.rat", 1))
        .hasMessageContaining("did you mean 'training.rate'");
    assertThatThrownBy(() -> settings.with("method.mu", 1))
        .hasMessageContaining("method fedavg has no option 'mu'");
    CellBuilder builder = new CellBuilder(new DataCache(folder), Executor.GRAPH);
    Cell cell = new Cell(settings, Arm.FEDERATED, 0, Map.of());
    assertThat(builder.build(cell).problem().samples(0)).isEqualTo(20);
  }
}
