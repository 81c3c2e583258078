package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.LogitLoss;
import org.junit.jupiter.api.Test;

class FedNtdTest {

  /** As other methods report it, whatever they add to it. */
  @Test
  void theLossThatItReportsIsTheCrossEntropyAlone() {
    double[] logits = {1, 2, -1, 0.5, 0, 3};
    int[] labels = {1, 0};
    float[] gradient = new float[6];
    Objective batch =
        new Objective() {
          @Override
          public int samples() {
            return 2;
          }

          @Override
          public double gradient(float[] weights, LogitLoss loss, boolean keep, float[] into) {
            double[] slope = new double[6];
            double value = loss.apply(logits, labels, 2, 3, slope);
            Vectors.round(slope, into);
            return value;
          }

          @Override
          public float[] logits(float[] weights, float[] statistics) {
            return new float[] {3, 0, 0, -2, 1, 1};
          }
        };
    double[] slope = new double[6];
    double plain = CrossEntropy.INSTANCE.apply(logits, labels, 2, 3, slope);
    assertThat(
            new FedNtd(1, 2)
                .step(new float[1], new float[1])
                .direction(batch, new float[1], gradient))
        .isCloseTo(plain, within(1e-12));
    assertThat(gradient).isNotEqualTo(Vectors.rounded(slope));
  }

  @Test
  void fedNtdIsTheDerivativeOfItsLossWhichIsTheDefinition() {
    int classes = 5;
    int[] labels = {2, 0, 4};
    Random random = new Random(5);
    double[] logits = random.doubles(15, -3, 3).toArray();
    float[] global = new float[15];
    for (int i = 0; i < 15; i++) {
      global[i] = (float) (3 * random.nextGaussian());
    }
    double tau = 1.7;
    double beta = 0.6;
    LogitLoss loss = new FedNtd(tau, beta).loss(global);
    double[] gradient = new double[15];
    double value = loss.apply(logits, labels, 3, classes, gradient);
    double expected = 0;
    for (int row = 0; row < 3; row++) {
      double all = 0;
      double p = 0;
      double q = 0;
      for (int j = 0; j < classes; j++) {
        all += Math.exp(logits[row * classes + j]);
        p += j == labels[row] ? 0 : Math.exp(logits[row * classes + j] / tau);
        q += j == labels[row] ? 0 : Math.exp(global[row * classes + j] / tau);
      }
      expected += Math.log(all) - logits[row * classes + labels[row]];
      for (int j = 0; j < classes; j++) {
        if (j != labels[row]) {
          double own = Math.exp(logits[row * classes + j] / tau) / p;
          double theirs = Math.exp(global[row * classes + j] / tau) / q;
          expected += beta * tau * tau * theirs * Math.log(theirs / own);
        }
      }
    }
    assertThat(value).isCloseTo(expected / 3, within(1e-12));
    for (int i = 0; i < 15; i++) {
      double kept = logits[i];
      logits[i] = kept + 1e-5;
      double up = loss.apply(logits, labels, 3, classes, new double[15]);
      logits[i] = kept - 1e-5;
      double down = loss.apply(logits, labels, 3, classes, new double[15]);
      logits[i] = kept;
      assertThat(gradient[i]).isCloseTo((up - down) / 2e-5, within(1e-9));
    }
  }
}
