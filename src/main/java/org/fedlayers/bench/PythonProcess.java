package org.fedlayers.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.fedlayers.options.UserError;

/** A script that greets, then answers every line of JSON with one, until its input ends. */
final class PythonProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final Process process;
  private final BufferedReader out;
  private final BufferedWriter in;
  private JsonNode greeting;

  private PythonProcess(List<String> command) throws IOException {
    name = String.join(" ", command);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("OMP_NUM_THREADS", "1");
    process = builder.start();
    out = process.inputReader();
    in = process.outputWriter();
  }

  /** Empty where there is no such interpreter, or it has no PyTorch. */
  static Optional<PythonProcess> start(List<String> command) {
    try {
      PythonProcess started = new PythonProcess(command);
      String line = started.out.readLine();
      if (line == null) {
        started.close();
        return Optional.empty();
      }
      started.greeting = started.parse(line);
      if (started.greeting.has("torch")) {
        return Optional.of(started);
      }
      started.close();
      return Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  JsonNode greeting() {
    return greeting;
  }

  void say(String line) {
    try {
      in.write(line);
      in.newLine();
      in.flush();
    } catch (IOException e) {
      throw gone(e);
    }
  }

  JsonNode answer() {
    try {
      String line = out.readLine();
      if (line == null) {
        throw gone(null);
      }
      return parse(line);
    } catch (IOException e) {
      throw gone(e);
    }
  }

  private JsonNode parse(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new UserError(name + " answered what is no JSON: " + line, e);
    }
  }

  private UserError gone(IOException cause) {
    return new UserError(name + " ended before it had answered; its own words are above", cause);
  }

  @Override
  public void close() {
    process.destroy();
  }
}
