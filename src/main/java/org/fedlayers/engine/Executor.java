package org.fedlayers.engine;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Nd4jRuntime;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.StandardisedModel;
import org.fedlayers.nn.cuda.Cuda;
import org.fedlayers.nn.graph.GraphModel;
import org.fedlayers.nn.plan.PlanModel;
import org.fedlayers.options.UserError;
import org.fedlayers.options.Values;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The choice of what computes networks. Executors agree to rounding, but not bit by bit. */
public enum Executor {
  /** Plans of oneDNN where they run, else DL4J graphs. Never a card: that is asked for by name. */
  AUTO,
  /** {@link PlanModel}: the fast path on x86-64. */
  PLAN,
  /** {@link GraphModel}: the reference, for other processors. */
  GRAPH,
  /** {@link org.fedlayers.nn.cuda.CudaModel}: an NVIDIA card, in single precision. */
  CUDA,
  /** The same with operands rounded to TF32 for the card's tensor cores. */
  CUDA_TF32;

  /**
   * The revision of the arithmetic: raised with every change to an executor, a sampler or the round
   * loop that gives other bits, so that older results are compared for closeness. 1: the first
   * plans. 2: plans with Winograd convolutions. 3: without them over pixels. 4: dense layers
   * forward as products of matrices. 5: our own Winograd convolutions for kernels of 5, and without
   * AVX-512 for kernels of 3. 6: 3x3 convolutions by a table of channels and sizes.
   */
  public static final int ARITHMETIC = 6;

  private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();

  /**
   * @throws UserError if there is no executor of this name
   */
  public static Executor named(String name) {
    List<String> names = Stream.of(values()).map(Executor::toString).toList();
    if (!names.contains(name)) {
      throw new UserError("no executor '" + name + "'; there are: " + String.join(", ", names));
    }
    return values()[names.indexOf(name)];
  }

  /** Whether networks run on a card. */
  public boolean onCard() {
    return this == CUDA || this == CUDA_TF32;
  }

  /**
   * What this choice means on this machine; never {@link #AUTO}.
   *
   * @throws UserError if what was asked for by name cannot run here
   */
  public Executor resolved() {
    String missing =
        switch (this) {
          case GRAPH -> Nd4jRuntime.ofCards() ? Cuda.lackOfGraphs() : null;
          case CUDA, CUDA_TF32 -> Cuda.missing();
          case AUTO, PLAN -> PlanModel.missing();
        };
    if (missing == null) {
      return this == AUTO ? PLAN : this;
    }
    if (this != AUTO) {
      throw new UserError("executor " + this + " cannot run here: " + missing);
    }
    if (!WARNED.getAndSet(true)) {
      LOG.warn("The slow path: plans cannot run here ({}); using DL4J graphs.", missing);
    }
    return GRAPH;
  }

  /**
   * Makes models of a network, one for each worker.
   *
   * @throws UserError if the network has a layer that this executor lacks
   */
  public Supplier<Model> models(Network network) {
    requireLayers(network);
    Supplier<Model> plain = plainModels(network);
    return network.isStandardised() ? () -> new StandardisedModel(plain.get()) : plain;
  }

  private Supplier<Model> plainModels(Network network) {
    return switch (resolved()) {
      case CUDA -> () -> Cuda.model(network, false);
      case CUDA_TF32 -> () -> Cuda.model(network, true);
      case GRAPH -> () -> new GraphModel(network);
      default -> () -> new PlanModel(network);
    };
  }

  /**
   * Known without running anything, wherever this is.
   *
   * @throws UserError if the network has a layer that this executor lacks
   */
  public void requireLayers(Network network) {
    if (onCard() && network.hasHybrid()) {
      throw new UserError(network.name() + " has HBN, which no card runs; take --executor plan");
    }
  }

  /** As the command line spells it. */
  @Override
  public String toString() {
    return Values.word(this);
  }
}
