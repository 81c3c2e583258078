package org.fedlayers.claims;

import java.util.Arrays;
import java.util.Map;
import org.fedlayers.results.NotMeasuredException;
import org.fedlayers.results.Sample;
import org.fedlayers.results.Samples;

/** A step from what was measured at each point of a grid towards the effect that is claimed. */
sealed interface Contrast {

  Samples of(Samples samples);

  /** At some values of axes minus at others, seed by seed. */
  record Difference(Map<String, String> one, Map<String, String> other) implements Contrast {
    @Override
    public Samples of(Samples samples) {
      return samples.at(one).pairedWith(samples.at(other), Sample::minus);
    }
  }

  /** By which fraction of itself one is larger than the other, seed by seed. */
  record Saving(Map<String, String> one, Map<String, String> other) implements Contrast {
    @Override
    public Samples of(Samples samples) {
      return samples.at(one).pairedWith(samples.at(other), Sample::shareSavedBy);
    }
  }

  /** At some values of axes. */
  record At(Map<String, String> values) implements Contrast {
    @Override
    public Samples of(Samples samples) {
      return samples.at(values);
    }
  }

  /** For each point of the other axes, the best along this one. */
  record Best(String axis) implements Contrast {
    @Override
    public Samples of(Samples samples) {
      return samples.bestAlong(axis);
    }
  }

  /** Ends in a sum over all points. */
  sealed interface Sum extends Contrast {
    double[] coefficients(Samples samples);

    String label(Samples samples);

    @Override
    default Samples of(Samples samples) {
      return samples;
    }
  }

  /** The slope of a straight line by least squares, for ten units of the axis. */
  record Slope(String axis) implements Sum {
    @Override
    public double[] coefficients(Samples samples) {
      double[] x = samples.numbers(axis);
      double mean = Arrays.stream(x).average().orElseThrow();
      double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
      if (squares == 0) {
        throw new NotMeasuredException("nothing to compare along " + axis);
      }
      return Arrays.stream(x).map(v -> 10 * (v - mean) / squares).toArray();
    }

    @Override
    public String label(Samples samples) {
      return "slope over " + samples.points().size() + " cells";
    }
  }

  /** One point minus the mean of all others. */
  record AgainstOthers(Map<String, String> one) implements Sum {
    @Override
    public double[] coefficients(Samples samples) {
      if (samples.points().stream().noneMatch(point -> Samples.isAt(point, one))) {
        throw new NotMeasuredException("no cell in the corner");
      }
      int others = samples.points().size() - 1;
      return samples.points().stream()
          .mapToDouble(point -> Samples.isAt(point, one) ? 1 : -1.0 / others)
          .toArray();
    }

    @Override
    public String label(Samples samples) {
      return "corner minus the rest";
    }
  }
}
