package org.fedlayers.experiment;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.fedlayers.federated.Score;

/**
 * Tells a person how it goes: a bar with an estimate on a terminal; in a log, a line for each
 * scored point.
 */
public final class LogProgress implements Progress {
  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

  private final PrintStream out;
  private final boolean terminal;
  private final Map<Cell, Double> seconds = new HashMap<>();
  private final Map<Cell, Double> part = new HashMap<>();
  private int finished;
  private ProgressBar bar;

  /**
   * @param terminal whether a person watches, so that a line may be overwritten
   */
  public LogProgress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public synchronized void planned(Map<Cell, Double> planned) {
    seconds.putAll(planned);
    if (terminal) {
      double all = planned.values().stream().mapToDouble(value -> value).sum();
      bar =
          new ProgressBarBuilder()
              .setTaskName(seconds.size() + " cells")
              .setInitialMax(Math.max(1, Math.round(all * 10)))
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(500)
              .build();
    }
  }

  @Override
  public synchronized void resumed(Cell cell, int done, int rounds) {
    line("%s: goes on after round %d of %d".formatted(cell, done, rounds));
    advanced(cell, done, rounds);
  }

  @Override
  public synchronized void advanced(Cell cell, int done, int rounds) {
    part.put(cell, (double) done / rounds);
    if (bar != null) {
      double spent = 0;
      for (Map.Entry<Cell, Double> entry : part.entrySet()) {
        spent += entry.getValue() * seconds.getOrDefault(entry.getKey(), 0.0);
      }
      bar.stepTo(Math.round(spent * 10));
    }
  }

  @Override
  public synchronized void scored(
      Cell cell, int done, int rounds, String model, Score score, double trainLoss) {
    String text =
        String.format(
            Locale.ROOT,
            "%s: round %d of %d, %s model: accuracy %.2f %%, loss %.3f, training loss %.3f",
            cell,
            done,
            rounds,
            model,
            100 * score.accuracy(),
            score.meanLoss(),
            trainLoss);
    if (bar == null) {
      line(text);
    } else {
      bar.setExtraMessage(String.format(Locale.ROOT, "%s %.1f %%", cell, 100 * score.accuracy()));
    }
  }

  @Override
  public synchronized void diverged(Cell cell, String why) {
    line(cell + ": " + why);
  }

  @Override
  public synchronized void finished(Cell cell, double spent) {
    advanced(cell, 1, 1);
    finished++;
    if (bar != null) {
      bar.setExtraMessage(finished + " finished");
    } else {
      line(
          "%s: finished in %s (%d of %d cells)"
              .formatted(cell, Sweep.duration(spent / 3600), finished, seconds.size()));
    }
  }

  @Override
  public synchronized void failed(Cell cell, String why) {
    line(cell + ": failed: " + why);
  }

  @Override
  public synchronized void say(String text) {
    line(text);
  }

  @Override
  public synchronized void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }

  private void line(String text) {
    if (bar != null) {
      bar.pause();
      out.println();
    }
    out.println(terminal ? text : LocalTime.now().format(CLOCK) + " " + text);
    out.flush();
    if (bar != null) {
      bar.resume();
    }
  }
}
