package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;

@Timeout(120)
class BroadcastTest {
  /** Stopped between two instructions of the queue, a thread would leave it locked. */
  @Test
  void aThreadThatPrintsIsEndedWithoutSilencingTheRest() throws Exception {
    Connection connection =
        new Connection(
            Path.of("connection.json"),
            new ObjectMapper().readTree("{\"key\": \"k\", \"signature_scheme\": \"hmac-sha256\"}"));
    try (ZContext context = new ZContext()) {
      Broadcast broadcast = new Broadcast(context.createSocket(SocketType.PUB), connection);
      broadcast.begin(Map.of("msg_id", "1"));
      PrintStream out = broadcast.stream("stdout");
      AtomicInteger sent = new AtomicInteger();
      Thread sender =
          new Thread(
              () -> {
                try {
                  while (true) {
                    broadcast.sendNext();
                    sent.incrementAndGet();
                  }
                } catch (InterruptedException end) {
                  // The test is over.
                }
              });
      sender.start();
      for (int i = 0; i < 300; i++) {
        Thread flood =
            new Thread(
                () -> {
                  while (true) {
                    out.println("a flood of lines");
                  }
                });
        flood.setUncaughtExceptionHandler((thread, death) -> {});
        flood.start();
        Thread.sleep(1 + i % 7);
        broadcast.end(flood);
        flood.join(10_000);
        assertThat(flood.isAlive()).as("thread " + i).isFalse();
        int before = sent.get();
        broadcast.show("display_data", Map.of());
        for (int wait = 0; wait < 1000 && sent.get() == before; wait++) {
          Thread.sleep(10);
        }
        assertThat(sent.get()).as("messages after thread " + i).isGreaterThan(before);
      }
      sender.interrupt();
      sender.join();
    }
  }
}
