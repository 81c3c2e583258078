package org.fedlayers.nn.plan;

import java.util.Arrays;
import java.util.LinkedHashMap;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.PointerScope;
import org.fedlayers.data.Batch;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.nn.Model;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Pass;

/**
 * A network run as static lists of oneDNN primitives on one thread of an x86-64 processor. A plan
 * is compiled for every batch size and purpose when first asked for, and kept; all plans of a model
 * work in the same native memory, one at a time.
 */
public final class PlanModel implements Model {
  /** Images in one run of an evaluation, unless said otherwise. */
  public static final int EVALUATION_BATCH = 100;

  /** Plans kept; a client's odd last batch is compiled again in tens of milliseconds. */
  private static final int KEPT_PLANS = 24;

  private final Network network;
  private final int evaluationBatch;
  private final StepListener listener;
  final engine engine;
  final stream stream;
  final Layouts layouts;
  final NativeVector weights;
  final NativeVector gradient;
  final NativeVector statistics;
  private final Step.Call call = new Step.Call();
  private final LinkedHashMap<Plan.Purpose, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);
  private Arena arena;

  public PlanModel(Network network) {
    this(network, EVALUATION_BATCH, (kind, name) -> {});
  }

  /**
   * @param evaluationBatch images in one run of {@link #logits}; larger batches are taken in turns
   * @throws IllegalStateException where something is {@link #missing()}
   */
  public PlanModel(Network network, int evaluationBatch, StepListener listener) {
    if (missing() != null) {
      throw new IllegalStateException("plans cannot run here: " + missing());
    }
    this.network = network;
    this.evaluationBatch = evaluationBatch;
    this.listener = listener;
    OneDnn.useOneThread();
    engine = new engine(org.bytedeco.dnnl.engine.kind.cpu, 0);
    stream = new stream(engine);
    layouts = Layouts.ofThisMachine(engine);
    weights = new NativeVector("weights", network.weightCount(), engine);
    gradient = new NativeVector("gradient", network.weightCount(), engine);
    statistics = new NativeVector("statistics", network.statisticsCount(), engine);
    arena = new Arena(0);
  }

  /** Why plans cannot run on this machine; null if they can. */
  public static String missing() {
    return OneDnn.missing();
  }

  @Override
  public Network network() {
    return network;
  }

  @Override
  public double gradient(
      float[] weights, float[] statistics, Batch batch, Pass pass, LogitLoss loss, float[] result) {
    gradient.check(result);
    network.check(batch, pass);
    load(weights, statistics, batch);
    call.first = 0;
    call.loss = loss;
    call.moving = pass.moves();
    call.penalty = 0;
    plan(new Plan.Purpose(batch.size(), true, pass.byRunning(), pass.activationPenalty()))
        .run(call, listener);
    gradient.copyTo(result);
    if (call.moving) {
      this.statistics.copyTo(statistics);
    }
    listener.ran(StepKind.HOST_COPY, "gradient");
    return call.lossValue + call.penalty;
  }

  @Override
  public double penalty() {
    return call.penalty;
  }

  @Override
  public void logits(float[] weights, float[] statistics, Batch batch, float[] logits) {
    load(weights, statistics, batch);
    for (int first = 0; first < batch.size(); first += evaluationBatch) {
      call.first = first;
      int size = Math.min(evaluationBatch, batch.size() - first);
      Plan plan = plan(new Plan.Purpose(size, false, true, 0));
      call.finite = true;
      plan.run(call, listener);
      int from = first * network.classes();
      if (call.finite) {
        plan.logits(logits, from);
      } else {
        Arrays.fill(logits, from, from + size * network.classes(), Float.NaN);
      }
    }
  }

  private void load(float[] weights, float[] statistics, Batch batch) {
    this.weights.check(weights);
    this.statistics.check(statistics);
    network.check(batch);
    call.batch = batch;
    OneDnn.useOneThread();
    listener.ran(StepKind.BETWEEN_PASSES, "between passes");
    this.weights.copyFrom(weights);
    this.statistics.copyFrom(statistics);
    listener.ran(StepKind.HOST_COPY, "weights");
  }

  private Plan plan(Plan.Purpose purpose) {
    Plan plan = plans.get(purpose);
    if (plan == null) {
      plan = compile(purpose);
      plans.put(purpose, plan);
      if (plans.size() > KEPT_PLANS) {
        plans.remove(plans.keySet().iterator().next()).close();
      }
    }
    return plan;
  }

  private Plan compile(Plan.Purpose purpose) {
    Plan plan;
    try (PointerScope scope = OneDnn.scope()) {
      plan = PlanCompiler.compile(new Assembly(this, purpose), scope);
      scope.extend();
    }
    // Outside the scope, which frees what was made in it once this plan is forgotten: the others
    // work in the same memory.
    if (arena.bytes < plan.bytes) {
      arena.close();
      arena = new Arena(plan.bytes);
      plans.values().forEach(other -> other.bind(arena));
    }
    plan.bind(arena);
    return plan;
  }

  @Override
  public void close() {
    plans.values().forEach(Plan::close);
    plans.clear();
    weights.close();
    gradient.close();
    statistics.close();
    arena.close();
    stream.close();
    engine.close();
  }
}
