package org.fedlayers.experiment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.apache.commons.codec.digest.DigestUtils;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.DataSettings;
import org.fedlayers.data.ImageSet;
import org.fedlayers.data.Partition;
import org.fedlayers.data.Partitions;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.Method;
import org.fedlayers.federated.Methods;
import org.fedlayers.federated.StatisticsSettings;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normalisers;
import org.fedlayers.nn.Shape;
import org.fedlayers.options.Key;
import org.fedlayers.options.Located;
import org.fedlayers.options.Options;
import org.fedlayers.options.Problems;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;

/**
 * The settings of one run, without its arm and seed: a value for every key, and the records that
 * are made of these values. Immutable.
 *
 * <pre>{@code
 * Configuration.of(Map.of("model", "man-cnn", "training.epochs", 5)).with("training.rate", 0.1)
 * }</pre>
 *
 * <p>Values at their default are left out of the canonical form, so a key that is added later
 * leaves the ids of older cells as they are.
 */
public final class Configuration {
  private final Map<String, Object> chosen;

  private Configuration(Map<String, Object> chosen) {
    this.chosen = Collections.unmodifiableMap(chosen);
  }

  /**
   * @param values by key, as files spell them: numbers, booleans, words and lists of these
   * @throws UserError if a key is unknown, is nothing that a named method, partition or
   *     architecture takes, or does not take its value; whether values go together is checked where
   *     they are used
   */
  public static Configuration of(Map<String, ?> values) {
    BiConsumer<String, UserError> refused =
        (key, refusal) -> {
          throw refusal;
        };
    return read(new TreeMap<>(values), refused, refused);
  }

  /**
   * Reads what it can.
   *
   * @param refused is called for each key that does not take its value
   * @param useless is called for each option that the named method, partition or architecture does
   *     not have
   */
  static Configuration read(
      Map<String, ?> values,
      BiConsumer<String, UserError> refused,
      BiConsumer<String, UserError> useless) {
    Map<String, Object> written = new LinkedHashMap<>();
    values.forEach((name, value) -> written.put(Keys.canonical(name), value));
    Map<String, String> named = new TreeMap<>();
    for (String group : Keys.NAMINGS.keySet()) {
      try {
        named.put(group, named(written, group));
      } catch (UserError refusal) {
        refused.accept(Keys.canonical(group), refusal);
        written.keySet().removeIf(key -> Keys.group(key).equals(group));
      }
    }
    Map<String, Object> chosen = new TreeMap<>();
    written.forEach(
        (name, value) -> {
          Key key = Keys.of(name, named::get);
          if (key == null) {
            useless.accept(name, notTaken(name, named.get(Keys.group(name))));
          } else if (value != null) {
            try {
              Object read = key.read(value);
              if (!read.equals(key.standard()) || Keys.isOwned(name)) {
                chosen.put(name, read);
              }
            } catch (UserError refusal) {
              refused.accept(name, refusal);
            }
          }
        });
    return new Configuration(chosen);
  }

  /**
   * Why a key is not read.
   *
   * @param named what its group names, if it does
   */
  private static UserError notTaken(String key, String named) {
    String group = Keys.group(key);
    if (named == null) {
      return new UserError("unknown key " + key + Spelling.hint(key, Keys.all().keySet()));
    }
    String option = key.substring(group.length() + 1);
    String hint = Spelling.hint(option, Keys.options(group, named));
    return new UserError("%s %s has no option '%s'%s".formatted(group, named, option, hint));
  }

  private static String named(Map<String, Object> values, String group) {
    Key key = Keys.NAMINGS.get(group).name();
    Object name = values.get(key.name());
    return (String) (name == null ? key.standard() : key.read(name));
  }

  /** These with one key set to a value; null for its default. */
  public Configuration with(String key, Object value) {
    String name = Keys.canonical(key);
    Map<String, Object> more = new TreeMap<>(chosen);
    if (Keys.NAMINGS.containsKey(Keys.group(name)) && !Keys.isOption(name)) {
      more.keySet().removeIf(other -> Keys.replaces(name, other));
    }
    more.put(name, value);
    return of(more);
  }

  /**
   * @param key that no options belong to
   */
  Configuration without(String key) {
    Map<String, Object> fewer = new TreeMap<>(chosen);
    fewer.remove(key);
    return new Configuration(fewer);
  }

  /** The value of a key: the chosen one, else the default, which may be null. */
  public Object get(String key) {
    Key own = Keys.of(key, this::name);
    return chosen.getOrDefault(key, (own != null ? own : Keys.named(key)).standard());
  }

  /** Whether a key means anything here: an option does if it is of what its group names. */
  public boolean isFor(String key) {
    return Keys.of(key, this::name) != null;
  }

  /** Whether the key was given a value of its own. */
  boolean has(String key) {
    return chosen.containsKey(key);
  }

  /** What differs from the defaults, by key name. */
  public Map<String, Object> chosen() {
    return chosen;
  }

  public RunSettings run() {
    return record("", RunSettings.class);
  }

  public DataSettings data() {
    return record("data", DataSettings.class);
  }

  public ModelSettings model() {
    return record("model", ModelSettings.class);
  }

  public StatisticsSettings statistics() {
    return record("statistics", StatisticsSettings.class);
  }

  public FederationSettings federation() {
    return record("federation", FederationSettings.class);
  }

  public TrainingSettings training() {
    return record("training", TrainingSettings.class);
  }

  public ScoringSettings scoring() {
    return record("scoring", ScoringSettings.class);
  }

  public MeasureSettings measure() {
    return record("measure", MeasureSettings.class);
  }

  private <R extends Record> R record(String group, Class<R> type) {
    Options<?> options = Keys.GROUPS.get(group);
    return type.cast(options.make("", values(group, options::has)));
  }

  /** Chosen values of a group, by their names in it. */
  private Map<String, Object> values(String group, Predicate<String> which) {
    Map<String, Object> values = new TreeMap<>();
    chosen.forEach(
        (key, value) -> {
          String name = key.substring(key.indexOf('.') + 1);
          if (Keys.group(key).equals(group) && which.test(name)) {
            values.put(name, value);
          }
        });
    return values;
  }

  public Method method() {
    return Methods.ALL.make(name("method"), options("method"));
  }

  public Partition partition() {
    return Partitions.ALL.make(name("partition"), options("partition"));
  }

  public Network network() {
    ImageSet.Facts images = DataSets.facts(data().set());
    Shape shape = new Shape(images.channels(), images.height(), images.width());
    return Architectures.build(name("model"), options("model"), shape, images.classes());
  }

  /**
   * Checks what an experiment file is checked for: that settings go together, and that each has an
   * effect.
   *
   * @throws UserError with everything that is wrong
   */
  public void check() {
    Problems problems = new Problems();
    CellRules rules = new CellRules(problems, "settings");
    Map<String, Located> written = new TreeMap<>();
    chosen().forEach((key, value) -> written.put(key, Located.of(value, key)));
    rules.read(written);
    written.values().stream()
        .filter(value -> !rules.isUsed(value))
        .forEach(value -> problems.add(value.place(), rules.whyUnused(value)));
    problems.throwIfAny("the simulation");
  }

  /** Whether all that it names is this library's, so that its results can be verified. */
  public boolean isBuiltIn() {
    return Methods.ALL.isBuiltIn(name("method"))
        && Partitions.ALL.isBuiltIn(name("partition"))
        && DataSets.ALL.isBuiltIn(data().set())
        && Architectures.named(name("model")).builtIn()
        && Normalisers.isBuiltIn(normaliser());
  }

  /** The normaliser as it was named, or {@code default} for the architecture's own. */
  public String normaliser() {
    return (String) get("model.normaliser");
  }

  /** How many rounds it takes. */
  public int rounds() {
    RunSettings run = run();
    return run.rounds() != null ? run.rounds() : run.totalSteps() / training().steps();
  }

  /** What a group names, for example {@code fedprox} for {@code method}. */
  String name(String group) {
    return named(chosen, group);
  }

  /** The options of what a group names, by their own names. */
  Map<String, Object> options(String group) {
    return values(group, name -> Keys.isOption(group + "." + name));
  }

  /** One line of JSON with sorted keys. */
  public String canonical() {
    return Json.line(chosen);
  }

  /** The first 12 hexadecimal digits of the SHA-256 of a text. */
  public static String hash(String text) {
    return DigestUtils.sha256Hex(text).substring(0, 12);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Configuration that && chosen.equals(that.chosen);
  }

  @Override
  public int hashCode() {
    return chosen.hashCode();
  }

  @Override
  public String toString() {
    return canonical();
  }
}
