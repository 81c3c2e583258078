package org.fedlayers.sweep;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fedlayers.engine.Executor;
import org.fedlayers.nn.Processor;
import org.fedlayers.nn.cuda.Cuda;

/**
 * The machine and the software that a cell ran on, as far as they can change its bits or explain
 * them: processor, instruction set, executor, Java, versions of the libraries, commit. It names no
 * person and no folder.
 */
public final class Environment {
  /** Where these agree, equal bytes are promised. */
  private static final List<String> DECISIVE =
      List.of("instructions", "java", "executor", "arithmetic", "card");

  private static final Pattern LIBRARY =
      Pattern.compile(
          "\\b(nd4j-native-api|deeplearning4j-nn|dnnl|commons-rng-core)-(\\d[\\w.-]*)\\.jar");

  private static final String THEN = ", then ";

  private Environment() {}

  public static Map<String, Object> here(Executor executor) {
    Processor processor = Processor.here();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("executor", executor.resolved().toString());
    facts.put("arithmetic", Executor.ARITHMETIC);
    facts.put("processor", processor.model());
    facts.put("instructions", ceiling(processor.instructions()));
    if (executor.resolved().onCard()) {
      facts.put("card", Cuda.card());
    }
    facts.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    facts.put("java", System.getProperty("java.vm.vendor") + " " + Runtime.version().toString());
    facts.put("libraries", libraries());
    facts.putAll(commit());
    return facts;
  }

  /** Of an environment, as text, what decides bits. */
  public static Map<String, String> decisive(Map<String, Object> environment) {
    Map<String, String> facts = new LinkedHashMap<>();
    DECISIVE.stream()
        .filter(environment::containsKey)
        .forEach(fact -> facts.put(fact, String.valueOf(environment.get(fact))));
    return facts;
  }

  /**
   * An environment that continued the work of others. Its decisive facts list all of them ("AVX2,
   * then AVX-512"): its bytes are those of neither.
   *
   * @param before decisive facts of what came before
   */
  static Map<String, Object> after(Map<String, String> before, Map<String, Object> environment) {
    Map<String, Object> whole = new LinkedHashMap<>(environment);
    before.forEach(
        (fact, earlier) -> {
          String now = String.valueOf(environment.getOrDefault(fact, "none"));
          if (earlier.endsWith(THEN + now)) {
            whole.put(fact, earlier);
          } else if (!earlier.equals(now)) {
            whole.put(fact, earlier + THEN + now);
          }
        });
    return whole;
  }

  /** oneDNN may be held to fewer instructions than there are. */
  private static String ceiling(String instructions) {
    String held = System.getenv().getOrDefault("DNNL_MAX_CPU_ISA", "");
    return held.isEmpty() ? instructions : instructions + ", oneDNN held to " + held;
  }

  /** Versions from the names of the jars on the class path. */
  private static Map<String, String> libraries() {
    Map<String, String> versions = new LinkedHashMap<>();
    Matcher jars = LIBRARY.matcher(System.getProperty("java.class.path"));
    while (jars.find()) {
      versions.putIfAbsent(jars.group(1), jars.group(2));
    }
    return versions;
  }

  /** Commit and whether anything but results differs from it; nothing outside a clone. */
  private static Map<String, Object> commit() {
    Map<String, Object> facts = new LinkedHashMap<>();
    String home = System.getProperty("fedlayers.home", ".");
    List<String> head = git(home, "rev-parse", "HEAD");
    if (!head.isEmpty()) {
      facts.put("commit", head.get(0));
      facts.put("changed", !git(home, "status", "--porcelain", "--", ".", ":!results").isEmpty());
    }
    return facts;
  }

  private static List<String> git(String home, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", Path.of(home).toString()));
    command.addAll(List.of(arguments));
    try {
      var git = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      CompletableFuture.delayedExecutor(10, TimeUnit.SECONDS).execute(git::destroyForcibly);
      String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? said.lines().toList() : List.of();
    } catch (IOException e) {
      return List.of(); // no git, no commit to name
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
