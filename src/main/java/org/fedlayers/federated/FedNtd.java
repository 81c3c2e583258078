package org.fedlayers.federated;

import org.fedlayers.nn.CrossEntropy;
import org.fedlayers.nn.LogitLoss;
import org.fedlayers.options.Option;

/**
 * Not-true distillation (Lee et al., NeurIPS 2022, arXiv 2106.03097): clients keep the global
 * model's predicted distribution over the classes other than the label's,
 *
 * <pre>
 * CE + beta tau^2 KL(q || p),   q, p = softmax(logits / tau) of the round's global and the local
 *                               model, both without the label's class
 * </pre>
 *
 * averaged over the mini-batch. The global model is taken in evaluation mode.
 */
public record FedNtd(
    @Option(value = "temperature", range = "(0, 1e6]", standard = "1") double tau,
    @Option(value = "weight of the distillation", range = "[0, 1e6]", standard = "1") double beta)
    implements Method {
  @Override
  public LocalStep localStep(ClientView client) {
    return step(client.start(), client.startStatistics());
  }

  /**
   * @param start the global model, with its statistics
   */
  LocalStep step(float[] start, float[] statistics) {
    return (batch, weights, gradient) -> {
      LogitLoss all = loss(batch.logits(start, statistics));
      double[] distillation = {0};
      double value =
          batch.gradient(
              weights,
              (logits, labels, size, classes, slope) -> {
                double plain = CrossEntropy.INSTANCE.apply(logits, labels, size, classes, slope);
                double whole = all.apply(logits, labels, size, classes, slope);
                distillation[0] = whole - plain;
                return whole;
              },
              gradient);
      return value - distillation[0];
    };
  }

  /** The loss of a mini-batch on which the global model gives these logits. */
  LogitLoss loss(float[] global) {
    return (logits, labels, size, classes, gradient) -> {
      double loss = CrossEntropy.INSTANCE.apply(logits, labels, size, classes, gradient);
      double[] q = new double[classes];
      double[] p = new double[classes];
      double[] logQ = new double[classes];
      double[] logP = new double[classes];
      for (int row = 0; row < size; row++) {
        int at = row * classes;
        for (int j = 0; j < classes; j++) {
          logQ[j] = global[at + j] / tau;
          logP[j] = logits[at + j] / tau;
        }
        softmaxWithout(labels[row], logQ, q);
        softmaxWithout(labels[row], logP, p);
        for (int j = 0; j < classes; j++) {
          loss += beta * tau * tau / size * q[j] * (logQ[j] - logP[j]);
          gradient[at + j] += beta * tau / size * (p[j] - q[j]);
        }
      }
      return loss;
    };
  }

  /** Turns logits into log-probabilities and probabilities; the label's class gets 0 and 0. */
  private static void softmaxWithout(int label, double[] logits, double[] probabilities) {
    logits[label] = Double.NEGATIVE_INFINITY;
    double largest = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      largest = Math.max(largest, logit);
    }
    double sum = 0;
    for (double logit : logits) {
      sum += StrictMath.exp(logit - largest);
    }
    double log = largest + StrictMath.log(sum);
    for (int j = 0; j < logits.length; j++) {
      logits[j] -= log;
      probabilities[j] = StrictMath.exp(logits[j]);
    }
    logits[label] = 0;
  }
}
