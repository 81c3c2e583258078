package org.fedlayers.federated;

import java.io.Serializable;
import java.util.Map;

/**
 * The result of a client's round: what it sends to the server, and what it will remember once the
 * server has committed the round.
 *
 * @param client its id
 * @param weight in the averages: n_i, or how often the client was drawn
 * @param steps local steps taken
 * @param processed samples that went through them
 * @param loss mean training loss over its steps, the activation penalty included
 * @param penalty mean activation penalty over its steps
 * @param delta change of the weights against those the server sent
 * @param statistics of the client's normalisers after training
 * @param uploads the method's vectors for the server, by name
 * @param remembered vectors for the client's memory, by name
 */
public record ClientUpdate(
    int client,
    int weight,
    int steps,
    long processed,
    double loss,
    double penalty,
    float[] delta,
    float[] statistics,
    Map<String, float[]> uploads,
    Map<String, float[]> remembered)
    implements Serializable {

  /** The same with another weight in the averages. */
  ClientUpdate weighing(int other) {
    return new ClientUpdate(
        client, other, steps, processed, loss, penalty, delta, statistics, uploads, remembered);
  }
}
