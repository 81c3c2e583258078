package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.fedlayers.results.Interval;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/** A description of which cells have the greatest means. It decides nothing. */
record Ranking(Measure measure) implements Rule {
  private static final int SHOWN = 3;

  @Override
  public Judgement judge(Evidence evidence) {
    List<Map.Entry<Map<String, String>, Sample>> ranked =
        new ArrayList<>(evidence.samples(measure).byPoint().entrySet());
    ranked.removeIf(cell -> cell.getValue().size() == 0);
    ranked.sort(Comparator.comparingDouble(cell -> -cell.getValue().mean()));
    if (ranked.size() < 2) {
      throw new NotMeasuredException("fewer than two cells to rank");
    }
    Interval lead = Interval.of(ranked.get(0).getValue().minus(ranked.get(1).getValue()));
    String first =
        ranked.stream()
            .limit(SHOWN)
            .map(cell -> Samples.label(cell.getKey()) + mean(cell.getValue()))
            .collect(Collectors.joining("; ", "first are ", ""));
    List<String> notes = List.of("described only");
    return new Judgement(Verdict.NO_VERDICT, lead, Double.NaN, "points", first, notes);
  }

  private static String mean(Sample sample) {
    return String.format(Locale.ROOT, " %.1f", sample.mean());
  }

  @Override
  public String experiment() {
    return measure.experiment();
  }

  @Override
  public String words() {
    return "descriptive: the order is shown and decides nothing";
  }
}
