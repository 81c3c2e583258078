package org.fedlayers.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.fedlayers.options.UserError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server of this machine that cuts, refuses or sends something else. */
class DownloadTest {
  @TempDir Path home;
  private final byte[] content = new byte[300_000];
  private final List<String> ranges = new ArrayList<>();
  private HttpServer server;
  private int cuts;
  private int cutAfter = 100_000;
  private int status;
  private boolean understandsRanges = true;

  @BeforeEach
  void serve() throws IOException {
    new Randomness(5).of("content").nextBytes(content);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String range = exchange.getRequestHeaders().getFirst("Range");
      ranges.add(range);
      int from = 0;
      if (range != null && understandsRanges) {
        from = Integer.parseInt(range.replaceAll("\\D", ""));
        exchange
            .getResponseHeaders()
            .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/300000");
      }
      if (status != 0 || from >= content.length) {
        exchange.sendResponseHeaders(status != 0 ? status : 416, -1);
        return;
      }
      exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
      int to = cuts-- > 0 ? Math.min(content.length, from + cutAfter) : content.length;
      exchange.getResponseBody().write(content, from, to - from);
      exchange.getResponseBody().flush();
    }
  }

  private Download download() {
    URI uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/some/set.zip");
    return new Download(
        uri,
        content.length,
        Fingerprint.sha256(content),
        Duration.ofMillis(1),
        Duration.ofSeconds(20));
  }

  @Test
  void fetchesWithProgress() throws IOException {
    List<Long> heard = new ArrayList<>();
    Path file = home.resolve("new/folder/set.zip");
    download()
        .to(
            file,
            (task, done, total) -> {
              assertThat(task).isEqualTo("set.zip");
              assertThat(total).isEqualTo(content.length);
              heard.add(done);
            });
    assertThat(Files.readAllBytes(file)).isEqualTo(content);
    assertThat(heard).isSorted().startsWith(0L).endsWith((long) content.length);
    assertThat(file.getParent()).isDirectoryNotContaining("glob:**.part");
  }

  @Test
  void resumesWhereTheConnectionWasCut() throws IOException {
    cuts = 2;
    download().to(home.resolve("set.zip"), SmallSets.SILENT);
    assertThat(home.resolve("set.zip")).hasBinaryContent(content);
    assertThat(ranges).hasSize(3).startsWith((String) null);
    assertThat(ranges.get(2)).isGreaterThan(ranges.get(1)).startsWith("bytes=");
  }

  @Test
  void resumesWhatAnEarlierProcessLeft() throws IOException {
    Files.write(home.resolve("set.zip.part"), Arrays.copyOf(content, 299_999));
    download().to(home.resolve("set.zip"), SmallSets.SILENT);
    assertThat(home.resolve("set.zip")).hasBinaryContent(content);
    assertThat(ranges).containsExactly("bytes=299999-");
  }

  /** HTTP writes other digits than some of the machines that speak it. */
  @Test
  void resumesWhereDigitsAreArabic() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      resumesWhatAnEarlierProcessLeft();
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aWholePartNeedsOnlyItsName() throws IOException {
    Files.write(home.resolve("set.zip.part"), content);
    download().to(home.resolve("set.zip"), SmallSets.SILENT);
    assertThat(home.resolve("set.zip")).hasBinaryContent(content);
  }

  @Test
  void startsAgainWhereTheServerKnowsNoRanges() throws IOException {
    understandsRanges = false;
    Files.write(home.resolve("set.zip.part"), new byte[400_000]);
    download().to(home.resolve("set.zip"), SmallSets.SILENT);
    assertThat(home.resolve("set.zip")).hasBinaryContent(content);
  }

  @Test
  void whatWasLeftOfAnotherFileIsFetchedAnew() throws IOException {
    Files.write(home.resolve("set.zip.part"), new byte[1000]);
    download().to(home.resolve("set.zip"), SmallSets.SILENT);
    assertThat(home.resolve("set.zip")).hasBinaryContent(content);
    assertThat(ranges).containsExactly("bytes=1000-", null);
  }

  @Test
  void anotherContentIsRefusedAndDeleted() {
    Download expected = download();
    content[7]++;
    assertThatThrownBy(() -> expected.to(home.resolve("set.zip"), SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("/some/set.zip came with SHA-256", "expected", "--from");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void whatTheServerRefusesIsNotTriedAgain() {
    status = 404;
    assertThatThrownBy(() -> download().to(home.resolve("set.zip"), SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("/some/set.zip", "HTTP 404", "--from");
    assertThat(ranges).hasSize(1);
  }

  @Test
  void aDeadConnectionIsGivenUpAndWhatCameIsKept() throws IOException {
    cuts = 1000;
    cutAfter = 0;
    Files.write(home.resolve("set.zip.part"), Arrays.copyOf(content, 777));
    assertThatThrownBy(() -> download().to(home.resolve("set.zip"), SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("5 attempts", "resume");
    assertThat(ranges).hasSize(5);
    assertThat(home.resolve("set.zip.part")).hasBinaryContent(Arrays.copyOf(content, 777));
  }

  @Test
  void nobodyListeningIsAUserError() {
    server.stop(0);
    assertThatThrownBy(() -> download().to(home.resolve("set.zip"), SmallSets.SILENT))
        .isInstanceOf(UserError.class)
        .hasMessageContainingAll("cannot fetch http://localhost", "no connection: ");
  }
}
