package org.fedlayers.federated;

/**
 * The summary of a round.
 *
 * @param round from 0
 * @param cohort ids of the clients that took part, ascending
 * @param rate learning rate
 * @param loss mean training loss, weighted by samples, the activation penalty included
 * @param penalty mean activation penalty, weighted alike
 */
public record RoundReport(int round, int[] cohort, double rate, double loss, double penalty) {}
