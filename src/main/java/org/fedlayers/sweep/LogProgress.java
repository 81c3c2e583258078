package org.fedlayers.sweep;

import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.Experiment;
import org.fedlayers.experiment.NominalHours;

/**
 * Prints the progress of experiments for a person. On a terminal, a bar: {@code fixbn/frozen [====>
 * ] 7 of 25 experiments, about 4 min left}. In a log, the same in a line a minute. A line for each
 * finished cell where there is one experiment, for each experiment where there are several.
 */
public final class LogProgress implements SweepProgress {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  /** Terminals have 80 columns; the last wraps on some. */
  private static final int WIDTH = 79;

  private static final long BETWEEN_LINES = Duration.ofMinutes(1).toNanos();

  /** From this part of the work on, the measured speed is a better guide than the nominal one. */
  private static final double TELLING = 0.05;

  private final PrintStream out;
  private final boolean terminal;
  private final int workers;
  private final boolean nominal;

  /** Seconds that cells are expected to take. */
  private final Map<Experiment, Map<Cell, Double>> planned = new LinkedHashMap<>();

  /** The part of each cell that is done, in [0, 1]. */
  private final Map<Cell, Double> parts = new IdentityHashMap<>();

  private final Map<Cell, String> latest = new IdentityHashMap<>();
  private volatile Experiment current;
  private volatile boolean stopping;
  private int ended;
  private long started = System.nanoTime();
  private long said = started;
  private ProgressBar bar;

  /**
   * @param terminal whether a person watches, so that a line may be overwritten
   * @param workers how many cells are in flight
   * @param executor whose speed is known beforehand, unless it is a card's
   */
  public LogProgress(PrintStream out, boolean terminal, int workers, Executor executor) {
    this.out = out;
    this.terminal = terminal;
    this.workers = workers;
    nominal = !executor.onCard();
  }

  /**
   * Asks the run to stop and keep what it has.
   *
   * @return false if nothing was begun yet, so that nothing need be waited for
   */
  public boolean stop() {
    stopping = true;
    return current != null;
  }

  @Override
  public boolean stopping() {
    return stopping;
  }

  @Override
  public synchronized void planned(Experiment experiment, Map<Cell, Double> seconds) {
    planned.put(experiment, seconds);
  }

  @Override
  public synchronized void began(Experiment experiment) {
    boolean first = current == null;
    current = experiment;
    if (first) {
      start();
    }
  }

  private void start() {
    int all = planned.keySet().stream().mapToInt(one -> one.cells().size()).sum();
    int pending = planned.values().stream().mapToInt(Map::size).sum();
    String line =
        (several() ? planned.size() + " experiments" : current.path())
            + " at %s scale: %d cell%s".formatted(current.scale(), all, all == 1 ? "" : "s");
    if (pending < all) {
      line += ", %d of them finished before".formatted(all - pending);
    }
    if (nominal && projected() > 0) {
      line += ", about %s with %d at a time".formatted(duration(projected()), workers);
    }
    say(line);
    started = said;
    if (terminal && pending > 0) {
      bar =
          new ProgressBarBuilder()
              .setUpdateIntervalMillis(500)
              .continuousUpdate()
              .setRenderer((state, width) -> bar())
              .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
              .build();
    }
  }

  private boolean several() {
    return planned.size() > 1;
  }

  @Override
  public synchronized void resumed(Cell cell, int done, int rounds) {
    say(cell, "goes on after round %d of %d".formatted(done, rounds));
    advanced(cell, done, rounds);
  }

  @Override
  public synchronized void advanced(Cell cell, int done, int rounds) {
    parts.put(cell, (double) done / rounds);
    if (bar == null && System.nanoTime() - said > BETWEEN_LINES) {
      say(latest.getOrDefault(cell, cell.toString()) + (current == null ? "" : "; " + status()));
    }
  }

  @Override
  public synchronized void scored(Cell cell, int done, int rounds, double accuracy) {
    String text = "%s: accuracy %.1f %% after round %d of %d";
    latest.put(cell, String.format(Locale.ROOT, text, cell, 100 * accuracy, done, rounds));
  }

  @Override
  public synchronized void finished(Cell cell, double seconds) {
    parts.put(cell, 1.0);
    if (!several()) {
      say(latest.getOrDefault(cell, cell.toString()) + ", " + duration(seconds));
    }
  }

  @Override
  public synchronized void ended(Experiment experiment, Sweep.Outcome outcome) {
    planned.get(experiment).keySet().forEach(cell -> parts.put(cell, 1.0)); // failed ones, too
    if (!stopping) {
      ended++;
    }
    if (bar == null && outcome.ran() > 0 && several()) {
      say(experiment.path() + " finished; " + status());
    }
  }

  @Override
  public synchronized void say(Cell cell, String text) {
    say((several() ? current.path() + " " : "") + cell + ": " + text);
  }

  @Override
  public synchronized void say(String text) {
    said = System.nanoTime();
    if (bar != null) {
      // Over the bar, which is drawn again below at its next turn.
      out.println("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
    } else {
      out.println(terminal ? text : LocalTime.now().format(CLOCK) + " " + text);
    }
    out.flush();
  }

  @Override
  public void close() {
    ProgressBar last;
    synchronized (this) {
      last = bar;
      bar = null;
    }
    if (last != null) {
      last.close(); // draws once more, on a thread of its own that asks for the state
      out.println();
    }
  }

  /** Seconds of the clock that everything takes, as projected. */
  private double projected() {
    return planned.values().stream().mapToDouble(one -> NominalHours.clock(one, workers)).sum();
  }

  /** The part of the work that is done, in [0, 1]. */
  private double done() {
    double all = 0;
    double done = 0;
    for (Map<Cell, Double> cells : planned.values()) {
      for (Cell cell : cells.keySet()) {
        all += cells.get(cell);
        done += cells.get(cell) * parts.getOrDefault(cell, 0.0);
      }
    }
    return all == 0 ? 1 : Math.min(1, done / all);
  }

  private String status() {
    Set<Cell> cells = planned.get(current).keySet();
    long over = cells.stream().filter(cell -> parts.getOrDefault(cell, 0.0) == 1).count();
    String counts =
        several()
            ? "%d of %d experiments".formatted(ended, planned.size())
            : "%d of %d cells".formatted(over, cells.size());
    double done = done();
    if (stopping || done == 1) {
      return counts + (stopping ? ", stopping" : "");
    }
    if (!nominal && done <= TELLING) {
      return counts;
    }
    double spent = (System.nanoTime() - started) / 1e9;
    double left = done > TELLING ? spent * (1 - done) / done : projected() * (1 - done);
    return counts + ", about " + duration(left) + " left";
  }

  private synchronized String bar() {
    String status = status();
    int room = Math.max(0, WIDTH - current.path().length() - status.length() - 4);
    int full = (int) Math.round(room * done());
    return current.path() + " [" + "=".repeat(full) + " ".repeat(room - full) + "] " + status;
  }

  /** For people: hours, or minutes or seconds where those are few. */
  public static String duration(double seconds) {
    if (seconds >= 3600) {
      return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
    return seconds >= 60
        ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
        : String.format(Locale.ROOT, "%.0f s", Math.ceil(seconds));
  }
}
