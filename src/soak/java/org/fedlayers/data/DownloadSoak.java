package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fedlayers.options.UserError;
import org.fedlayers.soak.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that answers each request in another way: the right file arrives, or words do. */
class DownloadSoak {
  private static final Pattern FROM = Pattern.compile("(?i)range: bytes=(\\d+)-");

  @TempDir private Path folder;

  @Test
  void theRightFileArrivesOrWordsDo() throws Exception {
    Tally tally = new Tally("hostile servers");
    tally.trials(6000, 8, this::download);
    tally.close();
  }

  private String download(SplittableRandom random) throws IOException {
    byte[] file = new byte[random.nextInt(1, 300_000)];
    for (int i = 0; i < file.length; i++) {
      file[i] = (byte) random.nextInt();
    }
    Path here = Files.createTempDirectory(folder, "trial");
    Path known = Files.write(here.resolve("known"), file);
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread answering = new Thread(() -> serve(server, file, random));
      answering.setDaemon(true);
      answering.start();
      URI uri = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/file.tar.gz");
      Path to = here.resolve("file");
      try {
        new Download(
                uri,
                file.length,
                Fingerprint.of(known),
                Duration.ofMillis(1),
                Duration.ofMillis(300))
            .to(to, (task, done, total) -> {});
        assertThat(Files.readAllBytes(to)).isEqualTo(file);
        return "the right file";
      } catch (UserError e) {
        assertThat(to).doesNotExist();
        assertThat(e.getMessage()).contains("file");
        return "refused in words";
      }
    }
  }

  private static void serve(ServerSocket server, byte[] file, SplittableRandom random) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        answer(socket, file, random);
      } catch (IOException e) {
        // The other side hung up, or the trial is over.
      }
    }
  }

  private static void answer(Socket socket, byte[] file, SplittableRandom random)
      throws IOException {
    byte[] request = new byte[4000];
    int length = Math.max(0, socket.getInputStream().read(request));
    Matcher range = FROM.matcher(new String(request, 0, length, StandardCharsets.ISO_8859_1));
    int from = range.find() ? Math.min(file.length, Integer.parseInt(range.group(1))) : 0;
    OutputStream out = socket.getOutputStream();
    int kind = random.nextInt(10);
    if (kind == 0) {
      return;
    }
    if (kind == 1) {
      head(out, "500 Sorry", "Content-Length: 0");
      return;
    }
    if (kind == 2) {
      head(out, "206 Partial", "Content-Range: bytes 5-9/10", "Content-Length: 5");
      out.write(new byte[5]);
      return;
    }
    if (kind == 3) {
      head(out, "302 Elsewhere", "Location: /file.tar.gz", "Content-Length: 0");
      return;
    }
    boolean ignoresRange = from == 0 || kind == 4;
    int first = ignoresRange ? 0 : from;
    if (ignoresRange) {
      head(out, "200 OK", "Content-Length: " + file.length);
    } else {
      head(
          out,
          "206 Partial",
          "Content-Range: bytes %d-%d/%d".formatted(from, file.length - 1, file.length),
          "Content-Length: " + (file.length - from));
    }
    int rest = file.length - first;
    int sent = kind < 7 && rest > 0 ? random.nextInt(rest) : rest;
    if (kind == 5 && rest > 0) {
      // Another file's bytes among them.
      out.write(new byte[Math.min(rest, 100)]);
      first += Math.min(rest, 100);
      sent = Math.max(0, sent - 100);
    }
    out.write(file, first, Math.min(sent, file.length - first));
    out.flush();
  }

  private static void head(OutputStream out, String status, String... fields) throws IOException {
    String text = "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", fields) + "\r\n\r\n";
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
