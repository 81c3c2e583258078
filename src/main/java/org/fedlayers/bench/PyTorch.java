package org.fedlayers.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.fedlayers.options.UserError;

/**
 * PyTorch on this machine, reached through a script that trains the same networks.
 *
 * @param command starts the script
 * @param version of PyTorch
 */
record PyTorch(List<String> command, String version) {
  /** Debian's package belongs to the system's own interpreter. */
  static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

  /** The first of these interpreters that has PyTorch. */
  static Optional<PyTorch> find(Path script, List<String> interpreters) {
    for (String interpreter : interpreters) {
      List<String> command = List.of(interpreter, script.toString());
      Optional<PythonProcess> started = PythonProcess.start(command);
      if (started.isPresent()) {
        try (PythonProcess process = started.get()) {
          return Optional.of(new PyTorch(command, process.greeting().path("torch").asText()));
        }
      }
    }
    return Optional.empty();
  }

  /**
   * Trains a network in processes of one thread each: on a core in the faster of PyTorch's two
   * layouts, on a card in the faster of its eager step and its CUDA graph.
   *
   * @param seconds of one stretch of work
   */
  Run train(Workload workload, boolean onCard, int processes, Clock clock, double seconds) {
    return new Run(workload, onCard, processes, clock, seconds);
  }

  /** Processes that train at the same time. */
  final class Run implements Measured {
    private final List<PythonProcess> processes = new ArrayList<>();
    private final double seconds;
    private final String layout;

    private Run(Workload workload, boolean onCard, int count, Clock clock, double seconds) {
      this.seconds = seconds;
      for (int i = 0; i < count; i++) {
        processes.add(
            PythonProcess.start(command)
                .orElseThrow(
                    () -> new UserError("PyTorch no longer starts: " + String.join(" ", command))));
      }
      JsonNode built = ask(NetworkJson.request(workload, onCard, clock, seconds)).get(0);
      requireSame(workload, built.path("weights").asLong());
      layout = built.path("layout").asText();
    }

    private void requireSame(Workload workload, long weights) {
      if (weights != workload.network().weightCount()) {
        close();
        throw new IllegalStateException(
            "PyTorch's %s has %d weights, ours %d"
                .formatted(workload.net(), weights, workload.network().weightCount()));
      }
    }

    /** The layout or kind of step that was faster. */
    String layout() {
      return layout;
    }

    @Override
    public double rate() {
      return ask(NetworkJson.request(seconds)).stream()
          .mapToDouble(answer -> answer.path("images_per_second").asDouble())
          .sum();
    }

    /** All are asked before any has answered. */
    private List<JsonNode> ask(String request) {
      processes.forEach(process -> process.say(request));
      return processes.stream().map(PythonProcess::answer).toList();
    }

    @Override
    public void close() {
      processes.forEach(PythonProcess::close);
    }
  }
}
