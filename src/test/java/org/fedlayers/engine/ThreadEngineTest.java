package org.fedlayers.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.fedlayers.federated.Objective;
import org.fedlayers.federated.Problem;
import org.fedlayers.federated.Score;
import org.fedlayers.nn.Pass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ThreadEngineTest {

  /** A problem of which only workers matter: who is open, and who works for two at a time. */
  private static final class Workers implements Problem {
    final AtomicInteger made = new AtomicInteger();
    final AtomicInteger open = new AtomicInteger();
    volatile RuntimeException closing;

    @Override
    public int clients() {
      return 1;
    }

    @Override
    public int samples(int client) {
      return 1;
    }

    @Override
    public int batchesPerEpoch(int client) {
      return 1;
    }

    @Override
    public int weightCount() {
      return 1;
    }

    @Override
    public int scorePieces() {
      return 1;
    }

    @Override
    public Worker newWorker() {
      made.incrementAndGet();
      open.incrementAndGet();
      return new Worker() {
        @Override
        public Objective batch(int client, long step, float[] statistics, Pass pass) {
          throw new UnsupportedOperationException();
        }

        @Override
        public Score score(int piece, float[] weights, float[] statistics) {
          throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
          open.decrementAndGet();
          if (closing != null) {
            throw closing;
          }
        }
      };
    }
  }

  @Test
  void handsResultsOverInOrderOnTheCallingThread() {
    List<Integer> results = new ArrayList<>();
    Workers workers = new Workers();
    Set<Problem.Worker> busy = ConcurrentHashMap.newKeySet();
    try (var engine = new ThreadEngine(3)) {
      Thread caller = Thread.currentThread();
      engine.inOrder(
          workers,
          200,
          (worker, index) -> {
            assertThat(busy.add(worker)).as("a worker does one task at a time").isTrue();
            Thread.sleep(index % 3);
            busy.remove(worker);
            return index;
          },
          (Integer index) -> {
            assertThat(Thread.currentThread()).isSameAs(caller);
            results.add(index);
          });
      assertThat(results).hasSize(200).isSorted();
      assertThat(workers.made.get()).as("workers are used again").isLessThanOrEqualTo(3);
      engine.release(workers);
      assertThat(workers.open).hasValue(0);
    }
  }

  @Test
  void failsWithTheFirstFailureInOrderOnceRunningTasksHaveStopped() {
    AtomicInteger begun = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    CountDownLatch both = new CountDownLatch(2);
    Workers workers = new Workers();
    try (var engine = new ThreadEngine(2)) {
      assertThatThrownBy(
              () ->
                  engine.inOrder(
                      workers,
                      100,
                      (worker, index) -> {
                        begun.incrementAndGet();
                        both.countDown();
                        both.await();
                        if (index == 0) {
                          throw new IllegalArgumentException("task " + index);
                        }
                        Thread.sleep(200);
                        ended.incrementAndGet();
                        return index;
                      },
                      (Integer index) -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("task 0");
      assertThat(ended.get()).isEqualTo(begun.get() - 1).isPositive();
      assertThat(begun.get()).isLessThan(100);
      engine.release(workers);
      assertThat(workers.open).as("the failed task's worker was closed").hasValue(0);
    }
  }

  /** Also where the worker that is thrown away cannot even be closed. */
  @ParameterizedTest
  @ValueSource(
      classes = {
        AssertionError.class,
        StackOverflowError.class,
        NoClassDefFoundError.class,
        OutOfMemoryError.class
      })
  void threadsOutliveAnErrorAndTellIt(Class<? extends Error> kind) throws Exception {
    Error error = kind.getDeclaredConstructor().newInstance();
    Workers workers = new Workers();
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    try (var engine = new ThreadEngine(2)) {
      for (int attempt = 0; attempt < 5; attempt++) {
        workers.closing = new IllegalStateException("cannot be closed");
        assertThatThrownBy(
                () ->
                    engine.inOrder(
                        workers,
                        4,
                        (worker, index) -> {
                          threads.add(Thread.currentThread());
                          if (index == 2) {
                            throw error;
                          }
                          return index;
                        },
                        (Integer index) -> {}))
            .isSameAs(error);
        workers.closing = null;
        List<Integer> results = new ArrayList<>();
        engine.inOrder(workers, 9, (worker, index) -> index, results::add);
        assertThat(results).hasSize(9).isSorted();
      }
      assertThat(threads).hasSizeLessThanOrEqualTo(2).allMatch(Thread::isAlive);
    }
  }

  @Test
  void aFailingSinkStopsTheTasksToo() {
    AtomicInteger running = new AtomicInteger();
    try (var engine = new ThreadEngine(2)) {
      assertThatThrownBy(
              () ->
                  engine.inOrder(
                      new Workers(),
                      100,
                      (worker, index) -> {
                        running.incrementAndGet();
                        Thread.sleep(30);
                        running.decrementAndGet();
                        return index;
                      },
                      (Integer index) -> {
                        throw new IllegalStateException("no room");
                      }))
          .hasMessage("no room");
      assertThat(running).hasValue(0);
    }
  }
}
