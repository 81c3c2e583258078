package org.fedlayers.federated;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * The server's state between rounds. Together with the clients' memory it is the state of a run.
 *
 * @param round the next one to run, from 0
 * @param steps sequential local steps so far: the longest client's, summed over rounds
 * @param samples processed so far by all clients
 * @param weights theta
 * @param statistics of the normalisers
 * @param cohortWeights the mean of the last cohort's client weights; theta itself before the first
 *     round
 * @param slots the method's vectors
 */
public record ServerState(
    int round,
    long steps,
    long samples,
    float[] weights,
    float[] statistics,
    float[] cohortWeights,
    Map<String, float[]> slots)
    implements Serializable {

  public static ServerState initial(float[] weights, float[] statistics) {
    return new ServerState(0, 0, 0, weights, statistics, weights, new TreeMap<>());
  }

  float[] slot(String name) {
    float[] slot = slots.get(name);
    return slot != null ? slot : new float[weights.length];
  }
}
