package org.fedlayers.cluster;

import ch.qos.logback.classic.Level;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntFunction;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.fedlayers.engine.Cluster;
import org.fedlayers.federated.Engine;
import org.fedlayers.options.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Engines on Apache Spark. One context serves a whole command and ends with the process. Every
 * setting of Spark can be given by {@code spark-submit --conf} or a system property {@code
 * spark.*}, which take precedence over what is set here.
 */
public final class SparkCluster implements Cluster {
  private static final Logger LOG = LoggerFactory.getLogger(SparkCluster.class);

  /** As environment/fedlayers sets them: one native thread a client, for speed and equal bits. */
  private static final Map<String, String> NATIVE_THREADS =
      Map.of("OMP_NUM_THREADS", "1", "OMP_WAIT_POLICY", "passive", "OPENBLAS_NUM_THREADS", "1");

  private static final String EXECUTORS = "spark.executorEnv.";

  private static final List<String> INSTRUCTIONS = List.of("DNNL_MAX_CPU_ISA", "OPENBLAS_CORETYPE");

  @Override
  public IntFunction<Engine> at(String master) {
    // Lost executors are errors of the scheduler's.
    for (String chatty : List.of("org.apache.spark", "org.sparkproject", "org.apache.hadoop")) {
      Configurator.setLevel(chatty, org.apache.logging.log4j.Level.ERROR); // with spark-submit
      if (LoggerFactory.getLogger(chatty) instanceof ch.qos.logback.classic.Logger logger) {
        logger.setLevel(Level.ERROR);
      }
    }
    JavaSparkContext spark = connect(configuration(master));
    return cells -> new SparkEngine(spark, SparkCluster::log);
  }

  private static void log(SparkEngine.Cost cost) {
    LOG.info(
        "{}",
        String.format(
            Locale.ROOT,
            "round %d on Spark: %d clients in %.1f s, %.1f MB to each executor, %.1f MB of client"
                + " memory out, %.1f MB back",
            cost.round(),
            cost.clients(),
            cost.seconds(),
            cost.broadcastBytes() / 1e6,
            cost.requestBytes() / 1e6,
            cost.resultBytes() / 1e6));
  }

  static SparkConf configuration(String master) {
    SparkConf conf = new SparkConf();
    if (master != null) {
      conf.setMaster(master);
    }
    String address = conf.get("spark.master", "");
    if (!address.matches("local(\\[[^\\]]+\\])?|spark://\\S+:\\d+.*|yarn|k8s://\\S+")) {
      throw new UserError(
          (address.isEmpty() ? "--engine spark has no --master" : "--master is '" + address + "'")
              + "; expected local[N], spark://HOST:PORT, or what spark-submit knows");
    }
    conf.setIfMissing("spark.app.name", "fedlayers");
    conf.setIfMissing("spark.ui.enabled", "false"); // It would listen beyond this machine.
    if (address.startsWith("local") || address.contains("//127.0.0.1:")) {
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    conf.setIfMissing("spark.executor.memory", "2560m");
    conf.setIfMissing(
        "spark.executor.extraJavaOptions",
        "-XX:+UseParallelGC -Djava.awt.headless=true -Dfile.encoding=UTF-8"
            + " -Dorg.bytedeco.javacpp.maxbytes=0 -Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    if (System.getProperty("SPARK_SUBMIT") == null) { // which brings the jars itself
      conf.setIfMissing("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    }
    NATIVE_THREADS.forEach((name, value) -> conf.setIfMissing(EXECUTORS + name, value));
    INSTRUCTIONS.stream()
        .filter(System.getenv()::containsKey)
        .forEach(name -> conf.setIfMissing(EXECUTORS + name, System.getenv(name)));
    // Updates of a large cohort come to more than the usual gigabyte; floats do not compress.
    conf.setIfMissing("spark.driver.maxResultSize", "0");
    conf.setIfMissing("spark.rpc.message.maxSize", "2047");
    conf.setIfMissing("spark.broadcast.compress", "false");
    return conf;
  }

  static JavaSparkContext connect(SparkConf conf) {
    try {
      JavaSparkContext spark = new JavaSparkContext(conf);
      LOG.info(
          "Spark {} at {}: application {}",
          spark.version(),
          conf.get("spark.master"),
          spark.sc().applicationId());
      return spark;
    } catch (Exception e) { // Spark's are not declared.
      throw new UserError(
          "Spark at %s does not answer: %s".formatted(conf.get("spark.master"), e.getMessage()), e);
    }
  }
}
