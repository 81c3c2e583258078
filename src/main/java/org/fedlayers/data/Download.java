package org.fedlayers.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * One file from the network. What has arrived is kept in {@code <file>.part}; a cut connection is
 * resumed there, by this process or a later one. The file gets its name once it is whole, synced
 * and its MD5 is right.
 *
 * @param from where it is
 * @param md5 its published MD5 in hexadecimal
 * @param patience pause before the first retry, doubled each time nothing arrived in between
 */
record Download(URI from, String md5, Duration patience) {
  private static final int ATTEMPTS = 5;

  Download(URI from, String md5) {
    this(from, md5, Duration.ofSeconds(1));
  }

  /** What remains wrong with the network after some attempts. */
  private static final class Unreachable extends IOException {
    Unreachable(String message) {
      super(message);
    }
  }

  /**
   * Fetches into a file.
   *
   * @throws UserError if the server refuses, the connection stays broken, the disk is full or the
   *     MD5 is another
   */
  void to(Path file, Progress progress) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      fetch(part, progress);
      String found = md5(part);
      if (!found.equals(md5)) {
        Files.delete(part);
        throw new UserError(
            "%s came with MD5 %s, expected %s. It was deleted; fetch it again, or give a copy of your own with --from FILE"
                .formatted(from, found, md5));
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (Unreachable e) {
      throw new UserError(
          "cannot fetch %s: %s. Run the command again to resume, or give a copy of your own with --from FILE"
              .formatted(from, e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UserError("cannot write %s: %s".formatted(part, e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UserError("fetching %s was interrupted; it can be resumed".formatted(from), e);
    }
  }

  private void fetch(Path part, Progress progress) throws IOException, InterruptedException {
    HttpClient client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    int failures = 0;
    while (true) {
      long before = size(part);
      String problem;
      try {
        if (attempt(client, part, before, progress)) {
          return;
        }
        problem = "the connection was cut";
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (Unreachable e) {
        throw e;
      } catch (IOException e) {
        problem = e.getMessage() == null ? e.toString() : e.getMessage();
      }
      failures = size(part) > before ? 1 : failures + 1;
      if (failures >= ATTEMPTS) {
        throw new Unreachable(problem + " (" + failures + " attempts)");
      }
      Thread.sleep(patience.toMillis() << (failures - 1));
    }
  }

  /** One request for what is missing; true if nothing is missing any more. */
  private boolean attempt(HttpClient client, Path part, long have, Progress progress)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(from).timeout(Duration.ofSeconds(60));
    if (have > 0) {
      request.header("Range", "bytes=" + have + "-");
    }
    HttpResponse<InputStream> response = client.send(request.build(), BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      switch (response.statusCode()) {
        case 200 -> have = 0;
        case 206 -> {
          String range = response.headers().firstValue("Content-Range").orElse("");
          if (!range.startsWith("bytes " + have + "-")) {
            throw new Unreachable("asked for bytes from " + have + ", the server sent " + range);
          }
        }
        case 416 -> {
          // Nothing lies beyond what is here: it is whole, or of another file; the MD5 tells.
          return true;
        }
        default -> throw new Unreachable("the server answered HTTP " + response.statusCode());
      }
      long rest = response.headers().firstValueAsLong("Content-Length").orElse(-1);
      long total = rest < 0 ? -1 : have + rest;
      requireSpace(part, rest);
      return copy(body, part, have, total, progress);
    }
  }

  private boolean copy(InputStream body, Path part, long have, long total, Progress progress)
      throws IOException {
    String task = Path.of(from.getPath()).getFileName().toString();
    byte[] buffer = new byte[1 << 16];
    long done = have;
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.truncate(have).position(have);
      progress.at(task, done, total);
      for (int read; (read = body.read(buffer)) >= 0; ) {
        write(out, ByteBuffer.wrap(buffer, 0, read));
        done += read;
        progress.at(task, done, total);
      }
      out.force(true);
    }
    return total < 0 || done == total;
  }

  /** Trouble with the disk is told apart from trouble with the network: retrying mends nothing. */
  private static void write(FileChannel out, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  private static long size(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }

  static String md5(Path file) throws IOException {
    MessageDigest digest = Fingerprint.algorithm("MD5");
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read; (read = in.read(buffer)) >= 0; ) {
        digest.update(buffer, 0, read);
      }
    }
    return Fingerprint.hex(digest);
  }
}
