package org.fedlayers.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.fedlayers.data.Progress;
import org.fedlayers.options.Printable;

/** Prints the progress of a download or of unpacking: a line for every tenth, or 50 MB. */
final class TransferProgress implements Progress {
  private static final long STEP = 50_000_000;

  private final PrintStream out;
  private String task = "";
  private long said;

  TransferProgress(PrintStream out) {
    this.out = out;
  }

  @Override
  public void at(String now, long done, long total) {
    if (!now.equals(task)) {
      task = now;
      said = 0;
      out.println(Printable.of(task));
    }
    long step = total > 0 ? Math.max(1, total / 10) : STEP;
    if (done / step > said / step) {
      said = done;
      String part = total > 0 ? String.format(Locale.ROOT, " of %.0f", total / 1e6) : "";
      out.println(String.format(Locale.ROOT, "  %.0f%s MB", done / 1e6, part));
    }
  }
}
