package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server does, a download ends in words, and what came before is kept. */
@Timeout(60)
class BadServerTest {
  private static final byte[] CONTENT = new byte[300_000];
  private static final int HAVE = 777;

  static {
    new Randomness(6).of("content").nextBytes(CONTENT);
  }

  @TempDir Path home;
  private final AtomicInteger requests = new AtomicInteger();
  private ServerSocket server;
  private Answer answer;

  /** What a server says to a request for the content from some byte on. */
  private interface Answer {
    void to(OutputStream out, int from) throws IOException, InterruptedException;
  }

  @BeforeEach
  void serve() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(
        () -> {
          while (true) {
            Socket socket = server.accept();
            start(() -> converse(socket));
          }
        });
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private interface Task {
    void run() throws Exception;
  }

  private static void start(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (Exception e) {
                // The other side has gone, which is what these tests are about.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void converse(Socket socket) throws Exception {
    try (socket) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream()));
      int from = 0;
      for (String line; !(line = in.readLine()).isEmpty(); ) {
        if (line.toLowerCase().startsWith("range:")) {
          from = Integer.parseInt(line.replaceAll("\\D", ""));
        }
      }
      requests.incrementAndGet();
      answer.to(socket.getOutputStream(), from);
    }
  }

  static Stream<Arguments> refusing() {
    return Stream.of(
        bad("stalls before its head", (out, from) -> Thread.sleep(100_000), "fewer than", "5 att"),
        bad("drips its head", (out, from) -> drip(out, new byte[100_000]), "fewer than", "5 att"),
        bad(
            "stalls in its body",
            (out, from) -> {
              part(out, from, 10);
              Thread.sleep(100_000);
            },
            "fewer than",
            "5 attempts"),
        bad(
            "drips its body",
            (out, from) -> {
              part(out, from, 0);
              drip(out, Arrays.copyOfRange(CONTENT, from, CONTENT.length));
            },
            "fewer than",
            "5 attempts"),
        bad("cuts after crumbs", (out, from) -> part(out, from, 100), "5 attempts"),
        bad("closes at once", (out, from) -> {}, "5 attempts"),
        bad("talks no HTTP", (out, from) -> say(out, "220 ready\r\n\r\n"), "5 attempts"),
        bad("is ill", (out, from) -> head(out, "500 Ill", "Content-Length: 0"), "HTTP 500", "5 a"),
        bad("is busy", (out, from) -> head(out, "429 Busy", "Content-Length: 0"), "429", "5 att"),
        bad("has no such file", (out, from) -> head(out, "404 No", "Content-Length: 0"), "404"),
        bad("has no such bytes", (out, from) -> head(out, "416 No", "Content-Length: 0"), "416"),
        bad("has nothing to say", (out, from) -> head(out, "204 None"), "204"),
        bad(
            "has a page of 200 bytes",
            (out, from) -> {
              head(out, "200 OK", "Content-Type: text/html; charset=utf-8");
              say(out, "<p>Log in</p>".repeat(20));
            },
            "a page (text/html"),
        bad(
            "has a smaller file",
            (out, from) -> head(out, "200 OK", "Content-Length: 1000"),
            "300000",
            "1000"),
        bad(
            "has a larger file",
            (out, from) -> head(out, "200 OK", "Content-Length: 123456789012"),
            "123456789012"),
        bad(
            "sends other bytes",
            (out, from) -> head(out, "206 Part", "Content-Range: bytes 9-299999/300000"),
            "bytes 9-299999/300000"),
        bad(
            "sends bytes of a larger file",
            (out, from) -> head(out, "206 Part", "Content-Range: bytes 777-299999/400000"),
            "400000"),
        bad("sends bytes of nowhere", (out, from) -> head(out, "206 Part"), "from 777 of 300000"),
        bad(
            "redirects in a circle",
            (out, from) -> head(out, "302 Go", "Location: /some/set.zip", "Content-Length: 0"),
            "HTTP 302 /some/set.zip"),
        bad(
            "redirects to a file",
            (out, from) -> head(out, "302 Go", "Location: file:/etc/hosts", "Content-Length: 0"),
            "HTTP 302 file:/etc/hosts"),
        bad(
            "redirects to nowhere",
            (out, from) -> head(out, "302 Go", "Content-Length: 0"),
            "cannot fetch"),
        bad(
            "redirects to nonsense",
            (out, from) -> head(out, "302 Go", "Location: http://[\u001b", "Content-Length: 0"),
            "cannot fetch"));
  }

  @ParameterizedTest(name = "a server that {0}")
  @MethodSource("refusing")
  void isGivenUpWithItsReasonAndWhatCameIsKept(String name, Answer bad, String... words)
      throws IOException {
    answer = bad;
    Path part = Files.write(home.resolve("set.zip.part"), Arrays.copyOf(CONTENT, HAVE));
    assertThatThrownBy(() -> download(200).to(home.resolve("set.zip"), SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll(words)
        .hasMessageContainingAll("/some/set.zip", "kept in " + part, "again to resume", "--from")
        .message()
        .doesNotContain("\u001b");
    assertThat(requests.get()).isBetween(1, 12);
    assertThat(home).isDirectoryNotContaining("glob:**.zip");
    byte[] kept = Files.readAllBytes(part);
    assertThat(kept.length).isBetween(HAVE, CONTENT.length - 1);
    assertThat(kept).isEqualTo(Arrays.copyOf(CONTENT, kept.length));
  }

  @ParameterizedTest
  @MethodSource("endless")
  void noMoreThanTheKnownSizeIsTaken(String name, Answer bad) {
    answer = bad;
    assertThatThrownBy(() -> download(2_000).to(home.resolve("set.zip"), SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("/some/set.zip", "--from");
    assertThat(home).isEmptyDirectory();
  }

  static Stream<Arguments> endless() {
    return Stream.of(
        bad(
            "never ends",
            (out, from) -> {
              head(out, "200 OK");
              while (true) {
                out.write(new byte[10_000]);
                Thread.sleep(1);
              }
            }),
        bad(
            "sends a bit more",
            (out, from) -> {
              head(out, "200 OK");
              out.write(Arrays.copyOf(CONTENT, CONTENT.length + 1));
            }));
  }

  static Stream<Arguments> mending() {
    return Stream.of(
        bad("gives no length", (out, from) -> {}),
        bad("is cut", (out, from) -> part(out, from, 50_000)),
        bad(
            "knows no ranges and is cut",
            (out, from) -> {
              head(out, "200 OK", "Content-Length: 300000");
              out.write(CONTENT, 0, 50_000);
            }),
        bad(
            "stalls",
            (out, from) -> {
              part(out, from, 50_000);
              Thread.sleep(100_000);
            }),
        bad("is busy", (out, from) -> head(out, "503 Busy", "Content-Length: 0")),
        bad("has no such bytes", (out, from) -> head(out, "416 No", "Content-Length: 0")),
        bad(
            "sends the same bytes of another file",
            (out, from) -> {
              head(out, "206 Part", "Content-Range: bytes %d-299999/300000".formatted(from));
              out.write(new byte[CONTENT.length - from]);
            }));
  }

  @ParameterizedTest(name = "a server that once {0}")
  @MethodSource("mending")
  void isAskedAgain(String name, Answer bad) {
    answer =
        (out, from) -> {
          if (requests.get() == 1) {
            bad.to(out, from);
          } else {
            head(out, "200 OK");
            out.write(CONTENT);
          }
        };
    SmallSets.put(home.resolve("set.zip.part"), Arrays.copyOf(CONTENT, HAVE));
    download(1_000).to(home.resolve("set.zip"), SmallSets.SILENT);
    assertThat(home.resolve("set.zip")).hasBinaryContent(CONTENT);
    assertThat(home).isDirectoryNotContaining("glob:**.part");
  }

  private Download download(int window) {
    return new Download(
        URI.create("http://localhost:%d/some/set.zip".formatted(server.getLocalPort())),
        CONTENT.length,
        Fingerprint.sha256(CONTENT),
        Duration.ofMillis(1),
        Duration.ofMillis(window));
  }

  private static Arguments bad(String name, Answer answer, String... words) {
    return Arguments.of(name, answer, words);
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes());
    out.flush();
  }

  private static void head(OutputStream out, String status, String... headers) throws IOException {
    String lines = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
    say(out, "HTTP/1.1 " + status + "\r\nConnection: close\r\n" + lines + "\r\n");
  }

  /** A right answer to a request for some range, of which only these many bytes come. */
  private static void part(OutputStream out, int from, int bytes) throws IOException {
    head(
        out,
        from > 0 ? "206 Part" : "200 OK",
        "Content-Range: bytes %d-299999/300000".formatted(from),
        "Content-Length: " + (CONTENT.length - from));
    out.write(CONTENT, from, bytes);
    out.flush();
  }

  private static void drip(OutputStream out, byte[] bytes)
      throws IOException, InterruptedException {
    for (byte some : bytes) {
      out.write(some);
      out.flush();
      Thread.sleep(10);
    }
  }
}
