package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jupyter's protocol, spoken to the sockets of one kernel process that survives it all. */
@Timeout(120)
class KernelSocketsTest {
  private static FrontEnd kernel;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    kernel = FrontEnd.start(folder, "-Xmx256m");
  }

  @AfterAll
  static void stop() {
    kernel.close();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<byte[]> with(List<byte[]> frames, int at, byte[] frame) {
    List<byte[]> changed = new ArrayList<>(frames);
    changed.set(at, frame);
    return changed;
  }

  /** Ways to spoil a good message. */
  private static final Map<String, BiFunction<FrontEnd, List<byte[]>, List<byte[]>>> FAULTS =
      Map.ofEntries(
          Map.entry("unsigned", (k, m) -> with(m, 1, new byte[0])),
          Map.entry("signed with another key", (k, m) -> with(m, 1, bytes("0".repeat(64)))),
          Map.entry("one bit of the signature", (k, m) -> with(m, 1, flipped(m.get(1)))),
          Map.entry("changed after signing", (k, m) -> with(m, 5, bytes("{\"code\":\"1\"}"))),
          Map.entry("no delimiter", (k, m) -> m.subList(1, m.size())),
          Map.entry("only a delimiter", (k, m) -> m.subList(0, 1)),
          Map.entry("truncated", (k, m) -> m.subList(0, 4)),
          Map.entry("one empty frame", (k, m) -> List.of(new byte[0])),
          Map.entry("header is no JSON", (k, m) -> k.frames("no JSON", Map.of())),
          Map.entry("header is cut", (k, m) -> k.frames("{\"msg_type\":\"kern", Map.of())),
          Map.entry("header is empty", (k, m) -> k.frames("", Map.of())),
          Map.entry("header is null", (k, m) -> k.frames("null", Map.of())),
          Map.entry("header has no type", (k, m) -> k.frames(Map.of("msg_id", "1"), Map.of())),
          Map.entry("type is a number", (k, m) -> k.frames(Map.of("msg_type", 7), Map.of())),
          Map.entry("content is a list", (k, m) -> k.frames(header(), List.of())),
          Map.entry("content is empty", (k, m) -> k.frames(header(), "")),
          Map.entry("deep", (k, m) -> k.frames(header(), "[".repeat(500_000))),
          Map.entry("no UTF-8", (k, m) -> with(m, 2, new byte[] {(byte) 0xff, (byte) 0xfe})),
          Map.entry("32 MB", (k, m) -> with(m, 5, new byte[32 << 20])),
          Map.entry(
              "1000 frames", (k, m) -> IntStream.range(0, 1000).mapToObj(i -> m.get(2)).toList()));

  private static byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    changed[0] ^= 1;
    return changed;
  }

  private static Map<String, Object> header() {
    return FrontEnd.header("x", "kernel_info_request");
  }

  static Stream<String> faults() {
    return FAULTS.keySet().stream().sorted();
  }

  @ParameterizedTest
  @MethodSource("faults")
  void ignoresAMessageThatIsNone(String fault) throws Exception {
    for (String socket : List.of("shell", "control", "stdin")) {
      int before = ignored();
      List<byte[]> good = kernel.frames(header(), Map.of());
      kernel.sendRaw(socket, FAULTS.get(fault).apply(kernel, good));
      assertAlive();
      for (int i = 0; i < 100 && ignored() == before; i++) {
        Thread.sleep(50);
      }
      assertThat(ignored()).as("log lines after a message on " + socket).isEqualTo(before + 1);
    }
  }

  private static int ignored() {
    return (int) kernel.log().lines().filter(line -> line.contains("ignored a message")).count();
  }

  private static void assertAlive() {
    for (String socket : List.of("shell", "control")) {
      assertThat(kernel.ask(socket, "kernel_info_request", Map.of()).path("status").asText())
          .isEqualTo("ok");
    }
    assertThat(kernel.heartBeat(bytes("beat"))).isEqualTo(bytes("beat"));
  }

  @Test
  void ignoresPeersThatDoNotSpeakZeroMq() throws Exception {
    byte[] random = new byte[100_000];
    new Random(0).nextBytes(random);
    byte[] greeting = new byte[64];
    greeting[0] = (byte) 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    byte[] tooLarge = {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 1, 2, 0x7f, -1, -1, -1, -1};
    for (String socket : List.of("shell", "control", "stdin", "hb", "iopub")) {
      for (byte[] noise :
          List.of(new byte[0], bytes("GET / HTTP/1.1\r\n\r\n"), random, greeting, tooLarge)) {
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), kernel.port(socket))) {
          peer.getOutputStream().write(noise);
          peer.getOutputStream().flush();
        } catch (java.net.SocketException closed) {
          // the kernel hung up, as it may
        }
      }
      assertAlive();
    }
  }

  @Test
  void takesNoFrameThatWouldFillTheHeap() {
    try (var peer = kernel.connect("shell")) {
      assertThat(kernel.hangsUp(peer, () -> peer.send(new byte[100 << 20]))).isTrue();
      assertAlive();
    }
  }

  /** A socket bound to every address would answer on the loopback's other addresses too. */
  @ParameterizedTest
  @ValueSource(strings = {"shell", "control", "stdin", "hb", "iopub"})
  void listensOn127001Only(String socket) {
    assertThatIOException()
        .isThrownBy(
            () -> new Socket(InetAddress.getByName("127.0.0.2"), kernel.port(socket)).close());
  }

  @Test
  void saysWhatItIs() {
    JsonNode info = kernel.ask("shell", "kernel_info_request", Map.of());
    assertThat(info.path("protocol_version").asText()).isEqualTo("5.3");
    assertThat(info.path("implementation").asText()).isEqualTo("fedlayers");
    assertThat(info.at("/language_info/name").asText()).isEqualTo("java");
    assertThat(info.at("/language_info/file_extension").asText()).isEqualTo(".jshell");
    assertThat(info.path("banner").asText()).isNotEmpty();
    assertThat(info.path("help_links").isArray()).isTrue();
    assertThat(kernel.ask("shell", "comm_info_request", Map.of()).path("comms").isObject())
        .isTrue();
    assertThat(
            kernel
                .ask("shell", "history_request", Map.of("hist_access_type", "tail"))
                .path("history")
                .isArray())
        .isTrue();
  }

  @Test
  void ignoresRequestsItDoesNotKnow() {
    kernel.send("shell", "comm_open", Map.of("comm_id", "1", "target_name", "jupyter.widget"));
    kernel.send("shell", "usage_request", Map.of());
    kernel.send("control", "debug_request", Map.of("command", "initialize"));
    kernel.send("control", "execute_request", Map.of("code", "1"));
    kernel.send("shell", "execute_request", Map.of());
    assertAlive();
  }

  @Test
  void showsACellFromBusyToIdle() {
    FrontEnd.Ran cell = kernel.run("System.out.println(\"out\"); 6 * 7");
    assertThat(cell.shown().stream().map(FrontEnd.Received::type))
        .containsExactly("status", "execute_input", "stream", "execute_result", "status");
    assertThat(cell.result()).isEqualTo("42");
    assertThat(cell.text("stdout")).isEqualTo("out\n");
    assertThat(cell.reply().path("status").asText()).isEqualTo("ok");
    assertThat(cell.reply().path("user_expressions").isObject()).isTrue();
    int count = cell.reply().path("execution_count").asInt();
    assertThat(cell.of("execute_input").get(0).path("execution_count").asInt()).isEqualTo(count);
    assertThat(cell.of("execute_result").get(0).path("execution_count").asInt()).isEqualTo(count);
    assertThat(kernel.run("1").reply().path("execution_count").asInt()).isEqualTo(count + 1);
  }

  @Test
  void countsAndShowsOnlyWhatItShould() {
    int count = kernel.run("1").reply().path("execution_count").asInt();
    FrontEnd.Ran silent =
        kernel.run("int unseen = 5; System.out.println(9); unseen", Map.of("silent", true));
    assertThat(silent.shown()).extracting(FrontEnd.Received::type).containsOnly("status");
    assertThat(kernel.run("throw new Exception()", Map.of("silent", true)).shown())
        .extracting(FrontEnd.Received::type)
        .containsOnly("status");
    FrontEnd.Ran unstored = kernel.run("unseen", Map.of("store_history", false));
    assertThat(unstored.result()).isEqualTo("5");
    assertThat(kernel.run("2").reply().path("execution_count").asInt()).isEqualTo(count + 1);
  }

  @Test
  void abortsWhatWasQueuedBehindAnError() {
    String failing = kernel.execute("Thread.sleep(1000); int x = 1 / 0;");
    List<String> queued =
        Stream.of("int never = 1", "2", "3").map(code -> kernel.execute(code)).toList();
    String info = kernel.send("shell", "kernel_info_request", Map.of());
    assertThat(kernel.ran(failing).error()).contains("ArithmeticException");
    for (String id : queued) {
      assertThat(kernel.reply("shell", id).path("status").asText()).isEqualTo("aborted");
    }
    assertThat(kernel.reply("shell", info).path("status").asText()).isEqualTo("ok");
    assertThat(kernel.run("never").error()).contains("cannot find symbol");
    String tolerated = kernel.execute("int x = 1 / 0;", Map.of("stop_on_error", false));
    String next = kernel.execute("7");
    kernel.reply("shell", tolerated);
    assertThat(kernel.ran(next).result()).isEqualTo("7");
  }

  @Test
  void losesNoLineOfMany() {
    FrontEnd.Ran cell =
        kernel.run("for (int i = 0; i < 20_000; i++) System.out.println(\"line \" + i); \"done\"");
    assertThat(cell.text("stdout"))
        .isEqualTo(
            IntStream.range(0, 20_000)
                .mapToObj(i -> "line " + i + "\n")
                .collect(Collectors.joining()));
    assertThat(cell.result()).isEqualTo("done");
    assertThat(cell.of("stream")).as("gathered").hasSizeLessThan(1000);
  }

  @Test
  void keepsTheOrderOfBothStreamsAndTheResult() {
    FrontEnd.Ran cell =
        kernel.run(
            """
            System.out.print("a"); System.err.print("b"); System.out.printf("%s", "c");
            display("d", "text/html"); printf("e"); System.err.println(); "f\"\
            """);
    assertThat(
            cell.shown().stream()
                .map(m -> m.type().equals("stream") ? m.content().path("text").asText() : m.type()))
        .containsExactly(
            "status",
            "execute_input",
            "a",
            "b",
            "c",
            "display_data",
            "e",
            "\n",
            "execute_result",
            "status");
  }

  @Test
  void gathersWholeLinesOfSeveralThreads() {
    FrontEnd.Ran cell =
        kernel.run(
            """
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
              int id = t;
              threads.add(new Thread(() -> {
                for (int i = 0; i < 2000; i++) System.out.println("thread " + id + " line " + i);
              }));
            }
            threads.forEach(Thread::start);
            for (Thread thread : threads) thread.join();\
            """);
    List<String> lines = cell.text("stdout").lines().toList();
    assertThat(lines).hasSize(8000).allMatch(line -> line.matches("thread \\d line \\d+"));
    for (int t = 0; t < 4; t++) {
      String start = "thread " + t;
      assertThat(lines.stream().filter(line -> line.startsWith(start)))
          .containsExactlyElementsOf(
              IntStream.range(0, 2000).mapToObj(i -> start + " line " + i).toList());
    }
  }

  @Test
  void cutsNoCharacterInTwo() {
    String text = "zażółć 日本語 😀 ".repeat(2000);
    assertThat(
            kernel
                .run(
                    """
                    byte[] text = "zażółć 日本語 😀 ".repeat(2000).getBytes("UTF-8");
                    for (byte b : text) System.out.write(b);\
                    """)
                .text("stdout"))
        .isEqualTo(text);
    assertThat(kernel.run("System.out.print(\"" + text + "\")").text("stdout")).isEqualTo(text);
    assertThat(kernel.run("System.out.print(\"half \\ud83d!\"); \"\\ud83d\"").result()).hasSize(1);
  }

  @Test
  void showsWhatIsPrintedAfterTheCell() {
    String id =
        kernel.execute(
            "new Thread(() -> { try { Thread.sleep(500); } catch (Exception e) { }"
                + " System.out.print(\"late\"); }).start();");
    assertThat(kernel.ran(id).reply().path("status").asText()).isEqualTo("ok");
    FrontEnd.Received late = kernel.shown(id, message -> message.type().equals("stream")).get(0);
    assertThat(late.content().path("text").asText()).isEqualTo("late");
  }

  @Test
  void readsNothingFromStandardInput() {
    assertThat(kernel.run("System.in.read()").result()).isEqualTo("-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Thread.sleep(60_000);",
        "long n = 0; while (true) n++;",
        "while (true) System.out.println(\"a flood of lines\");",
        "while (true) { try { Thread.sleep(1000); } catch (InterruptedException e) { } }",
        "new Object() { public String toString() { while (true); } }",
        "new Scanner(new PipedInputStream(new PipedOutputStream())).next();"
      })
  void interruptsACellAndLivesOn(String code) throws Exception {
    kernel.run("int kept = 5;");
    String id = kernel.execute(code);
    kernel.shown(id, message -> message.type().equals("execute_input"));
    Thread.sleep(300);
    assertThat(kernel.ask("control", "interrupt_request", Map.of()).path("status").asText())
        .isEqualTo("ok");
    FrontEnd.Ran cell = kernel.ran(id);
    assertThat(cell.reply().path("ename").asText()).isEqualTo("Interrupted");
    assertThat(kernel.run("kept").result()).isEqualTo("5");
  }

  @Test
  void anInterruptOfNothingDoesNothing() {
    kernel.ask("control", "interrupt_request", Map.of());
    assertThat(kernel.run("8").result()).isEqualTo("8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "int f() { return f() + 1; } f()                        | StackOverflowError",
        "throw new Error(\"e\");                                | java.lang.Error: e",
        "throw new AssertionError();                            | AssertionError",
        "throw new NoClassDefFoundError(\"gone\");              | NoClassDefFoundError: gone",
        "Thread.currentThread().stop();                         | ThreadDeath",
        "byte[][] big = new byte[1000][]; for (int i = 0; i < 1000; i++) big[i] = new byte[1 <<"
            + " 24]; | OutOfMemoryError",
        "new byte[Integer.MAX_VALUE].length                     | OutOfMemoryError",
        "new Object() { public String toString() { throw new Error(\"s\"); } } | java.lang.Error:"
            + " s",
        "new Object() { public String toString() { return null; } } | ''",
        "class S { static { if (true) throw new RuntimeException(\"i\"); } } new S() |"
            + " ExceptionInInitializerError",
        "{ Thread.currentThread().interrupt(); Thread.sleep(1); } | InterruptedException",
        "throw new RuntimeException() { public String getMessage() { throw new Error(\"m\"); } }; |"
            + " m"
      })
  void reportsWhateverACellThrows(String code, String error) {
    FrontEnd.Ran cell = kernel.run(code);
    if (!error.isEmpty()) {
      assertThat(cell.error()).contains(error);
      assertThat(cell.of("error")).hasSize(1);
    }
    kernel.run("big = null;");
    assertThat(kernel.run("1 + 1").result()).isEqualTo("2");
  }

  @Test
  void takesLongLiteralsOrSaysWhyNot() {
    for (int length : new int[] {2000, 60_000}) {
      assertThat(kernel.run("\"" + "x".repeat(length) + "\"").result()).hasSize(length);
      assertThat(kernel.run("\"\\t" + "\\\"".repeat(length) + "\";").error()).isEqualTo(": ");
    }
    for (String code :
        List.of(
            "\"%s\"", "String s = \"%s\";", "String f() { return \"%s\"; }", "\"%s\" + \"%1$s\"")) {
      FrontEnd.Ran tooLong = kernel.run(code.formatted("x".repeat(70_000)));
      assertThat(tooLong.error()).contains("line 1: constant string too long").hasSizeLessThan(200);
      assertThat(tooLong.reply().path("traceback").toString()).hasSizeLessThan(1000);
      assertThat(kernel.run("\"next\"").result()).isEqualTo("next");
    }
    assertThat(kernel.run("1" + "+1".repeat(9999)).result()).isEqualTo("10000");
    assertThat(kernel.run(" ".repeat(5000) + "/*" + "x\n".repeat(5000) + "*/ 3").result())
        .isEqualTo("3");
  }

  @ParameterizedTest
  @CsvSource({"'\"x\".toUp', 6, 'toUpperCase('", "'\"😀\".toUp + 1', 8, 'toUpperCase('"})
  void completesBehindCharactersOutsideTheBasicPlane(String code, int length, String expected) {
    for (String before : List.of("", "// 😀😀\n", "String 𝒳 = \"😀\";\n")) {
      String cell = before + code;
      int cursor = cell.codePointCount(0, cell.indexOf("toUp") + 4);
      JsonNode reply =
          kernel.ask("shell", "complete_request", Map.of("code", cell, "cursor_pos", cursor));
      assertThat(reply.path("matches").toString()).contains(expected);
      assertThat(reply.path("cursor_start").asInt()).isEqualTo(cursor - 4);
      assertThat(reply.path("cursor_end").asInt()).isEqualTo(cursor);
    }
    for (int cursor : new int[] {-1, 0, 1, 2, 3, 100, Integer.MAX_VALUE}) {
      for (String type : List.of("complete_request", "inspect_request")) {
        JsonNode reply =
            kernel.ask("shell", type, Map.of("code", "😀\ud83d", "cursor_pos", cursor));
        assertThat(reply.path("status").asText()).isEqualTo("ok");
      }
    }
  }

  @Test
  void inspectsAndKnowsWhatIsWhole() {
    JsonNode found =
        kernel.ask(
            "shell",
            "inspect_request",
            Map.of("code", "/* 😀 */ Math.floorMod(7, 3)", "cursor_pos", 15, "detail_level", 0));
    assertThat(found.path("found").asBoolean()).isTrue();
    assertThat(found.at("/data/text~1plain").asText()).contains("int Math.floorMod(int x, int y)");
    assertThat(
            kernel
                .ask("shell", "is_complete_request", Map.of("code", "for (;;) {"))
                .path("status")
                .asText())
        .isEqualTo("incomplete");
  }

  @Test
  void displaysTextTablesChartsAndPictures() {
    FrontEnd.Ran cell =
        kernel.run(
            """
            import org.knowm.xchart.*;
            import tech.tablesaw.api.*;
            var chart = new XYChartBuilder().width(320).height(200).title("depth").build();
            chart.addSeries("a", new double[] {1, 2}, new double[] {3, 4});
            var image = new java.awt.image.BufferedImage(7, 5, 1);
            String id = display("<b>x</b>", "text/html");
            updateDisplay(id, "y");
            display(chart);
            display(render(image));
            display(Table.create("runs", StringColumn.create("model", "a<b")))\
            """);
    assertThat(cell.result()).as("the id of what is displayed").isNull();
    List<JsonNode> shown = cell.of("display_data");
    assertThat(shown.get(0).at("/data/text~1html").asText()).isEqualTo("<b>x</b>");
    assertThat(cell.of("update_display_data").get(0).at("/transient/display_id"))
        .isEqualTo(shown.get(0).at("/transient/display_id"));
    assertThat(shown.get(1).at("/data/image~1png").asText()).startsWith("iVBORw0KGgo");
    assertThat(shown.get(1).at("/data/text~1plain").asText()).isEqualTo("chart: depth");
    assertThat(shown.get(2).at("/data/text~1plain").asText()).isEqualTo("image: 7 x 5");
    assertThat(shown.get(3).at("/data/text~1html").asText()).contains("<table", "a&lt;b");
    assertThat(shown.get(3).at("/data/text~1plain").asText()).contains("model");
  }
}
