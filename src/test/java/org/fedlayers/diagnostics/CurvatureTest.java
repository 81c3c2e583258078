package org.fedlayers.diagnostics;

import static java.lang.Double.NaN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.exception.MaxCountExceededException;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;
import org.fedlayers.data.Randomness;
import org.fedlayers.federated.Federation;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Curvature against Hessians in closed form, and what rescaling does to it. */
class CurvatureTest {

  private static Curvature exactly(Tiny tiny) {
    return new Curvature(tiny.hessian(), 1e-9, 200, 20, new Randomness(1));
  }

  private static double[] descending(RealMatrix matrix) {
    double[] values = new EigenDecomposition(matrix).getRealEigenvalues();
    Arrays.sort(values);
    double[] reversed = new double[values.length];
    Arrays.setAll(reversed, i -> values[values.length - 1 - i]);
    return reversed;
  }

  /** The mean over samples of S (x) [x;1][x;1]', S = diag(p) - pp', kernel before bias. */
  private static RealMatrix softmaxRegression(Tiny tiny) {
    int classes = 3;
    int inputs = 4;
    RealMatrix sum = new Array2DRowRealMatrix(classes * (inputs + 1), classes * (inputs + 1));
    for (int b = 0; b < tiny.sample().size(); b++) {
      double[] x =
          withOne(Arrays.copyOfRange(tiny.sample().pixels(), b * inputs, (b + 1) * inputs));
      double[] p = softmax(logits(tiny.weights(), x, classes));
      for (int i = 0; i < classes; i++) {
        for (int j = 0; j < classes; j++) {
          double s = (i == j ? p[i] : 0) - p[i] * p[j];
          for (int k = 0; k <= inputs; k++) {
            for (int l = 0; l <= inputs; l++) {
              sum.addToEntry(
                  place(i, k, inputs, classes),
                  place(j, l, inputs, classes),
                  s * x[k] * x[l] / tiny.sample().size());
            }
          }
        }
      }
    }
    return sum;
  }

  /** Where the weight from input k (the bias after the last) to unit i lies. */
  private static int place(int unit, int k, int inputs, int units) {
    return k == inputs ? units * inputs + unit : unit * inputs + k;
  }

  private static double[] withOne(float[] x) {
    double[] longer = new double[x.length + 1];
    Arrays.setAll(longer, i -> i < x.length ? x[i] : 1);
    return longer;
  }

  private static double[] logits(double[] weights, double[] x, int units) {
    double[] z = new double[units];
    for (int i = 0; i < units; i++) {
      for (int k = 0; k < x.length; k++) {
        z[i] += weights[place(i, k, x.length - 1, units)] * x[k];
      }
    }
    return z;
  }

  private static double[] softmax(double[] z) {
    double[] p = Arrays.stream(z).map(Math::exp).toArray();
    double sum = Arrays.stream(p).sum();
    return Arrays.stream(p).map(value -> value / sum).toArray();
  }

  @Test
  void ofSoftmaxRegressionIsKnownInClosedForm() {
    Tiny tiny = Tiny.of(Tiny.perceptron(Layer.Function.RELU), 9, 4);
    RealMatrix expected = softmaxRegression(tiny);
    double[] eigenvalues = descending(expected);
    Curvature curvature = exactly(tiny);
    List<Curvature.Measured> extremes = curvature.extremes(3);
    for (int i = 0; i < 3; i++) {
      assertThat(extremes.get(i).value()).isCloseTo(eigenvalues[i], within(1e-9));
      assertThat(extremes.get(i).index()).isEqualTo(i);
    }
    assertThat(extremes.get(3).measure()).isEqualTo("lowest");
    assertThat(extremes.get(3).value()).isCloseTo(eigenvalues[14], within(1e-9));
    assertThat(curvature.top(1).get(0).value()).isCloseTo(eigenvalues[0], within(1e-9));
    // All weights are one layer's.
    assertThat(curvature.layers().get(0).value()).isCloseTo(eigenvalues[0], within(1e-9));
    Curvature.Measured trace =
        new Curvature(tiny.hessian(), 1e-9, 200, 300, new Randomness(1)).trace();
    assertThat(trace.error()).isPositive();
    assertThat(trace.value()).isCloseTo(expected.getTrace(), within(4 * trace.error()));
    assertThat(trace.loss())
        .isEqualTo(curvature.loss())
        .isCloseTo(tiny.naive(tiny.weights()).value(), within(1e-12));
  }

  @Test
  void aReluLayersBlockIsTheProductOfWhatComesInAndWhatIsAbove() {
    // One sample through 4 -> 5 -> 3: H_1 = G (x) [x;1][x;1]', G = D W' S W D.
    Tiny tiny = Tiny.of(Tiny.perceptron(Layer.Function.RELU, 5), 1, 8);
    double[] x = withOne(tiny.sample().pixels());
    double[] hidden = logits(tiny.weights(), x, 5);
    double[] above = Arrays.copyOfRange(tiny.weights(), 25, 43);
    float[] active = new float[5];
    for (int i = 0; i < 5; i++) {
      active[i] = (float) Math.max(0, hidden[i]);
    }
    double[] out = new double[3];
    for (int i = 0; i < 3; i++) {
      out[i] = above[15 + i];
      for (int k = 0; k < 5; k++) {
        out[i] += above[i * 5 + k] * Math.max(0, hidden[k]);
      }
    }
    double[] p = softmax(out);
    RealMatrix g = new Array2DRowRealMatrix(5, 5);
    for (int k = 0; k < 5; k++) {
      for (int l = 0; l < 5; l++) {
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < 3; j++) {
            double s = (i == j ? p[i] : 0) - p[i] * p[j];
            boolean both = hidden[k] > 0 && hidden[l] > 0;
            g.addToEntry(k, l, both ? above[i * 5 + k] * s * above[j * 5 + l] : 0);
          }
        }
      }
    }
    SymmetricOperator block = tiny.hessian().block(tiny.network().kernelLayers().get(0));
    double square = Arrays.stream(x).map(value -> value * value).sum();
    for (int l = 0; l < 5; l++) {
      for (int n = 0; n <= 4; n++) {
        double[] column = block.times(Tiny.unit(25, place(l, n, 4, 5)));
        for (int k = 0; k < 5; k++) {
          for (int m = 0; m <= 4; m++) {
            assertThat(column[place(k, m, 4, 5)])
                .isCloseTo(g.getEntry(k, l) * x[m] * x[n], within(1e-12));
          }
        }
      }
    }
    List<Curvature.Measured> layers = exactly(tiny).layers();
    assertThat(layers.get(0).value()).isCloseTo(square * descending(g)[0], within(1e-9));
    assertThat(layers.get(0).value()).isGreaterThan(0.01);
    assertThat(layers).extracting(Curvature.Measured::layer).containsExactly("fc0", "logits");
  }

  @Test
  void adaptiveSharpnessDoesNotChangeWhenLayersAreRescaledAndEigenvaluesDo() {
    Tiny tiny = Tiny.of(Tiny.everyKind(Normaliser.NONE, Layer.Function.RELU), 4, 2);
    double[] weights = tiny.weights().clone();
    for (Tensor tensor : tiny.network().weights()) {
      // conv2 has no other reader than the sum; the layer before it is scaled up, it is scaled
      // down.
      double factor =
          switch (tensor.name()) {
            case "conv.kernel" -> 4;
            case "conv2.kernel" -> 0.25;
            default -> 1;
          };
      for (int i = tensor.offset(); i < tensor.end(); i++) {
        weights[i] *= factor;
      }
    }
    Tiny scaled = new Tiny(tiny.network(), weights, tiny.statistics(), tiny.sample());
    Curvature before = exactly(tiny);
    Curvature after = exactly(scaled);
    assertThat(after.loss()).isCloseTo(before.loss(), within(1e-12));
    double adaptive = before.adaptive().value();
    assertThat(after.adaptive().value()).isCloseTo(adaptive, within(1e-7 * adaptive));
    double eigenvalue = before.top(1).get(0).value();
    assertThat(Math.abs(after.top(1).get(0).value() - eigenvalue)).isGreaterThan(0.1 * eigenvalue);
  }

  @Test
  void adaptiveSharpnessIsTheTopOfTheScaledMatrix() {
    Tiny tiny = Tiny.of(Tiny.perceptron(Layer.Function.RELU), 9, 4);
    RealMatrix scaled = softmaxRegression(tiny);
    for (int i = 0; i < 15; i++) {
      for (int j = 0; j < 15; j++) {
        scaled.multiplyEntry(i, j, Math.abs(tiny.weights()[i] * tiny.weights()[j]));
      }
    }
    assertThat(exactly(tiny).adaptive().value()).isCloseTo(descending(scaled)[0], within(1e-9));
  }

  @Test
  void oneCallMeasuresInFloat() {
    Tiny tiny = Tiny.of(Tiny.perceptron(Layer.Function.TANH, 5), 9, 4);
    var hessian = new Hessian(tiny.network(), tiny.model(), tiny.sample(), 1);
    Curvature usual = Curvature.of(hessian, new Randomness(0));
    Curvature curvature = new Curvature(usual.hessian(), 1e-4, 80, 20, usual.randomness());
    List<Curvature.Measured> top = curvature.top(2);
    List<Curvature.Measured> exact = exactly(tiny).top(2);
    for (int i = 0; i < 2; i++) {
      assertThat(top.get(i).value()).isCloseTo(exact.get(i).value(), within(1e-4));
    }
    assertThat(curvature.top(2)).isEqualTo(top);
  }

  @Test
  void whatDoesNotConvergeIsNotANumber() {
    SymmetricOperator endless =
        new SymmetricOperator(
            3,
            vector -> {
              throw new MaxCountExceededException(30);
            });
    Curvature curvature = exactly(Tiny.of(Tiny.perceptron(Layer.Function.RELU), 1, 1));
    assertThat(curvature.lanczos(endless, 2, true).values()).containsExactly(NaN);
  }

  /** Weights that are none, or whose products are not: no error, no loop, no number. */
  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, 1e30f, 1e38f})
  void whatIsNotFiniteIsNotANumber(float size) {
    for (Normaliser normaliser : List.of(Normaliser.NONE, Normaliser.BATCH)) {
      Tiny tiny = Tiny.of(Tiny.everyKind(normaliser, Layer.Function.RELU), 6, 3);
      float[] weights = tiny.floatWeights();
      for (int i = 0; i < weights.length; i++) {
        weights[i] *= size;
      }
      var model = new Federation.ModelState(weights, tiny.floatStatistics());
      var hessian = new Hessian(tiny.network(), model, tiny.sample(), 1);
      var curvature = new Curvature(hessian, 0.01, 80, 3, new Randomness(1));
      assertThat(curvature.extremes(5)).extracting(Curvature.Measured::value).containsOnly(NaN);
      assertThat(curvature.trace().value()).isNaN();
      assertThat(curvature.layers()).extracting(Curvature.Measured::value).contains(NaN);
      assertThat(curvature.bounds()).extracting(Curvature.Measured::value).contains(NaN);
      assertThat(curvature.adaptive().value()).isNaN();
    }
  }
}
