package org.fedlayers.claims;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.data.AtomicFile;
import org.fedlayers.results.Csv;
import org.fedlayers.results.Interval;
import org.fedlayers.results.NotMeasuredException;

/** The table of claims: the verdict on every claim, from the results files alone. */
public final class ClaimsTable {
  /** The scales that give verdicts; results on drawn images say nothing about a paper. */
  public static final List<String> SCALES = List.of("paper", "laptop");

  private static final String COLUMNS =
      "claim,paper,scale,statement,measure,unit,effect,low,high,margin,seeds,verdict,evidence,caveats";

  /**
   * One row.
   *
   * @param scale of the evidence; empty where there is none
   */
  public record Entry(Claim claim, String scale, Judgement judgement) {

    /** What a reader of the verdict must know of how it came about, beside its evidence. */
    public List<String> caveats() {
      List<String> caveats = new ArrayList<>();
      if (judgement.verdict() != Verdict.NOT_RUN) {
        if (claim.hasMoreSeeds()) {
          caveats.add("seeds were added after a first look");
        }
        if (claim.isAfterData()) {
          caveats.add("first asked after these data were seen");
        }
        claim
            .before(judgement.verdict())
            .ifPresent(older -> caveats.add("by an older rule " + older.text()));
      }
      return caveats;
    }

    private String line() {
      Interval interval = judgement.interval();
      return Csv.line(
          claim.id(),
          claim.paper(),
          scale,
          claim.statement(),
          claim.measure(),
          judgement.unit(),
          number(interval.mean()),
          number(interval.low()),
          number(interval.high()),
          number(judgement.margin()),
          interval.n(),
          judgement.verdict().text(),
          judgement.words(),
          String.join("; ", caveats()));
    }

    private static String number(double value) {
      return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
    }
  }

  private final List<Entry> entries;

  private ClaimsTable(List<Entry> entries) {
    this.entries = entries;
  }

  /**
   * Judges every claim.
   *
   * @param results the folder that holds one folder a scale; it need not exist
   * @throws org.fedlayers.options.UserError if a results file is damaged
   */
  public static ClaimsTable of(Path results) {
    return of(results, Claims.all(), PlannedCells.BUILT_IN);
  }

  static ClaimsTable of(Path results, List<Claim> claims, PlannedCells plan) {
    Map<String, Evidence> byScale = new HashMap<>();
    SCALES.forEach(scale -> byScale.put(scale, new Evidence(results, scale, plan)));
    byScale.put("", new Evidence(results, "", plan));
    return new ClaimsTable(claims.stream().map(claim -> judge(claim, byScale)).toList());
  }

  /** The published protocol has precedence, unless only a smaller scale decides. */
  private static Entry judge(Claim claim, Map<String, Evidence> byScale) {
    Entry best = null;
    String missing = "";
    for (Map.Entry<String, Rule> rule : claim.rules().entrySet()) {
      try {
        Judgement judgement = rule.getValue().judge(byScale.get(rule.getKey()));
        if (best == null || judgement.decides() && !best.judgement().decides()) {
          best = new Entry(claim, rule.getKey(), judgement);
        }
      } catch (NotMeasuredException e) {
        missing = e.getMessage();
      }
    }
    return best != null ? best : new Entry(claim, "", Judgement.without(Verdict.NOT_RUN, missing));
  }

  /** In the order of {@link Claims}. */
  public List<Entry> entries() {
    return entries;
  }

  /** Writes {@code claims.csv} as a whole. */
  public void write(Path results) throws IOException {
    StringBuilder csv = new StringBuilder(COLUMNS).append('\n');
    entries.forEach(entry -> csv.append(entry.line()).append('\n'));
    AtomicFile.write(results.resolve("claims.csv"), csv.toString());
  }
}
