package org.fedlayers.experiment;

import java.io.PrintStream;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.fedlayers.federated.Score;

/**
 * Tells a person how a run of experiments goes. On a terminal, a bar: {@code fixbn/switch [====> ]
 * 7 of 25 experiments, about 4 min left}. In a log, the same in a line a minute. A line for each
 * finished cell where there is one experiment, for each experiment where there are several.
 */
public final class LogProgress implements Progress {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  /** Terminals have 80 columns; the last wraps on some. */
  private static final int WIDTH = 79;

  private static final long BETWEEN_LINES = Duration.ofMinutes(1).toNanos();

  /** From this part of the work on, its speed so far says more than the projection. */
  private static final double TELLING = 0.05;

  private final PrintStream out;
  private final boolean terminal;
  private final int workers;
  private final Map<Experiment, Map<Cell, Double>> planned = new LinkedHashMap<>();
  private final Map<Cell, Double> part = new HashMap<>();
  private final Map<Cell, String> latest = new HashMap<>();
  private volatile Experiment current;
  private double ended;
  private int experiments;
  private int cells;
  private long started = System.nanoTime();
  private long said = started;
  private ProgressBar bar;
  private volatile boolean stopping;

  /**
   * @param terminal whether a person watches, so that a line may be overwritten
   * @param workers how many cells are in flight
   */
  public LogProgress(PrintStream out, boolean terminal, int workers) {
    this.out = out;
    this.terminal = terminal;
    this.workers = workers;
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
    if (current == null) {
      start();
    }
    current = experiment;
    cells = 0;
  }

  private void start() {
    started = System.nanoTime();
    said = started;
    int all = planned.keySet().stream().mapToInt(one -> one.cells().size()).sum();
    int pending = planned.values().stream().mapToInt(Map::size).sum();
    line(
        "%s at %s scale: %d cell%s%s%s"
            .formatted(
                planned.size() == 1
                    ? planned.keySet().iterator().next().path()
                    : planned.size() + " experiments",
                planned.keySet().iterator().next().scale(),
                all,
                all == 1 ? "" : "s",
                pending == all ? "" : ", %d of them finished before".formatted(all - pending),
                pending == 0
                    ? ""
                    : ", about %s with %d at a time".formatted(duration(whole()), workers)));
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

  @Override
  public synchronized void resumed(Cell cell, int done, int rounds) {
    line(cell, "goes on after round %d of %d".formatted(done, rounds));
    advanced(cell, done, rounds);
  }

  @Override
  public synchronized void advanced(Cell cell, int done, int rounds) {
    part.put(cell, (double) done / rounds);
    if (bar == null && System.nanoTime() - said > BETWEEN_LINES) {
      line(latest.getOrDefault(cell, cell.toString()) + (current == null ? "" : "; " + status()));
    }
  }

  @Override
  public synchronized void scored(
      Cell cell, int done, int rounds, String model, Score score, double trainLoss) {
    latest.put(
        cell,
        String.format(
            Locale.ROOT,
            "%s: accuracy %.1f %% after round %d of %d",
            cell,
            100 * score.accuracy(),
            done,
            rounds));
  }

  @Override
  public synchronized void diverged(Cell cell, String why) {
    line(cell, why);
  }

  @Override
  public synchronized void finished(Cell cell, double spent) {
    part.put(cell, 1.0);
    cells++;
    if (planned.size() == 1) {
      line(latest.getOrDefault(cell, cell.toString()) + ", " + duration(spent));
    }
  }

  @Override
  public synchronized void failed(Cell cell, String why) {
    line(cell, "failed: " + why);
  }

  @Override
  public synchronized void ended(Experiment experiment, Sweep.Outcome outcome) {
    ended += seconds(experiment);
    part.clear();
    latest.clear();
    if (!stopping) {
      experiments++;
    }
    if (bar == null && outcome.ran() > 0 && planned.size() > 1) {
      line(experiment.path() + " finished; " + status());
    }
  }

  @Override
  public synchronized void say(String text) {
    line(text);
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

  private double seconds(Experiment experiment) {
    return planned.get(experiment).values().stream().mapToDouble(value -> value).sum();
  }

  /** Seconds of the clock that everything takes, as projected. */
  private double whole() {
    return planned.values().stream().mapToDouble(one -> Projection.clock(one, workers)).sum();
  }

  /** The part of the work that is done, in [0, 1]. */
  private double done() {
    double all = planned.keySet().stream().mapToDouble(this::seconds).sum();
    Map<Cell, Double> seconds = planned.get(current);
    double now =
        part.entrySet().stream()
            .mapToDouble(entry -> entry.getValue() * seconds.getOrDefault(entry.getKey(), 0.0))
            .sum();
    return all == 0 ? 1 : Math.min(1, (ended + now) / all);
  }

  private String status() {
    double done = done();
    double spent = (System.nanoTime() - started) / 1e9;
    double left = done > TELLING ? spent * (1 - done) / done : whole() * (1 - done);
    String counts =
        planned.size() == 1
            ? "%d of %d cells".formatted(cells, planned.get(current).size())
            : "%d of %d experiments".formatted(experiments, planned.size());
    if (stopping) {
      return counts + ", stopping";
    }
    return done < 1 ? counts + ", about " + duration(left) + " left" : counts;
  }

  private synchronized String bar() {
    String status = status();
    int room = Math.max(0, WIDTH - current.path().length() - status.length() - 4);
    int full = (int) Math.round(room * done());
    return current.path() + " [" + "=".repeat(full) + " ".repeat(room - full) + "] " + status;
  }

  private void line(Cell cell, String text) {
    line((planned.size() > 1 ? current.path() + " " : "") + cell + ": " + text);
  }

  private void line(String text) {
    said = System.nanoTime();
    if (bar != null) {
      // Over the bar, which is drawn again below at its next turn.
      out.println("\r" + text + " ".repeat(Math.max(0, WIDTH - text.length())));
    } else {
      out.println(terminal ? text : LocalTime.now().format(CLOCK) + " " + text);
    }
    out.flush();
  }

  /** For people: hours, or minutes or seconds where those are few. */
  static String duration(double seconds) {
    if (seconds >= 3600) {
      return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
    return seconds >= 60
        ? String.format(Locale.ROOT, "%.0f min", seconds / 60)
        : String.format(Locale.ROOT, "%.0f s", Math.ceil(seconds));
  }
}
