package org.fedlayers.federated;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;

/**
 * The methods by name, as experiment files spell them, and a place for one of your own:
 *
 * <pre>{@code
 * record FedHalf(double factor) implements Method {
 *   public void aggregate(ServerView server, CohortSum sum) {
 *     server.move(factor, sum.mean(DELTA));
 *   }
 * }
 * Methods.register("fedhalf", "our own", FedHalf.class);
 * Method method = Methods.parse("fedhalf", Map.of("factor", 0.5));
 * }</pre>
 */
public final class Methods {

  /**
   * A method one can ask for.
   *
   * @param name as in an experiment file
   * @param paper where it comes from
   * @param description one line
   * @param options its hyper-parameters
   * @param builtIn whether it is one of this library's, so that its results can be verified from
   *     their provenance alone
   */
  public record Entry(
      String name, String paper, String description, List<Option> options, boolean builtIn) {}

  /**
   * A hyper-parameter.
   *
   * @param name as in an experiment file: {@code global-rate} for the component globalRate
   * @param type double, int, long, boolean or String
   * @param standard its value if left out, or null if it must be given
   */
  public record Option(String name, Class<?> type, Object standard) {}

  private record Registered(Entry entry, Hyperparameters<? extends Method> maker) {}

  private static final Map<String, Registered> REGISTERED = new LinkedHashMap<>();

  static {
    add("fedavg", "McMahan et al. 2017, arXiv 1602.05629", "the weighted mean", FedAvg.class);
    add(
        "fedprox",
        "Li et al. 2020, arXiv 1812.06127",
        "a proximal term holds clients near the server's weights",
        FedProx.class);
    add(
        "scaffold",
        "Karimireddy et al. 2020, arXiv 1910.06378",
        "control variates cancel what clients differ in",
        Scaffold.class);
    add(
        "feddyn",
        "Acar et al. 2021, arXiv 2111.04263",
        "dynamic regularisation by each client's drift",
        FedDyn.class);
    add(
        "feddc",
        "Gao et al. 2022, arXiv 2203.11751",
        "drift decoupled from the model, with control variates",
        FedDc.class);
    add(
        "fedsam",
        "Caldarola et al. 2022, arXiv 2203.11834",
        "clients take the gradient at the worst point within rho",
        FedSam.class);
    add(
        "fedasam",
        "Caldarola et al. 2022, arXiv 2203.11834",
        "the same in a neighbourhood that stretches with the weights",
        FedAsam.class);
    add(
        "fedspeed",
        "Sun et al. 2023, arXiv 2302.10429",
        "dynamic regularisation along sharpness-aware gradients",
        FedSpeed.class);
    add(
        "fedcm",
        "Xu et al. 2021, arXiv 2106.10874",
        "the last round's mean direction is mixed into every local step",
        FedCm.class);
    add(
        "mofedsam",
        "Qu et al. 2022, arXiv 2206.02618",
        "fedcm over sharpness-aware gradients",
        MoFedSam.class);
    add("fedavgm", "Hsu et al. 2019, arXiv 1909.06335", "momentum on the server", FedAvgM.class);
    add("fedadam", "Reddi et al. 2021, arXiv 2003.00295", "Adam on the server", FedAdam.class);
    add("fedyogi", "Reddi et al. 2021, arXiv 2003.00295", "Yogi on the server", FedYogi.class);
    add(
        "fedadagrad",
        "Reddi et al. 2021, arXiv 2003.00295",
        "Adagrad on the server",
        FedAdagrad.class);
    add(
        "fedntd",
        "Lee et al. 2022, arXiv 2106.03097",
        "distils the global model's opinion of the classes that are not the label's",
        FedNtd.class);
  }

  private Methods() {}

  private static <M extends Record & Method> void add(
      String name, String paper, String description, Class<M> type) {
    Hyperparameters<M> maker = new Hyperparameters<>(type);
    REGISTERED.put(
        name, new Registered(new Entry(name, paper, description, maker.options(), true), maker));
  }

  /**
   * Makes a record available by name: to experiment files, tables and figures of this process. Its
   * components are its options, of type double, int, long, boolean or String; a constructor without
   * arguments gives their usual values. A name registered before is replaced, so a notebook cell
   * may be run again.
   *
   * @throws UserError if the name is a built-in method's or no name, or a component is of another
   *     type
   */
  public static synchronized <M extends Record & Method> void register(
      String name, String paper, Class<M> type) {
    if (!name.matches("[a-z][a-z0-9-]*")) {
      throw new UserError(
          "a method cannot be called '%s': small letters, digits and - make a name"
              .formatted(name));
    }
    Registered known = REGISTERED.get(name);
    if (known != null && known.entry().builtIn()) {
      throw new UserError("'%s' is a built-in method; choose another name".formatted(name));
    }
    Hyperparameters<M> maker = new Hyperparameters<>(type);
    Entry entry = new Entry(name, paper, type.getSimpleName(), maker.options(), false);
    REGISTERED.put(name, new Registered(entry, maker));
  }

  /** Every method, those of this library first. */
  public static synchronized List<Entry> all() {
    return REGISTERED.values().stream().map(Registered::entry).toList();
  }

  /** Whether a method is one of this library's, and not one that was registered. */
  public static boolean isBuiltIn(String name) {
    return all().stream().anyMatch(entry -> entry.name().equals(name) && entry.builtIn());
  }

  public static Collection<String> names() {
    return all().stream().map(Entry::name).toList();
  }

  /**
   * A method by name.
   *
   * @param options as read from an experiment file; what is left out has its usual value
   * @throws UserError if there is no such method or option, one is missing, or a value is wrong
   */
  public static synchronized Method parse(String name, Map<String, ?> options) {
    Registered registered = REGISTERED.get(name);
    if (registered == null) {
      throw new UserError("no method '" + name + "'" + Spelling.hint(name, names()));
    }
    return registered.maker().make("method " + name, options);
  }
}
