package org.fedlayers.cli;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jline.utils.Signals;

/**
 * Handles Ctrl-C (SIGINT) and SIGTERM. The first asks a command that can to keep what it has done;
 * a second, or the first where nothing need be kept, ends the process at once. Files are replaced
 * as a whole, so that is always safe.
 */
final class Interruption {
  /** Signals and, by the shells' convention, the exit status that tells of them. */
  private static final Map<String, Integer> SIGNALS = Map.of("INT", 130, "TERM", 143);

  /** Signals this close are one: timeout(1) sends it to the process and to its group. */
  private static final long ONE_NANOSECONDS = 300_000_000;

  private static final AtomicReference<Long> FIRST = new AtomicReference<>();
  private static volatile int status;
  private static volatile BooleanSupplier keep = () -> false;

  private Interruption() {}

  static void listen() {
    SIGNALS.forEach((signal, code) -> Signals.register(signal, () -> received(code)));
  }

  /**
   * @param request asks the command to stop; false if it has nothing to keep
   */
  static void keepingWith(BooleanSupplier request) {
    keep = request;
  }

  /** The exit status of a command that was interrupted, 0 of one that was not. */
  static int status() {
    return status;
  }

  /**
   * Takes no lock before it handles a second signal, so that a second one always ends the process.
   */
  private static void received(int code) {
    long now = System.nanoTime();
    if (!FIRST.compareAndSet(null, now)) {
      if (now - FIRST.get() > ONE_NANOSECONDS) {
        Runtime.getRuntime().halt(code);
      }
      return;
    }
    status = code;
    if (!keep.getAsBoolean()) {
      System.err.println("\nstopped; files are whole, and the same command goes on or starts anew");
      Runtime.getRuntime().halt(code);
    }
    System.err.println("\nstopping: finished rounds are being kept (again to end at once)");
  }
}
