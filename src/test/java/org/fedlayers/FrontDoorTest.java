package org.fedlayers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fedlayers.data.DataHome;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Partition;
import org.fedlayers.data.Randomness;
import org.fedlayers.federated.CohortSum;
import org.fedlayers.federated.FedDyn;
import org.fedlayers.federated.FederatedNormaliser;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.ServerView;
import org.fedlayers.federated.StatisticsPolicy;
import org.fedlayers.nn.Architecture;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;
import org.fedlayers.nn.Tensor;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** The front door on drawn images. */
class FrontDoorTest {
  static final Simulation SMALL =
      Simulation.on("drawn")
          .images(200, 100)
          .clients(4)
          .partition("equal-dirichlet", 0.3)
          .network("logistic")
          .rate(0.05)
          .batch(10);

  @Test
  void goesOnAsIfItHadNotStopped() {
    Run atOnce = SMALL.method("feddyn", 0.1).cohort(2).run(4);
    Run inPieces = SMALL.method(new FedDyn(0.1)).cohort(2).start(4).rounds(1).rounds(2).finish();
    assertThat(inPieces.model().weights()).isEqualTo(atOnce.model().weights());
    assertThat(inPieces.history().rowCount()).isEqualTo(4);
    assertThat(inPieces.history().doubleColumn("accuracy").asDoubleArray())
        .isEqualTo(atOnce.history().doubleColumn("accuracy").asDoubleArray());
  }

  /** The drift of FedDyn's server would go on moving them without bound. */
  @Test
  void frozenScalesAndShiftsAreMovedByNoServer() {
    Simulation fixed =
        SMALL
            .network("fixbn-cnn")
            .set("model.width", 0.25)
            .normaliser("fixbn")
            .set("statistics.switch", 0.5)
            .set("statistics.freeze-affine", true)
            .method("feddyn", 0.1);
    Run run = fixed.start(4).rounds(2);
    float[] frozen = run.federation().server().weights();
    float[] last = run.finish().federation().server().weights();
    int same = 0;
    for (Tensor tensor : run.network().weights()) {
      boolean affine = tensor.role() == Tensor.Role.SCALE || tensor.role() == Tensor.Role.SHIFT;
      for (int i = tensor.offset(); affine && i < tensor.end(); i++) {
        assertThat(last[i]).as(tensor.name()).isEqualTo(frozen[i]);
        same++;
      }
    }
    assertThat(same).isPositive();
    assertThat(last).isNotEqualTo(frozen);
  }

  @Test
  void imagesThatAreReplacedAreTrainedOn() {
    DataSet drawn = DataSets.load("drawn", DataHome.resolve(null));
    List<String> trainedOn = new ArrayList<>();
    for (int size : new int[] {40, 80}) {
      DataSet few = drawn.subset(size, 20, new Randomness(3));
      DataSet own =
          DataSet.of(
              "mended", few.train(), few.test(), few.classNames(), few.mean(), few.deviation(), "");
      Run run = Simulation.on(own).clients(4).partition("iid").network("logistic").run(1);
      trainedOn.add(run.images().sha256());
      assertThat(run.images().train().size()).isEqualTo(size);
    }
    assertThat(trainedOn).doesNotHaveDuplicates();
  }

  record Doubled() implements Partition {
    @Override
    public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
      return IntStream.range(0, clients).mapToObj(m -> new int[] {0, m}).toArray(int[][]::new);
    }
  }

  @Test
  void whatHasNoEffectOnASimulationIsRefused() {
    Map<String, Simulation> mistaken =
        Map.of(
            "arms has no effect", SMALL.set("arms", List.of("central-small")),
            "scoring.averages has no effect",
                SMALL.set("scoring.averages", List.of("cohort", "all")),
            "measure.what has no effect", SMALL.measure("curvature"),
            "statistics.switch has no effect", SMALL.set("statistics.switch", 0.3),
            "statistics.switch is 0.5, but there are only 1 rounds",
                SMALL.network("resnet-8").normaliser("fixbn"),
            "measure.images has no effect", SMALL.set("measure.images", 50),
            "federation.samples", SMALL.set("federation.samples", 20),
            "some out of range or twice", SMALL.partition(new Doubled()));
    mistaken.forEach(
        (message, simulation) ->
            assertThatThrownBy(() -> simulation.run(1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining(message));
  }

  @Test
  void clientsAreScoredOnTheClassesThatHaveTestImages() {
    Table clients = SMALL.images(200, 5).partition("iid").run(1).clients();
    assertThat(clients.doubleColumn("after").countMissing()).isZero();
  }

  /** Server momentum moves on from the cohort's average, which is the model that is scored. */
  @Test
  void clientsAreScoredBeforeAndAfterOnWhatTheyTrain() {
    Run run = SMALL.method("fedavgm", 0.9).set("training.decay", 1e-12).run(2);
    Table clients = run.clients(); // at a rate of nothing
    assertThat(clients.doubleColumn("after").asList())
        .isEqualTo(clients.doubleColumn("before").asList());
  }

  /** A run's rows are kept beside its state: whoever loses or spoils them is told so. */
  @Test
  void whatIsAskedLaterReplacesWhatWasSaidBefore() {
    Simulation replaced = SMALL.steps(3).epochs(2).cohort(2).participation(0.5).method("fedprox");
    assertThat(replaced.method("fedavg").settings())
        .isEqualTo(SMALL.epochs(2).participation(0.5).method("fedavg").settings());
  }

  record Half(double factor) implements Method {
    @Override
    public void aggregate(ServerView server, CohortSum sum) {
      server.move(factor, sum.mean(DELTA));
    }
  }

  record Blocks() implements Partition {
    @Override
    public int[][] split(int[] labels, int classes, int clients, Randomness randomness) {
      int size = labels.length / clients;
      return IntStream.range(0, clients)
          .mapToObj(m -> IntStream.range(m * size, (m + 1) * size).toArray())
          .toArray(int[][]::new);
    }
  }

  record Linear(boolean bias) implements Architecture {
    @Override
    public Network build(Shape input, int classes) {
      NetworkBuilder builder = new NetworkBuilder("linear", input);
      return builder.logits(builder.dense("logits", builder.input(), classes));
    }
  }

  @Test
  void takesMethodsPartitionsAndImagesOfYourOwn() {
    DataSet drawn = DataSets.load("drawn", DataHome.resolve(null));
    DataSet few = drawn.subset(40, 20, new Randomness(3));
    DataSet own =
        DataSet.of(
            "my-shapes",
            few.train(),
            few.test(),
            few.classNames(),
            few.mean(),
            few.deviation(),
            "");
    Simulation mine =
        Simulation.on(own).clients(4).partition(new Blocks()).network("logistic").batch(10);
    assertThat(mine.network(new Linear(true)).run(1).model().weights())
        .isEqualTo(mine.run(1).model().weights());
    Run whole = mine.method(new Half(1)).run(1);
    Run half = mine.method(new Half(0.5)).run(1);
    assertThat(whole.partition()).isDeepEqualTo(new Blocks().split(new int[40], 10, 4, null));
    assertThat(whole.model().weights()).isEqualTo(mine.run(1).model().weights());
    float[] start = mine.start(1).model().weights();
    for (int i = 0; i < start.length; i++) {
      float middle = (start[i] + whole.federation().server().weights()[i]) / 2;
      assertThat(half.federation().server().weights()[i]).isCloseTo(middle, within(1e-6f));
    }
  }

  /** FixBN, composed by hand. */
  record Late(double fraction) implements FederatedNormaliser {
    @Override
    public Normaliser layers() {
      return Normaliser.BATCH;
    }

    @Override
    public StatisticsPolicy statistics(int rounds) {
      return StatisticsPolicy.frozenFrom((int) (fraction * rounds));
    }
  }

  @Test
  void takesNormalisersOfYourOwn() {
    Simulation net = SMALL.network("fixbn-cnn").set("model.width", 0.25);
    Run late = net.normaliser(new Late(0.75)).run(4);
    assertThat(late.simulation().settings().normaliser()).isEqualTo("late-0.75");
    Run same = net.normaliser("fixbn").set("statistics.switch", 0.75).run(4);
    assertThat(late.model().weights()).isEqualTo(same.model().weights());
    assertThat(late.model().statistics()).isEqualTo(same.model().statistics());
    assertThat(late.model().statistics())
        .isNotEqualTo(net.normaliser(new Late(0.25)).run(4).model().statistics());
    assertThatThrownBy(() -> net.normaliser("late-0.75-3")).isInstanceOf(UserError.class);
  }

  @Test
  void normalisesGloballyInTrainingToo() {
    Simulation net = SMALL.network("fixbn-cnn").set("model.width", 0.25);
    Run fbn = net.normaliser("fbn").run(3);
    assertThat(fbn.score().accuracy()).isFinite();
    assertThat(fbn.model().statistics()).isNotEqualTo(net.run(3).model().statistics());
    assertThat(fbn.model().weights()).isNotEqualTo(net.run(3).model().weights());
  }

  @Test
  void drawsAPartition() {
    for (int clients : new int[] {5, 100, 500}) {
      Simulation split = SMALL.images(1000, 10).clients(clients);
      BufferedImage even = split.partition("iid").plotPartition();
      BufferedImage skewed = split.plotPartition();
      assertThat(pixels(split.set("scoring.points", 10).plotPartition()))
          .as("whatever is said of rounds")
          .isEqualTo(pixels(skewed));
      assertThat(skewed.getWidth()).isGreaterThan(800);
      assertThat(pixels(skewed))
          .isNotEqualTo(pixels(even))
          .isEqualTo(pixels(split.plotPartition()));
    }
  }

  @Test
  void countsWhatItRecognises() {
    Run run = SMALL.run(3);
    int[] labels = run.images().test().labels();
    int[] predicted = run.predictions();
    long right = IntStream.range(0, 100).filter(i -> labels[i] == predicted[i]).count();
    assertThat(right).isEqualTo(run.score().correct());

    Table confusion = run.confusion();
    for (int row = 0; row < 10; row++) {
      for (int column = 0; column < 10; column++) {
        int of = row;
        int as = column;
        assertThat(confusion.intColumn(column + 1).get(row).longValue())
            .isEqualTo(
                IntStream.range(0, 100).filter(i -> labels[i] == of && predicted[i] == as).count());
      }
    }
    Table classes = run.classes();
    for (int c = 0; c < 10; c++) {
      int hits = confusion.intColumn(c + 1).get(c);
      assertThat(classes.doubleColumn("recall").get(c)).isEqualTo(hits / 10.0);
      double taken = confusion.intColumn(c + 1).sum();
      assertThat(classes.doubleColumn("precision").getDouble(c))
          .isEqualTo(Double.valueOf(hits / taken));
    }
  }

  /** Test images are as many of each class, so an IID client's mean is the accuracy itself. */
  @Test
  void looksFromAClientsPointOfView() {
    Simulation even = SMALL.images(400, 100).partition("iid", true);
    Run run = even.run(2);
    assertThat(run.clients(0, 2).doubleColumn("before").asDoubleArray())
        .containsExactly(
            new double[] {run.score().accuracy(), run.score().accuracy()}, within(1e-12));
    Run skewed = SMALL.partition("classes-per-client", 1).clients(10).run(2);
    Table clients = skewed.clients();
    Table labels = skewed.labels();
    assertThat(labels.rowCount()).isEqualTo(100);
    assertThat(labels.where(labels.intColumn("images").isGreaterThan(0)).rowCount()).isEqualTo(10);
    assertThat(labels.intColumn("images").sum()).isEqualTo(200);
    assertThat(clients.doubleColumn("after").mean())
        .isGreaterThan(clients.doubleColumn("before").mean() + 0.2);
    assertThat(skewed.round()).isEqualTo(2);
  }

  @Test
  void callsRunsByWhatTheyDifferIn() {
    Run plain = SMALL.method("feddyn").start(1);
    Simulation net = SMALL.network("mlp-2").set("model.width", 0.1);
    Run flat = net.man(0.15).start(1);
    assertThat(Runs.of(net.start(1), flat).names()).containsExactly("MAN 0", "MAN 0.15");
    Run other = SMALL.method("fedprox", 0.5).start(1);
    assertThat(Runs.of(plain, other).names()).containsExactly("FedDyn", "FedProx, mu 0.5");
    Run usual = SMALL.method("fedasam").start(1);
    Run wide = SMALL.method("fedasam", 0.7).start(1);
    assertThat(Runs.of(usual, wide).names()).containsExactly("rho 0.5", "rho 0.7");
    Run watched = SMALL.measure("divergence").method("fedprox", 0.5).start(1);
    assertThat(Runs.of(plain, watched).names()).containsExactly("FedDyn", "FedProx, mu 0.5");
    Run named = SMALL.named("ours").start(1);
    assertThat(Runs.of(plain, named).names()).containsExactly("FedDyn", "ours");
  }

  @Test
  void drawsRunsAndTheirSeeds() {
    Simulation net = SMALL.network("mlp-2").set("model.width", 0.1);
    Run[] runs = {net.run(3), net.seed(1).run(3), net.man(0.1).run(3)};
    assertThat(Runs.of(runs).names()).containsExactly("MAN 0", "MAN 0", "MAN 0.1");
    assertThat(Runs.of(runs).history().longColumn("seed").unique().size()).isEqualTo(2);
    BufferedImage picture = Runs.of(runs).plot();
    assertThat(picture.getWidth()).isGreaterThan(400);
    assertThat(pixels(picture)).isNotEqualTo(pixels(Runs.of(runs[0], runs[2]).plot()));
  }

  private static int[] pixels(BufferedImage picture) {
    int width = picture.getWidth();
    return picture.getRGB(0, 0, width, picture.getHeight(), null, 0, width);
  }

  @Test
  void measures() {
    Run run = SMALL.measure("divergence").run(2);
    assertThat(run.divergence().intColumn("round").asIntArray()).contains(1, 2);
    assertThat(run.divergence().doubleColumn("update").min()).isPositive();
    assertThat(run.divergence().intColumn("index").asList()).containsExactly(1, 0, 1, 0);
    Table curvature = run.curvature(50);
    assertThat(curvature.stringColumn("measure").asList())
        .containsExactly(
            "eigenvalue 1", "eigenvalue 2", "eigenvalue 3", "trace", "adaptive sharpness", "loss");
    double[] values = curvature.doubleColumn("value").asDoubleArray();
    assertThat(values[0]).isGreaterThanOrEqualTo(values[1]).isLessThan(values[3]);
    assertThat(values[5]).isPositive();
    Table blocks = run.blocks(50);
    assertThat(blocks.stringColumn("layer").asList()).containsExactly("logits");
    assertThat(blocks.doubleColumn("eigenvalue").get(0)).isCloseTo(values[0], within(0.05));
    Table landscape = run.landscape(50);
    assertThat(landscape.rowCount()).isEqualTo(21 * 21);
    assertThat(landscape.doubleColumn("loss").get(21 * 21 / 2)).isCloseTo(values[5], within(1e-5));
  }

  /** Updates of a whole cohort are large, so nothing is kept of them that nobody wants. */
  @Test
  void measuresDivergenceOnlyWhereItIsAskedFor() {
    assertThatThrownBy(() -> SMALL.run(1).divergence())
        .isInstanceOf(UserError.class)
        .hasMessageContaining("measure(\"divergence\")");
    assertThat(SMALL.measure("divergence").measure("none").settings()).isEqualTo(SMALL.settings());
  }

  @Test
  void tellsOfSeveralRunsInOneTable() {
    Simulation net = SMALL.network("man-cnn").set("model.width", 0.125);
    Runs runs = Runs.of(List.of(net.run(1), net.seed(3).man(0.15).run(1)));
    Table activations = runs.each(run -> run.activations(20));
    assertThat(activations.columnNames()).containsExactly("run", "seed", "layer", "square");
    assertThat(activations.rowCount()).isEqualTo(8);
    assertThat(activations.stringColumn("run").unique().asList())
        .containsExactlyInAnyOrder("MAN 0", "MAN 0.15");
    assertThat(activations.doubleColumn("square").min()).isPositive();
    assertThat(activations.longColumn("seed").asList()).contains(0L, 3L);
  }

  @Test
  void measuresNoImagesThatClientsDoNotSee() {
    Run shifted = SMALL.measure("divergence").set("data.feature-shift", 0.5).run(1);
    assertThat(shifted.divergence().rowCount()).isPositive();
    List<Runnable> blind =
        List.of(
            () -> shifted.curvature(20),
            () -> shifted.activations(20),
            () -> shifted.landscape(20));
    assertThat(blind)
        .allSatisfy(
            measure ->
                assertThatThrownBy(measure::run)
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("feature-shift"));
  }

  @Test
  void refusesWhereItIsWritten() {
    List<Runnable> wrong =
        List.of(
            () -> SMALL.network("resnet-9"),
            () -> SMALL.method("fedporx"),
            () -> SMALL.method("fedprox", 1, 2),
            () -> SMALL.rate(-1),
            () -> SMALL.set("training.rat", 1),
            () -> SMALL.partition("iid", 3),
            () -> Simulation.on("cifar-1"),
            () -> SMALL.cohort(5).run(1),
            () -> SMALL.run(1).clients(0, 4),
            () -> SMALL.run(1).clients(-1),
            () -> Runs.of());
    assertThat(wrong)
        .allSatisfy(attempt -> assertThatThrownBy(attempt::run).isInstanceOf(UserError.class));
  }
}
