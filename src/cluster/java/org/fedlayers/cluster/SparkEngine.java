package org.fedlayers.cluster;

import java.io.Serializable;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.fedlayers.federated.Engine;
import org.fedlayers.federated.LocalTrainer;
import org.fedlayers.federated.Problem;
import org.fedlayers.federated.StoppedException;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;

/**
 * Client work on the executors of a Spark context. A call is one job, a task one client or one
 * piece of the test samples; results are consumed in the order of the tasks as they arrive. Several
 * runs may share the context, each from a thread of its own: their jobs share one queue, so
 * executors that are idle at the end of a round take the clients of another run.
 */
final class SparkEngine implements Engine {
  private static final int POLL_MILLISECONDS = 100;

  /**
   * The cost of a round.
   *
   * @param round from 1
   * @param seconds until its last update was aggregated
   * @param broadcastBytes sent once to every executor
   * @param requestBytes sent to tasks: what their clients remember
   * @param resultBytes that came back
   */
  record Cost(
      int round,
      int clients,
      double seconds,
      long broadcastBytes,
      long requestBytes,
      long resultBytes) {}

  private record Arrived(int index, Outcome outcome) {}

  private static final AtomicLong VERSION = new AtomicLong();

  private final JavaSparkContext spark;
  private final Consumer<Cost> costs;
  private final Map<Problem, String> descriptions = new ConcurrentHashMap<>();

  /**
   * @param spark not closed with this engine
   * @param costs receives the cost of every round
   */
  SparkEngine(JavaSparkContext spark, Consumer<Cost> costs) {
    this.spark = spark;
    this.costs = costs;
  }

  @Override
  public void introduce(Problem problem, String description) {
    descriptions.put(problem, description);
  }

  @Override
  @SuppressWarnings("unchecked") // a trainer's results are updates, those of weights are scores
  public <R> void inOrder(Problem problem, int count, Task<R> task, Consumer<R> sink) {
    BooleanSupplier stopping = task instanceof LocalTrainer round ? round.stopping() : () -> false;
    long started = System.nanoTime();
    long version = VERSION.incrementAndGet(); // before the descriptions are read
    Set<String> live = new HashSet<>(descriptions.values());
    Work work = Work.of(descriptions.get(problem), version, live, task);
    LongAdder sent = new LongAdder();
    LongAdder received = new LongAdder();
    OrderedOutcomes results =
        new OrderedOutcomes(
            outcome -> {
              Serializable result = outcome.orThrow();
              received.add(Work.bytes(result));
              sink.accept((R) result);
            });
    Broadcast<Work> broadcast = spark.broadcast(work);
    try {
      IntFunction<Work.Request> requests =
          index -> {
            Work.Request request = Work.Request.of(task, index);
            sent.add(request == null ? 0 : Work.bytes(request.memory()));
            return request;
          };
      run(new ClientTasks(spark.sc(), broadcast, count, requests), count, results, stopping);
    } finally {
      broadcast.destroy();
    }
    if (task instanceof LocalTrainer trainer) {
      double seconds = (System.nanoTime() - started) / 1e9;
      int round = trainer.server().round() + 1;
      costs.accept(new Cost(round, count, seconds, work.bytes(), sent.sum(), received.sum()));
    }
  }

  private void run(
      ClientTasks tasks, int count, OrderedOutcomes results, BooleanSupplier stopping) {
    BlockingQueue<Arrived> arrived = new LinkedBlockingQueue<>();
    List<Object> all = IntStream.range(0, count).<Object>mapToObj(index -> index).toList();
    SimpleFutureAction<Object> job =
        spark
            .sc()
            .submitJob(
                tasks,
                new ClientTasks.Only(),
                CollectionConverters.asScala(all).toSeq(),
                (index, outcome) -> {
                  arrived.add(new Arrived((Integer) index, outcome));
                  return BoxedUnit.UNIT;
                },
                () -> null);
    try {
      while (results.passedOn() < count) {
        if (stopping.getAsBoolean()) {
          throw new StoppedException();
        }
        boolean over = job.isCompleted();
        Arrived next = arrived.poll(over ? 0 : POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
        if (next != null) {
          results.take(next.index(), next.outcome());
        } else if (over) {
          Throwable why = job.value().get().failed().get();
          String words = why.getMessage().lines().findFirst().orElse("");
          throw new IllegalStateException("Spark gave up: " + words, why);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while clients were training", e);
    } finally {
      job.cancel(); // Tasks that still run; they need the broadcast until then.
      while (!job.isCompleted()) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @Override
  public void release(Problem problem) {
    descriptions.remove(problem);
  }

  @Override
  public void close() {
    descriptions.clear();
  }
}
