package org.fedlayers.experiment;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.fedlayers.data.DataSets;
import org.fedlayers.data.DataSettings;
import org.fedlayers.data.Partitions;
import org.fedlayers.federated.FederationSettings;
import org.fedlayers.federated.Methods;
import org.fedlayers.federated.StatisticsSettings;
import org.fedlayers.federated.TrainingSettings;
import org.fedlayers.nn.Architecture;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Normalisers;
import org.fedlayers.options.Key;
import org.fedlayers.options.Options;
import org.fedlayers.options.Registry;
import org.fedlayers.options.Values;

/**
 * Every setting that an experiment file knows: the components of the records of its groups, and the
 * options of what groups name, such as those of the method {@code method.name}.
 */
public final class Keys {

  /**
   * A group whose keys depend on a name in it.
   *
   * @param name the key that holds the name
   * @param options of what is named
   * @param all options of all that can be named
   * @param owned whether options belong to what is named: another name drops them, and what is
   *     written is kept even at its default
   */
  record Naming(
      Key name, Function<String, List<Key>> options, Supplier<List<Key>> all, boolean owned) {}

  /** The records of groups; that without a name holds the keys outside of any group. */
  static final Map<String, Options<?>> GROUPS = new LinkedHashMap<>();

  static final Map<String, Naming> NAMINGS = new LinkedHashMap<>();

  /** Keys that a word in place of their group stands for: {@code partition: iid}. */
  private static final Map<String, String> SHORT = new TreeMap<>();

  private static final Map<String, Key> FIXED = new TreeMap<>();

  static {
    group("", RunSettings.class);
    group("data", DataSettings.class);
    group("model", ModelSettings.class);
    group("statistics", StatisticsSettings.class);
    group("federation", FederationSettings.class);
    group("training", TrainingSettings.class);
    group("scoring", ScoringSettings.class);
    group("measure", MeasureSettings.class);
    Key set = FIXED.get("data.set");
    FIXED.put("data.set", name(set.name(), "drawn", DataSets.ALL::named, set.meaning()));
    SHORT.put("data", "data.set");
    SHORT.put("measure", "measure.what");
    naming("partition", "iid", Partitions.ALL, "how images are split among clients");
    naming("method", "fedavg", Methods.ALL, "the federated method");
    naming(
        "model",
        new Naming(
            name("model.name", "resnet-8", Architectures::named, "the architecture"),
            name -> ofArchitectures(Stream.of(Architectures.named(name))),
            () -> ofArchitectures(Architectures.all().stream()),
            false));
  }

  /** Their options; the name of a normaliser is looked up where it is read. */
  private static List<Key> ofArchitectures(Stream<Registry.Entry<Architecture>> architectures) {
    return architectures
        .flatMap(architecture -> architecture.keys().stream())
        .map(
            key ->
                key.name().equals("normaliser")
                    ? name(key.name(), "default", Normalisers::parse, key.meaning())
                    : key)
        .toList();
  }

  private Keys() {}

  private static void group(String group, Class<? extends Record> record) {
    Options<?> options = new Options<>(record);
    GROUPS.put(group, options);
    options.keys().forEach(key -> FIXED.put(name(group, key), key.named(name(group, key))));
  }

  /** A key of a group as files spell it. */
  static String name(String group, Key key) {
    return group.isEmpty() ? key.name() : group + "." + key.name();
  }

  private static void naming(String group, String standard, Registry<?> registry, String meaning) {
    naming(
        group,
        new Naming(
            name(group + ".name", standard, registry::named, meaning),
            name -> registry.named(name).keys(),
            () -> registry.all().stream().flatMap(Keys::ofEntry).toList(),
            true));
  }

  /** Its options, whose meaning says whose they are: others may call theirs the same. */
  private static Stream<Key> ofEntry(Registry.Entry<?> entry) {
    return entry.keys().stream()
        .map(
            key ->
                key.meaning().isEmpty() ? key : key.meaning(entry.name() + ": " + key.meaning()));
  }

  private static void naming(String group, Naming naming) {
    NAMINGS.put(group, naming);
    SHORT.put(group, naming.name().name());
    FIXED.put(naming.name().name(), naming.name());
  }

  /** A key whose value is a name that some registry knows; its own refusal is the message. */
  static Key name(String key, String standard, Consumer<String> check, String meaning) {
    Function<Object, Object> reader =
        written -> {
          if (!(written instanceof String word)) {
            return null;
          }
          String name = word.strip().toLowerCase(Locale.ROOT);
          check.accept(name);
          return name;
        };
    return new Key(key, new Values("a name", reader), standard, false, meaning);
  }

  /** Every key by its name, options of what was registered at run time included. */
  public static Map<String, Key> all() {
    Map<String, Key> all = new TreeMap<>();
    listed().forEach(key -> all.putIfAbsent(key.name(), key));
    return Collections.unmodifiableMap(all);
  }

  /** The same in the order of names, an option of several things once for each. */
  public static List<Key> listed() {
    Stream<Key> options =
        NAMINGS.entrySet().stream()
            .flatMap(
                naming ->
                    naming.getValue().all().get().stream()
                        .map(key -> key.named(name(naming.getKey(), key))));
    return Stream.concat(FIXED.values().stream(), options)
        .sorted(Comparator.comparing(Key::name))
        .toList();
  }

  /** The key of a name, whatever it is an option of; null if there is none. */
  static Key named(String name) {
    return all().get(name);
  }

  /** Whether there are keys below this one, for example below {@code partition}. */
  static boolean isGroup(String name) {
    return NAMINGS.containsKey(name) || !name.isEmpty() && GROUPS.containsKey(name);
  }

  /** Whether an axis of a grid may have this name: that of a key, or of a group as a whole. */
  public static boolean isSetting(String name) {
    return isGroup(name) || named(name) != null;
  }

  /** The key that a spelling stands for: {@code model.name} for {@code model}. */
  static String canonical(String name) {
    return SHORT.getOrDefault(name, name);
  }

  /** The name of a key's group; empty for none. */
  static String group(String key) {
    return key.contains(".") ? key.substring(0, key.indexOf('.')) : "";
  }

  /**
   * The key of this name as it is read among other settings, or null if what they name has no such
   * option.
   *
   * @param named gives the name that a group holds, for example {@code fedprox} for {@code method}
   */
  static Key of(String name, Function<String, String> named) {
    Key fixed = FIXED.get(name);
    Naming naming = NAMINGS.get(group(name));
    if (fixed != null || naming == null) {
      return fixed;
    }
    return naming.options().apply(named.apply(group(name))).stream()
        .filter(key -> name(group(name), key).equals(name))
        .findFirst()
        .map(key -> key.named(name))
        .orElse(null);
  }

  /** Whether a key is an option of what its group names. */
  static boolean isOption(String key) {
    return NAMINGS.containsKey(group(key)) && !FIXED.containsKey(key);
  }

  /** Whether a key belongs to what its group names; see {@link Naming#owned}. */
  static boolean isOwned(String key) {
    return isOption(key) && NAMINGS.get(group(key)).owned();
  }

  /** Whether a key leaves nothing of another: it is the same, or names what the other is of. */
  static boolean replaces(String over, String key) {
    return over.equals(key) || isOwned(key) && over.equals(canonical(group(key)));
  }

  /** What a group's options are called, for messages about one that what is named does not take. */
  static List<String> options(String group, String named) {
    return NAMINGS.get(group).options().apply(named).stream().map(Key::name).toList();
  }
}
