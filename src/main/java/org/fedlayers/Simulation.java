package org.fedlayers;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.Partition;
import org.fedlayers.data.Partitions;
import org.fedlayers.experiment.Arm;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Configuration;
import org.fedlayers.experiment.Measurement;
import org.fedlayers.federated.FederatedNormaliser;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.fedlayers.nn.Architecture;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Normalisers;
import org.fedlayers.options.Key;
import org.fedlayers.options.Options;
import org.fedlayers.options.Registry;
import org.fedlayers.options.UserError;

/**
 * A federation in a few lines, in the words of the experiment files:
 *
 * <pre>{@code
 * var federation = Simulation.on("cifar-10").clients(100).cohort(10)
 *     .partition("equal-dirichlet", 0.3).network("man-cnn").rate(0.1).epochs(5).batch(50);
 * var plain = federation.method("feddyn").run(20);
 * var flat = federation.method("feddyn").man(0.15).run(20);
 * Runs.of(plain, flat).plot();
 * }</pre>
 *
 * <p>Immutable: each method returns a changed copy, so one federation serves as the base of
 * several. Whatever has no method of its own is reached by {@link #set}; {@code fedlayers list
 * settings} names every key. A wrong name or value is refused where it is written, and what does
 * not go together by {@link #run}. Equal settings and seeds give equal bits.
 */
public final class Simulation {
  /** Enough for whatever settings say of rounds, where none is run. */
  private static final int MOST_ROUNDS = 1_000_000;

  private final Configuration settings;
  private final long seed;
  private final String name;
  private final Path folder;

  private Simulation(Configuration settings, long seed, String name, Path folder) {
    this.settings = settings;
    this.seed = seed;
    this.name = name;
    this.folder = folder;
  }

  /**
   * A federation of ten clients that learn the images of a set by one local epoch a round.
   *
   * @param images for example {@code cifar-10}, or {@code drawn}, which needs no download
   */
  public static Simulation on(String images) {
    return new Simulation(
        Configuration.of(Map.of("data.set", images, "training.epochs", 1)), 0, null, null);
  }

  /** The same on images of your own, which are known by their name from here on. */
  public static Simulation on(DataSet images) {
    DataSets.register(images);
    return on(images.name());
  }

  /**
   * Any setting by its key, as in an experiment file.
   *
   * @param value a number, a truth value, a word or a list of these; null for its default
   * @throws org.fedlayers.options.UserError if there is no such key, or it does not take the value
   */
  public Simulation set(String key, Object value) {
    return new Simulation(settings.with(key, value), seed, name, folder);
  }

  /** So many images of the set, evenly from its classes. */
  public Simulation images(int train, int test) {
    return set("data.train", train).set("data.test", test);
  }

  public Simulation clients(int number) {
    return set("federation.clients", number);
  }

  /** So many clients a round, drawn without replacement; without this, all of them. */
  public Simulation cohort(int clients) {
    return set("federation.participation", null).set("federation.cohort", clients);
  }

  /** Each client takes part in a round with this probability. */
  public Simulation participation(double probability) {
    return set("federation.cohort", null).set("federation.participation", probability);
  }

  /**
   * How images are split among clients.
   *
   * @param options in the order in which {@code fedlayers list partitions} names them; the usual
   *     values for those left out
   */
  public Simulation partition(String name, Object... options) {
    return named("partition", Partitions.ALL, name, options);
  }

  /** A partition of your own, or one that is made already. */
  public Simulation partition(Partition partition) {
    return partition(Partitions.ALL.nameOf(partition), Options.values(partition));
  }

  /** The architecture, for example {@code resnet-20}. */
  public Simulation network(String architecture) {
    return set("model", architecture);
  }

  /** A network of your own: a record that builds it for any shape of images. */
  public Simulation network(Architecture architecture) {
    String name = Architectures.nameOf(architecture);
    return named("model", name, Architectures.named(name).keys(), Options.values(architecture));
  }

  /** In place of the architecture's own normaliser, for example {@code gn-2} or {@code fixbn}. */
  public Simulation normaliser(String normaliser) {
    return set("model.normaliser", normaliser);
  }

  /** A normaliser of your own. */
  public Simulation normaliser(FederatedNormaliser normaliser) {
    return normaliser(Normalisers.text(normaliser));
  }

  /**
   * The federated method.
   *
   * @param options in the order in which {@code fedlayers list methods} names them
   */
  public Simulation method(String name, Object... options) {
    return named("method", Methods.ALL, name, options);
  }

  /** A method of your own, or one that is made already. */
  public Simulation method(Method method) {
    return method(Methods.ALL.nameOf(method), Options.values(method));
  }

  /** Passes over a client's images a round. */
  public Simulation epochs(int epochs) {
    return set("training.steps", null).set("training.epochs", epochs);
  }

  /** Mini-batches a round, in place of epochs. */
  public Simulation steps(int steps) {
    return set("training.epochs", null).set("training.steps", steps);
  }

  /** Images a mini-batch. */
  public Simulation batch(int images) {
    return set("training.batch", images);
  }

  /** The learning rate of the first round. */
  public Simulation rate(double rate) {
    return set("training.rate", rate);
  }

  /** MAN's zeta, the penalty on layerwise activations (arXiv 2512.08314). */
  public Simulation man(double zeta) {
    return set("training.man", zeta);
  }

  /**
   * What is measured while clients train: {@code divergence} for {@link Run#divergence}, or {@code
   * none}. It holds as many vectors of the model's length as there are clients in a round.
   */
  public Simulation measure(String what) {
    return set("measure", what);
  }

  /** Decides partition, initial weights, cohorts and the order of images. */
  public Simulation seed(long other) {
    return new Simulation(settings, other, name, folder);
  }

  /** What pictures and tables call its runs, in place of the settings in which these differ. */
  public Simulation named(String label) {
    return new Simulation(settings, seed, label, folder);
  }

  /**
   * Keeps its run in a folder of its own, every 20 seconds and after each call that trains: the
   * same lines go on from there, in another process too. One run at a time may train in the folder;
   * a second is refused.
   */
  public Simulation in(Path folder) {
    return new Simulation(settings, seed, name, folder);
  }

  /**
   * A run that has not begun, but for what its folder holds.
   *
   * @param rounds how long it is to be, which schedules of rates and FixBN depend on
   * @throws org.fedlayers.options.UserError if settings do not go together
   */
  public Run start(int rounds) {
    return new Run(set("rounds", rounds));
  }

  /**
   * Trains for so many rounds; in a notebook an interrupt ends it, and {@link Run#finish} goes on.
   */
  public Run run(int rounds) {
    return start(rounds).finish();
  }

  /**
   * How images are split among clients: those of each class at each client as a heat map, with the
   * numbers of {@link Run#heterogeneity}, and nothing trained.
   */
  public BufferedImage plotPartition() {
    return in(null).start(MOST_ROUNDS).plotPartition();
  }

  /** Refuses what does not go together, and what no run of a simulation looks at. */
  void check() {
    settings.check();
    requireUnset(settings.run().isFederatedAlone(), "arms", "it is federated");
    requireUnset(
        settings.scoring().averages().size() == 1, "scoring.averages", "one average is scored");
    requireUnset(
        settings.measure().what().stream().allMatch(what -> what == Measurement.DIVERGENCE),
        "measure.what",
        "ask the run for curvature(), activations() and the like");
    for (String option : List.of("measure.images", "measure.features", "measure.steps")) {
      requireUnset(!settings.chosen().containsKey(option), option, "a run's measures ask for it");
    }
  }

  private static void requireUnset(boolean holds, String key, String why) {
    if (!holds) {
      throw new UserError(key + " has no effect on a simulation: " + why);
    }
  }

  /** Its settings. */
  public Configuration settings() {
    return settings;
  }

  Cell cell() {
    return new Cell(settings, Arm.FEDERATED, seed, Map.of());
  }

  /** Where its run is kept, or null. */
  Path folder() {
    return folder;
  }

  /** Its own name, or null. */
  String name() {
    return name;
  }

  private Simulation named(String group, Registry<?> all, String name, Object... options) {
    return named(group, name, all.named(name).keys(), options);
  }

  private Simulation named(String group, String name, List<Key> keys, Object... options) {
    if (options.length > keys.size()) {
      throw new UserError(
          "%s %s takes %d options, not %d".formatted(group, name, keys.size(), options.length));
    }
    Simulation chosen = set(group, name);
    for (int i = 0; i < options.length; i++) {
      chosen = chosen.set(group + "." + keys.get(i).name(), options[i]);
    }
    return chosen;
  }

  @Override
  public String toString() {
    return settings.chosen() + ", seed " + seed;
  }
}
