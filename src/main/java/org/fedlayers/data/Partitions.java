package org.fedlayers.data;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fedlayers.options.UserError;

/** The partitions by name, as experiment files spell them. */
public final class Partitions {

  /**
   * An option of a partition.
   *
   * @param name its key
   * @param meaning one line: what it is, its range
   * @param standard its value if left out (a Double, Integer or Boolean), or null if it must be
   *     given
   * @param type what its value is
   */
  public record Option(String name, String meaning, Object standard, Class<?> type) {}

  /**
   * A partition one can ask for.
   *
   * @param name as in an experiment file
   * @param description one line
   * @param paper where it comes from
   * @param options what it takes
   */
  public record Kind(String name, String description, String paper, List<Option> options) {}

  private record Entry(
      String description,
      Partition example,
      List<Option> options,
      Function<Map<String, Object>, Partition> make) {
    Kind kind() {
      return new Kind(example.name(), description, example.paper(), options);
    }
  }

  private static final List<Entry> ENTRIES =
      List.of(
          new Entry(
              "equal shares of the shuffled training set",
              new Iid(),
              List.of(new Option("balanced", "every class dealt evenly too", false, Boolean.class)),
              o -> new Iid((Boolean) o.get("balanced"))),
          new Entry(
              "equal client sizes, a Dirichlet class prior for each client",
              new EqualDirichlet(1),
              List.of(concentration()),
              o -> new EqualDirichlet((Double) o.get("concentration"))),
          new Entry(
              "each class shared over clients by a Dirichlet draw, sizes differ",
              new ClassDirichlet(1),
              List.of(concentration(), minimum()),
              o -> new ClassDirichlet((Double) o.get("concentration"), (Integer) o.get("minimum"))),
          new Entry(
              "exactly k different classes for each client",
              new ClassesPerClient(2),
              List.of(new Option("classes", "k, at least 1", null, Integer.class)),
              o -> new ClassesPerClient((Integer) o.get("classes"))),
          new Entry(
              "shards of samples sorted by class, at random",
              new Shards(2),
              List.of(new Option("shards", "of each client, at least 1", 2, Integer.class)),
              o -> new Shards((Integer) o.get("shards"))),
          new Entry(
              "client sizes by a Dirichlet draw, classes not skewed",
              new QuantityDirichlet(1),
              List.of(concentration(), minimum()),
              o ->
                  new QuantityDirichlet(
                      (Double) o.get("concentration"), (Integer) o.get("minimum"))));

  private Partitions() {}

  /** Every partition, with its options. */
  public static List<Kind> all() {
    return ENTRIES.stream().map(Entry::kind).toList();
  }

  /**
   * A partition by name.
   *
   * @param options as read from an experiment file: numbers and booleans
   * @throws UserError if there is no such partition or option, one is missing, or a value is wrong
   */
  public static Partition parse(String name, Map<String, ?> options) {
    Entry entry =
        ENTRIES.stream()
            .filter(e -> e.example().name().equals(name))
            .findFirst()
            .orElseThrow(
                () -> new UserError("no partition '%s'; there are %s".formatted(name, names())));
    Set<String> unknown = new HashSet<>(options.keySet());
    entry.options().forEach(option -> unknown.remove(option.name()));
    if (!unknown.isEmpty()) {
      throw new UserError(
          "partition %s has no option %s; it takes %s"
              .formatted(name, String.join(", ", unknown), optionNames(entry)));
    }
    return entry
        .make()
        .apply(
            entry.options().stream()
                .collect(Collectors.toMap(Option::name, option -> value(name, option, options))));
  }

  /**
   * Samples of each class at each client: what a heat map of a deal shows.
   *
   * @return counts[client][class]
   */
  public static int[][] counts(int[][] deal, int[] labels, int classes) {
    int[][] counts = new int[deal.length][classes];
    for (int client = 0; client < deal.length; client++) {
      for (int sample : deal[client]) {
        counts[client][labels[sample]]++;
      }
    }
    return counts;
  }

  private static Option concentration() {
    return new Option(
        "concentration", "Dirichlet concentration, above 0; small is skewed", null, Double.class);
  }

  private static Option minimum() {
    return new Option(
        "minimum", "fewest samples of a client, at least 1", ClassDirichlet.MINIMUM, Integer.class);
  }

  private static Object value(String partition, Option option, Map<String, ?> options) {
    Object given = options.get(option.name());
    if (given == null && option.standard() != null && !options.containsKey(option.name())) {
      return option.standard();
    }
    if (option.type() == Double.class && given instanceof Number number) {
      return number.doubleValue();
    }
    if (option.type() == Integer.class
        && (given instanceof Integer || given instanceof Long)
        && ((Number) given).longValue() == ((Number) given).intValue()) {
      return ((Number) given).intValue();
    }
    if (option.type().isInstance(given)) {
      return given;
    }
    String type =
        Map.of(
                Double.class,
                "a number",
                Integer.class,
                "a whole number",
                Boolean.class,
                "true or false")
            .get(option.type());
    throw new UserError(
        "partition %s: %s is %s, expected %s (%s)"
            .formatted(
                partition,
                option.name(),
                given == null ? "missing" : "'" + given + "'",
                type,
                option.meaning()));
  }

  private static String names() {
    return all().stream().map(Kind::name).collect(Collectors.joining(", "));
  }

  private static String optionNames(Entry entry) {
    return entry.options().stream().map(Option::name).collect(Collectors.joining(", "));
  }
}
