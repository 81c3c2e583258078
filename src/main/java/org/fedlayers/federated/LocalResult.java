package org.fedlayers.federated;

/**
 * What local training ended with.
 *
 * @param weights the client's, after its last step
 * @param delta weights minus those it started from
 * @param steps local steps taken, K
 */
public record LocalResult(float[] weights, float[] delta, int steps) {}
