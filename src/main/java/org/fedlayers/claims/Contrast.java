package org.fedlayers.claims;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One effect decides.
 *
 * @param effect how it is put together from the evidence
 */
record Contrast(Function<Evidence, Effect> effect, Hypothesis hypothesis) implements Rule {

  /**
   * A sum of c_i mean_i.
   *
   * @param family samples whose spreads are pooled
   * @param coefficients c
   * @param label where it is found
   */
  record Effect(List<Sample> family, double[] coefficients, String label) {

    /** One cell, its spread pooled with that of the others. */
    static Effect at(Cells cells, String axis, String value) {
      double[] coefficients =
          cells.points().stream()
              .mapToDouble(point -> Cells.isAt(point, axis, value) ? 1 : 0)
              .toArray();
      return new Effect(cells.family(), coefficients, value);
    }

    /** The only cell. */
    static Effect only(Cells cells, String label) {
      if (cells.points().size() != 1) {
        throw new IllegalArgumentException("several cells: " + cells.points());
      }
      return new Effect(cells.family(), new double[] {1}, label);
    }

    /** One cell minus the mean of all others. */
    static Effect againstOthers(Cells cells, Map<String, String> one, String label) {
      int others = cells.points().size() - 1;
      double[] coefficients =
          cells.points().stream()
              .mapToDouble(point -> point.equals(one) ? 1 : -1.0 / others)
              .toArray();
      return new Effect(cells.family(), coefficients, label);
    }

    /**
     * The slope of a straight line by least squares, for ten units of the axis.
     *
     * @param axis whose values have the numbers to be plotted against
     */
    static Effect slopePerTen(Cells cells, String axis) {
      double[] x =
          cells.points().stream().mapToDouble(point -> Cells.number(point.get(axis))).toArray();
      double mean = Arrays.stream(x).average().orElseThrow();
      double squares = Arrays.stream(x).map(v -> (v - mean) * (v - mean)).sum();
      if (squares == 0) {
        throw new MissingEvidenceException("nothing to compare along " + axis);
      }
      double[] coefficients = Arrays.stream(x).map(v -> 10 * (v - mean) / squares).toArray();
      return new Effect(cells.family(), coefficients, "slope over " + x.length + " cells");
    }
  }

  @Override
  public Judgement judge(Evidence evidence) {
    Effect found = effect.apply(evidence);
    Estimate estimate = Estimate.of(found.family(), found.coefficients());
    int diverged = 0;
    for (int i = 0; i < found.coefficients().length; i++) {
      diverged += found.coefficients()[i] == 0 ? 0 : found.family().get(i).diverged();
    }
    String label = found.label() + (diverged == 0 ? "" : "; " + diverged + " diverged");
    return new Judgement(hypothesis.of(estimate), estimate, hypothesis.margin(), label);
  }

  @Override
  public String words() {
    return hypothesis.words();
  }
}
