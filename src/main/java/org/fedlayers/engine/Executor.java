package org.fedlayers.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.fedlayers.data.UserError;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.graph.GraphModel;
import org.fedlayers.nn.plan.PlanModel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of the two executors computes networks. Both agree to rounding, but not to the bit. */
public enum Executor {
  /** Plans of oneDNN where they run, else DL4J graphs. */
  AUTO,
  /** {@link PlanModel}: the fast path on x86-64. */
  PLAN,
  /** {@link GraphModel}: the reference, for other processors and for CUDA. */
  GRAPH;

  /**
   * The revision of the arithmetic: raised with every change to an executor, a sampler or the round
   * loop that gives other bits, so that older results are compared for closeness. 1: the first
   * plans. 2: plans with Winograd convolutions. 3: without them over pixels. 4: dense layers
   * forward as products of matrices. 5: Winograd's algorithm of our own for windows of 5, and for
   * windows of 3 without AVX-512.
   */
  public static final int ARITHMETIC = 5;

  private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  /**
   * @throws UserError if there is no executor of this name
   */
  public static Executor named(String name) {
    List<String> names = Arrays.stream(values()).map(Executor::toString).toList();
    if (!names.contains(name)) {
      throw new UserError("no executor '" + name + "'; there are: " + String.join(", ", names));
    }
    return valueOf(name.toUpperCase(Locale.ROOT));
  }

  /**
   * Plan or graph: what this choice means on this machine.
   *
   * @throws UserError if plans were asked for and cannot run here
   */
  public Executor resolved() {
    if (this == GRAPH) {
      return GRAPH;
    }
    PlanModel.Availability plans = PlanModel.available();
    if (plans.available()) {
      return PLAN;
    }
    if (this == PLAN) {
      throw new UserError("executor plan cannot run here: " + plans.reason());
    }
    if (!WARNED.getAndSet(true)) {
      LOG.warn("The slow path: plans cannot run here ({}); using DL4J graphs.", plans.reason());
    }
    return GRAPH;
  }

  /** Makes models of a network, one for each worker. */
  public Supplier<Model> models(Network network) {
    return resolved() == PLAN ? () -> new PlanModel(network) : () -> new GraphModel(network);
  }

  /** As the command line spells it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
