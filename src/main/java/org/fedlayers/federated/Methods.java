package org.fedlayers.federated;

import org.fedlayers.options.Registry;

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
 * Method method = Methods.ALL.make("fedhalf", Map.of("factor", 0.5));
 * }</pre>
 */
public final class Methods {
  /** Every method, those of this library first. */
  public static final Registry<Method> ALL =
      new Registry<Method>("method")
          .with(
              "fedavg", "McMahan et al. 2017, arXiv 1602.05629", "the weighted mean", FedAvg.class)
          .with(
              "fedprox",
              "Li et al. 2020, arXiv 1812.06127",
              "a proximal term holds clients near the server's weights",
              FedProx.class)
          .with(
              "scaffold",
              "Karimireddy et al. 2020, arXiv 1910.06378",
              "control variates cancel what clients differ in",
              Scaffold.class)
          .with(
              "feddyn",
              "Acar et al. 2021, arXiv 2111.04263",
              "dynamic regularisation by each client's drift",
              FedDyn.class)
          .with(
              "feddc",
              "Gao et al. 2022, arXiv 2203.11751",
              "drift decoupled from the model, with control variates",
              FedDc.class)
          .with(
              "fedsam",
              "Caldarola et al. 2022, arXiv 2203.11834",
              "clients take the gradient at the worst point within rho",
              FedSam.class)
          .with(
              "fedasam",
              "Caldarola et al. 2022, arXiv 2203.11834",
              "the same in a neighbourhood that scales with the weights",
              FedAsam.class)
          .with(
              "fedspeed",
              "Sun et al. 2023, arXiv 2302.10429",
              "dynamic regularisation along sharpness-aware gradients",
              FedSpeed.class)
          .with(
              "fedcm",
              "Xu et al. 2021, arXiv 2106.10874",
              "the last round's mean direction is mixed into every local step",
              FedCm.class)
          .with(
              "mofedsam",
              "Qu et al. 2022, arXiv 2206.02618",
              "fedcm over sharpness-aware gradients",
              MoFedSam.class)
          .with(
              "fedavgm",
              "Hsu et al. 2019, arXiv 1909.06335",
              "momentum on the server",
              FedAvgM.class)
          .with(
              "fedadam", "Reddi et al. 2021, arXiv 2003.00295", "Adam on the server", FedAdam.class)
          .with(
              "fedyogi", "Reddi et al. 2021, arXiv 2003.00295", "Yogi on the server", FedYogi.class)
          .with(
              "fedadagrad",
              "Reddi et al. 2021, arXiv 2003.00295",
              "Adagrad on the server",
              FedAdagrad.class)
          .with(
              "fedntd",
              "Lee et al. 2022, arXiv 2106.03097",
              "distils the global model's predictions of the classes that are not the label's",
              FedNtd.class);

  private Methods() {}

  /**
   * Makes a record available by name, see {@link Registry#register}. A constructor without
   * arguments gives the usual values of its options.
   */
  public static <M extends Record & Method> void register(
      String name, String paper, Class<M> type) {
    ALL.register(name, paper, type.getSimpleName(), type);
  }
}
