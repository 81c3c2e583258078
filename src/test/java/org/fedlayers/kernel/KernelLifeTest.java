package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How kernels start, suffer and end: each test has a process of its own. */
@Timeout(120)
class KernelLifeTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "var hog = new ArrayList<byte[]>(); while (true) hog.add(new byte[1 << 20]);",
        "var hog = new ArrayList<Object>(); while (true) hog.add(new int[4]);",
        "String s = \"x\"; while (true) s += s;"
      })
  void answersOrDiesWhereACellFillsTheHeap(String code) throws Exception {
    try (FrontEnd kernel = FrontEnd.start(folder, "-Xmx96m")) {
      FrontEnd.Ran cell = kernel.run(code);
      assertThat(cell.error()).contains("OutOfMemoryError");
      FrontEnd.Ran next = kernel.run("hog = null; 1 + 1");
      assertThat(next.reply().path("status").asText()).isIn("ok", "error");
      assertThat(kernel.heartBeat(new byte[] {7})).containsExactly(7);
    }
  }

  @Test
  void waitsForAFrontEndThatReadsSlowlyInBoundedMemory() throws Exception {
    try (FrontEnd kernel = FrontEnd.start(folder, "-Xmx96m");
        var slow = kernel.connect("iopub")) {
      slow.setRcvHWM(10);
      kernel.run("1");
      String id =
          kernel.execute(
              "for (int i = 0; i < 700_000; i++)"
                  + " System.out.printf(\"%07d 0123456789 0123456789 0123456789 0123456789%n\", i);"
                  + " \"done\"");
      FrontEnd.Ran cell = kernel.ran(id);
      assertThat(cell.result()).isEqualTo("done");
      assertThat(cell.text("stdout").lines().count()).isEqualTo(700_000);
      List<FrontEnd.Received> late = kernel.shown(slow, id, FrontEnd::isIdle);
      assertThat(new FrontEnd.Ran(null, late).text("stdout"))
          .endsWith("0699999 0123456789 0123456789 0123456789 0123456789\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"control", "broadcast", "iothread-2"})
  void aDeadLoopEndsTheProcess(String loop) throws Exception {
    try (FrontEnd kernel = FrontEnd.start(folder)) {
      kernel.execute(
          "Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().equals(\""
              + loop
              + "\")).forEach(Thread::stop);");
      while (!kernel.process.waitFor(200, TimeUnit.MILLISECONDS)) {
        kernel.send("control", "kernel_info_request", Map.of()); // a loop that waits dies later
      }
      assertThat(kernel.exit()).isEqualTo(1);
    }
  }

  @Test
  void aCellMayEndTheProcess() throws Exception {
    try (FrontEnd kernel = FrontEnd.start(folder)) {
      kernel.execute("System.exit(3);");
      assertThat(kernel.exit()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @CsvSource({"shell, 1", "control, 1", "control, while (true);"})
  void endsWhenItIsToldTo(String socket, String cell) throws Exception {
    try (FrontEnd kernel = FrontEnd.start(folder)) {
      String id = kernel.execute(cell);
      kernel.shown(id, message -> message.type().equals("execute_input"));
      assertThat(
              kernel
                  .ask(socket, "shutdown_request", Map.of("restart", true))
                  .path("restart")
                  .asBoolean())
          .isTrue();
      assertThat(kernel.exit()).isZero();
    }
  }

  @Test
  void endsWithTheProcessThatStartedIt() throws Exception {
    String script = "export JPY_PARENT_PID=$$; \"$@\" & wait";
    try (FrontEnd kernel = FrontEnd.startBy(List.of("sh", "-c", script, "sh"), folder)) {
      ProcessHandle own = kernel.process.children().findFirst().orElseThrow();
      kernel.execute("while (true);");
      kernel.process.destroyForcibly();
      try {
        own.onExit().get(20, TimeUnit.SECONDS);
      } finally {
        own.destroyForcibly();
      }
    }
  }

  private String refused(String content) throws Exception {
    Path file = folder.resolve("connection.json");
    if (content != null) {
      Files.writeString(file, content);
    }
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(FrontEnd.command(List.of(), file))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("ended").isTrue();
      assertThat(process.exitValue()).isEqualTo(2);
      assertThat(Files.readAllLines(log)).hasSize(1);
      return Files.readString(log);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void refusesAConnectionFileThatIsMissingOrDamaged() throws Exception {
    assertThat(refused(null)).contains("connection.json");
    for (String damage : List.of("", "{", "[]", "not JSON")) {
      assertThat(refused(damage)).contains("connection.json");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ip, 0.0.0.0, 127.0.0.1",
    "ip, 192.0.2.1, 127.0.0.1",
    "ip, *, 127.0.0.1",
    "key, '', key",
    "transport, ipc, tcp",
    "signature_scheme, hmac-none, HmacNONE",
    "shell_port, 0, shell_port",
    "hb_port, 70000, hb_port",
    "iopub_port, x, iopub_port"
  })
  void refusesToServeAnybodyElse(String entry, String value, String reason) throws Exception {
    Map<String, Object> file = new HashMap<>(good());
    file.put(entry, value.matches("\\d+") ? (Object) Integer.valueOf(value) : value);
    assertThat(refused(new ObjectMapper().writeValueAsString(file)))
        .containsIgnoringCase(reason.replace("HmacNONE", "Hmac"));
  }

  private static Map<String, Object> good() throws Exception {
    Map<String, Integer> ports = new HashMap<>();
    for (String name : List.of("shell", "control", "stdin", "hb", "iopub")) {
      ports.put(name, FrontEnd.freePort());
    }
    return FrontEnd.connection(ports, "key");
  }

  @Test
  void saysThatAPortIsInUse() throws Exception {
    for (String socket : List.of("shell", "iopub")) {
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
        Map<String, Object> file = new HashMap<>(good());
        file.put(socket + "_port", taken.getLocalPort());
        assertThat(refused(new ObjectMapper().writeValueAsString(file)))
            .contains(String.valueOf(taken.getLocalPort()), "in use");
      }
    }
  }
}
