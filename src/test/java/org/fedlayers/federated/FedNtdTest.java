package org.fedlayers.federated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.fedlayers.nn.LogitLoss;
import org.junit.jupiter.api.Test;

class FedNtdTest {

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
