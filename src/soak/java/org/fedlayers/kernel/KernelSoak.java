package org.fedlayers.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.fedlayers.soak.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages spoilt at random, from any local process: the kernel answers the next good one. */
class KernelSoak {
  private static final List<String> SOCKETS = List.of("shell", "control", "stdin");
  private static final List<String> TYPES =
      List.of("kernel_info_request", "execute_request", "complete_request", "nonsense", "");

  @TempDir private Path folder;

  @Test
  void theNextGoodRequestIsAnswered() throws Exception {
    Tally tally = new Tally("spoilt messages to the kernel");
    try (FrontEnd kernel = FrontEnd.start(folder, "-Xmx256m")) {
      tally.trials(
          7000,
          10,
          random -> {
            for (int i = 0; i < 10; i++) {
              String socket = SOCKETS.get(random.nextInt(SOCKETS.size()));
              kernel.sendRaw(socket, spoilt(kernel, random));
            }
            for (String socket : List.of("shell", "control")) {
              assertThat(
                      kernel.ask(socket, "kernel_info_request", Map.of()).path("status").asText())
                  .isEqualTo("ok");
            }
            return "ten spoilt and the next answered";
          });
      assertThat(kernel.process.isAlive()).isTrue();
    }
    tally.close();
  }

  /** A good message with its parts in disorder, lost, doubled or of other bytes. */
  private static List<byte[]> spoilt(FrontEnd kernel, SplittableRandom random) {
    String type = TYPES.get(random.nextInt(TYPES.size()));
    List<byte[]> frames =
        new ArrayList<>(kernel.frames(FrontEnd.header("x", type), Map.of("code", 1)));
    for (int i = random.nextInt(1, 4); i > 0 && !frames.isEmpty(); i--) {
      int at = random.nextInt(frames.size());
      byte[] frame = frames.get(at).clone();
      switch (random.nextInt(5)) {
        case 0 -> frames.remove(at);
        case 1 -> frames.add(at, frame);
        case 2 -> frames.set(at, java.util.Arrays.copyOf(frame, random.nextInt(frame.length + 1)));
        case 3 -> frames.set(at, new byte[random.nextInt(10_000)]);
        default -> {
          if (frame.length > 0) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            frames.set(at, frame);
          }
        }
      }
    }
    return frames.isEmpty() ? List.of(new byte[1]) : frames;
  }
}
