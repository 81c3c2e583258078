package org.fedlayers.data;

import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.fedlayers.options.UserError;

/**
 * Downloads one file of known size and digest. What has arrived is kept in {@code <file>.part};
 * after a broken or slow connection the download resumes there, in this process or a later one. The
 * file gets its name once it is complete and on disk and its SHA-256 is right. The number of
 * attempts is limited, whatever the server does.
 *
 * @param from its address
 * @param size in bytes
 * @param sha256 in lower-case hexadecimal
 * @param patience pause before the first retry, doubled each time too little arrived in between
 * @param window time over which at least 1,000 bytes a second must arrive on average
 */
record Download(URI from, long size, String sha256, Duration patience, Duration window) {
  private static final int ATTEMPTS = 5;
  private static final int LOOKS = 100;

  Download(String from, long size, String sha256) {
    this(URI.create(from), size, sha256, Duration.ofSeconds(1), Duration.ofSeconds(30));
  }

  /**
   * Fetches into a file.
   *
   * @throws UserError if the server refuses, the connection stays broken, the disk is full or the
   *     SHA-256 is another
   */
  void to(Path file, Progress progress) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      if (fetch(part, progress) && !Fingerprint.of(part).equals(sha256)) {
        // The pieces may be of different files: once more, from the start.
        Files.delete(part);
        fetch(part, progress);
      }
      String found = Fingerprint.of(part);
      if (!found.equals(sha256)) {
        Files.delete(part);
        throw new UserError(
            "%s came with SHA-256 %s, expected %s. It was deleted; fetch it again, or give a copy of your own with --from FILE"
                .formatted(from, found, sha256));
      }
      AtomicFile.sync(part);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UserError("cannot write %s: %s".formatted(part, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("fetching %s was interrupted; it can be resumed".formatted(from), e);
    }
  }

  private UserError unreachable(Path part, String problem, Object... arguments) {
    return new UserError(
        "cannot fetch %s: %s. %,d of %,d bytes are kept in %s. Run the command again to resume, or give a copy of your own with --from FILE"
            .formatted(from, problem.formatted(arguments), part.toFile().length(), size, part));
  }

  /** Fetches what is missing; true if several answers make up the file. */
  private boolean fetch(Path part, Progress progress) throws IOException, InterruptedException {
    if (part.toFile().length() > size) {
      Files.delete(part);
    }
    HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
    long best = part.toFile().length();
    boolean pieces = best > 0;
    for (int fruitless = 0; part.toFile().length() < size; ) {
      requireSpace(part, size - part.toFile().length());
      try {
        attempt(client, part, part.toFile().length(), progress);
      } catch (IOException e) {
        pieces = true;
        // A few bytes are no progress; else a server could send one a connection, for ever.
        boolean fruitful = part.toFile().length() > best + size / 100;
        fruitless = fruitful ? 1 : fruitless + 1;
        best = fruitful ? part.toFile().length() : best;
        if (fruitless == ATTEMPTS) {
          String problem = e.getMessage() == null ? e.toString() : e.getMessage();
          throw unreachable(part, "%s (%d attempts)", problem, fruitless);
        }
        Thread.sleep(patience.toMillis() << (fruitless - 1));
      }
    }
    return pieces;
  }

  /** One request for what follows the first {@code have} bytes, abandoned if it is too slow. */
  private void attempt(HttpClient client, Path part, long have, Progress progress)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(from);
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    var answer = client.sendAsync(request.build(), head -> subscriber(head, part, have));
    String task = Path.of(from.getPath()).getFileName().toString();
    progress.at(task, have, size);
    try {
      long before = have;
      for (int look = 1; !answer.isDone(); look++) {
        try {
          answer.get(window.toMillis() / LOOKS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException stillComing) {
          long now = part.toFile().length();
          progress.at(task, Math.min(now, size), size);
          if (now > size) {
            Files.delete(part);
            throw unreachable(part, "the server sends more than the %,d bytes of the file", size);
          }
          if (look % LOOKS == 0) {
            // Fewer bytes than before: a server without ranges has started again.
            if (now >= before && now - before < window.toMillis()) {
              throw new IOException(
                  "fewer than 1,000 bytes a second came in " + window.toMillis() / 1e3 + " s");
            }
            before = now;
          }
        }
      }
      if (answer.get().statusCode() == 416) {
        attempt(client, part, 0, progress);
      } else if (part.toFile().length() < size) {
        throw new EOFException("the connection was cut");
      }
      progress.at(task, size, size);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UserError refused) {
        throw refused;
      }
      String said = e.getCause().getMessage();
      // A name that nobody knows, a machine without a network: Java gives these no message.
      String root = ExceptionUtils.getRootCauseMessage(e).replaceFirst(": $", "");
      throw new IOException(said == null ? "no connection: " + root : said, e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  /** Where the body of an acceptable answer goes. */
  private BodySubscriber<Path> subscriber(HttpResponse.ResponseInfo head, Path part, long have) {
    int status = head.statusCode();
    if (status == 416 && have > 0) {
      return BodySubscribers.replacing(part);
    }
    if (status >= 500 || status == 408 || status == 429) {
      throw new IllegalStateException("the server answered HTTP " + status);
    }
    if (status != 200 && status != 206) {
      throw unreachable(
          part,
          "the server answered HTTP %d %s",
          status,
          head.headers().firstValue("Location").orElse(""));
    }
    String type = head.headers().firstValue("Content-Type").orElse("");
    if (type.startsWith("text/html")) {
      throw unreachable(part, "the server sent a page (%s), not the file", type);
    }
    String range = head.headers().firstValue("Content-Range").orElse("");
    long length = head.headers().firstValueAsLong("Content-Length").orElse(size);
    if (status == 200 ? length != size : !range.matches("bytes " + have + "-\\d+/" + size)) {
      throw unreachable(
          part,
          "asked for the bytes from %d of %d, the server sent %d, %s",
          have,
          size,
          length,
          range);
    }
    return status == 206
        ? BodySubscribers.ofFile(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
        : BodySubscribers.ofFile(
            part,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING);
  }

  private static void requireSpace(Path part, long bytes) throws IOException {
    Path folder = part.toAbsolutePath().getParent();
    long free = Files.getFileStore(folder).getUsableSpace();
    if (bytes > free) {
      throw new UserError(
          "%s needs %,d bytes more, but only %,d are free in %s"
              .formatted(part.getFileName(), bytes, free, folder));
    }
  }
}
