package org.fedlayers.bench;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fedlayers.engine.Executor;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Shape;
import org.fedlayers.options.UserError;
import org.fedlayers.results.Json;

/**
 * PyTorch on this machine, reached through a script that greets, then answers every line of JSON
 * with one, until its input ends.
 *
 * @param command starts the script
 * @param version of PyTorch
 */
record PyTorch(List<String> command, String version) {
  /** Debian's package belongs to the system's own interpreter. */
  static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);

  /** The first of these interpreters that has PyTorch. */
  static Optional<PyTorch> find(Path script, List<String> interpreters) {
    for (String interpreter : interpreters) {
      List<String> command = List.of(interpreter, script.toString());
      try (Talk talk = new Talk(command)) {
        if (talk.greeting.has("torch")) {
          return Optional.of(new PyTorch(command, talk.greeting.path("torch").asText()));
        }
      } catch (UserError absent) {
        continue; // no such interpreter, or one that cannot run the script
      }
    }
    return Optional.empty();
  }

  /**
   * Training in processes of one thread each: on a core in the faster of PyTorch's two layouts, on
   * a card in the faster of its eager step and its CUDA graph, some seconds at a time.
   */
  static final class Run implements Turns.Contender {
    private final List<Talk> talks = new ArrayList<>();
    private final double seconds;

    /** The layout or kind of step that was faster. */
    final String layout;

    Run(PyTorch torch, Workload workload, Executor path, int processes, double seconds) {
      this.seconds = seconds;
      for (int i = 0; i < processes; i++) {
        talks.add(new Talk(torch.command));
      }
      List<?> nodes = workload.network().nodes().stream().map(PyTorch::fields).toList();
      Map<String, ?> request =
          Map.of(
              "nodes",
              nodes,
              "batch",
              workload.batch(),
              "rate",
              Workload.RATE,
              "clip",
              Workload.CLIP,
              "weight_decay",
              Workload.WEIGHT_DECAY,
              "device",
              path.onCard() ? "cuda" : "cpu",
              "tf32",
              path == Executor.CUDA_TF32,
              "seconds",
              seconds);
      JsonNode built = ask(request).get(0);
      long weights = built.path("weights").asLong();
      if (weights != workload.network().weightCount()) {
        close();
        throw new IllegalStateException(
            "PyTorch's %s has %s weights, ours %s"
                .formatted(workload.net(), weights, workload.network().weightCount()));
      }
      layout = built.path("layout").asText();
    }

    @Override
    public double rate() {
      return ask(Map.of("seconds", seconds)).stream()
          .mapToDouble(answer -> answer.path("images_per_second").asDouble())
          .sum();
    }

    /** Sends the request to all processes before it reads the first answer. */
    private List<JsonNode> ask(Map<String, ?> request) {
      talks.forEach(talk -> talk.in.println(Json.line(request)));
      return talks.stream().map(Talk::answer).toList();
    }

    @Override
    public void close() {
      talks.forEach(Talk::close);
    }
  }

  /** A node: the fields of its layer, the layer's name, inputs and shape. */
  private static Map<String, Object> fields(Node node) {
    Map<String, Object> fields = MAPPER.convertValue(node.layer(), new TypeReference<>() {});
    fields.put("layer", node.layer().getClass().getSimpleName().toLowerCase(Locale.ROOT));
    fields.put("inputs", node.inputs());
    Shape shape = node.shape();
    fields.put("shape", List.of(shape.channels(), shape.height(), shape.width()));
    return fields;
  }

  /** A process that reads and writes lines of JSON. */
  private static final class Talk implements AutoCloseable {
    private final String name;
    private final Process process;
    private final BufferedReader out;
    private final PrintWriter in;
    private final JsonNode greeting;

    Talk(List<String> command) {
      name = String.join(" ", command);
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectError(ProcessBuilder.Redirect.INHERIT);
      builder.environment().put("OMP_NUM_THREADS", "1");
      try {
        process = builder.start();
      } catch (IOException e) {
        throw new UserError(name + " does not start", e);
      }
      out = process.inputReader();
      in = new PrintWriter(process.outputWriter(), true);
      greeting = answer();
    }

    JsonNode answer() {
      try {
        String line = out.readLine();
        if (line != null) {
          return MAPPER.readTree(line);
        }
      } catch (IOException e) {
        throw new UserError(name + " answered what is no JSON", e);
      }
      throw new UserError(name + " ended before it had answered; its own words are above");
    }

    @Override
    public void close() {
      process.destroy();
    }
  }
}
