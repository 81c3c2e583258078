package org.fedlayers.cluster;

import java.io.Serializable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.Dependency;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** The tasks of one job as Spark sees them: a partition each, whose only element is the outcome. */
final class ClientTasks extends RDD<Outcome> {
  private final Broadcast<Work> work;
  private final transient IntFunction<Work.Request> requests;
  private final int count;

  /**
   * @param requests the part of each task besides {@code work}; made when a task is launched, so
   *     that only the parts of running tasks are in memory
   */
  ClientTasks(
      SparkContext spark, Broadcast<Work> work, int count, IntFunction<Work.Request> requests) {
    super(
        spark,
        CollectionConverters.asScala(java.util.List.<Dependency<?>>of()).toSeq(),
        ClassTag$.MODULE$.apply(Outcome.class));
    this.work = work;
    this.count = count;
    this.requests = requests;
  }

  @Override
  public Partition[] getPartitions() {
    return IntStream.range(0, count)
        .mapToObj(index -> new Waiting(index, requests))
        .toArray(Partition[]::new);
  }

  @Override
  public Iterator<Outcome> compute(Partition split, TaskContext context) {
    Launched task = (Launched) split;
    return Iterator$.MODULE$.single(
        ExecutorProcess.run(work.value(), task.index(), task.request(), context));
  }

  /** A task on the driver. */
  private record Waiting(int index, IntFunction<Work.Request> requests) implements Partition {
    private Object writeReplace() {
      return new Launched(index, requests.apply(index));
    }
  }

  /** The same on an executor. */
  private record Launched(int index, Work.Request request) implements Partition {}

  /** The outcome of a partition. */
  static final class Only extends AbstractFunction1<Iterator<Outcome>, Outcome>
      implements Serializable {
    @Override
    public Outcome apply(Iterator<Outcome> outcomes) {
      return outcomes.next();
    }
  }
}
