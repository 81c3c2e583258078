package org.fedlayers.claims;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fedlayers.options.Option;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/** A step from what was measured at each point of a grid towards the effect that is claimed. */
record ContrastStep(
    @Option("points from which others are taken, seed by seed") Map<String, String> of,
    @Option("points that are subtracted from them") Map<String, String> minus,
    @Option("points by which a fraction of them is saved") Map<String, String> savedBy,
    @Option("points that are kept alone") Map<String, String> at,
    @Option("an axis along which the best point stands for all") String best,
    @Option("an axis on which a line's slope is taken, for ten units") String slope,
    @Option("points from which the mean of all others is taken") Map<String, String> againstOthers)
    implements UnaryOperator<Samples> {

  /** Whether the step gives the logarithm of a ratio. */
  boolean isRatio() {
    return !savedBy.isEmpty();
  }

  boolean isAlong(String axis) {
    return best.equals(axis)
        || slope.equals(axis)
        || Stream.of(of, minus, savedBy, at, againstOthers).anyMatch(one -> one.containsKey(axis));
  }

  /** The points that the step looks at, with all their axes. */
  Samples compared(Samples samples) {
    if (!of.isEmpty()) {
      return samples.atAny(List.of(of, isRatio() ? savedBy : minus));
    }
    return at.isEmpty() ? samples : samples.atAny(List.of(at));
  }

  @Override
  public Samples apply(Samples samples) {
    if (!best.isEmpty()) {
      return samples.bestAlong(best);
    }
    if (!slope.isEmpty()) {
      return samples.slope(slope);
    }
    if (!againstOthers.isEmpty()) {
      return samples.againstOthers(againstOthers);
    }
    if (!at.isEmpty()) {
      return samples.at(at);
    }
    return isRatio()
        ? samples.at(of).pairedWith(samples.at(savedBy), Sample::logRatio)
        : samples.at(of).pairedWith(samples.at(minus), Sample::minus);
  }
}
