package org.fedlayers.claims;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/** A step from what was measured at each point of a grid towards the effect that is claimed. */
@FunctionalInterface
interface Contrast {

  Samples of(Samples samples);

  /** At some values of axes minus at others, seed by seed. */
  record Difference(Map<String, String> one, Map<String, String> other) implements Contrast {
    @Override
    public Samples of(Samples samples) {
      return samples.at(one).pairedWith(samples.at(other), Sample::minus);
    }
  }

  /** The logarithm of the ratio of one to the other, seed by seed. */
  static Contrast logRatio(Map<String, String> one, Map<String, String> other) {
    return samples -> samples.at(one).pairedWith(samples.at(other), Sample::logRatio);
  }

  /** For each point of the other axes the slope of a straight line, for ten units of this axis. */
  static Contrast slope(String axis) {
    return samples -> {
      Map<Map<String, String>, Map<Map<String, String>, Sample>> lines = new LinkedHashMap<>();
      samples
          .byPoint()
          .forEach(
              (point, sample) ->
                  lines
                      .computeIfAbsent(Samples.without(point, axis), none -> new LinkedHashMap<>())
                      .put(point, sample));
      Map<Map<String, String>, Sample> slopes = new LinkedHashMap<>();
      lines.forEach((rest, line) -> slopes.put(rest, slope(new Samples(line), axis)));
      return new Samples(slopes);
    };
  }

  private static Sample slope(Samples line, String axis) {
    double[] x = line.numbers(axis);
    double mean = Arrays.stream(x).average().orElseThrow();
    double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
    if (squares == 0) {
      throw new NotMeasuredException("nothing to compare along " + axis);
    }
    return Sample.sum(
        line.family(), Arrays.stream(x).map(v -> 10 * (v - mean) / squares).toArray());
  }

  /** One point minus the mean of all others, seed by seed. */
  static Contrast againstOthers(Map<String, String> corner) {
    return samples -> {
      Samples one = samples.where(point -> Samples.isAt(point, corner), "" + corner);
      Samples others = samples.where(point -> !Samples.isAt(point, corner), "other than " + corner);
      List<Sample> family = new ArrayList<>(one.family());
      family.addAll(others.family());
      double[] coefficients = new double[family.size()];
      Arrays.fill(coefficients, -1.0 / others.family().size());
      Arrays.fill(coefficients, 0, one.family().size(), 1.0 / one.family().size());
      return new Samples(Map.of(Map.of(), Sample.sum(family, coefficients)));
    };
  }
}
