package org.fedlayers.federated;

/**
 * Federated averaging (McMahan et al., AISTATS 2017, arXiv 1602.05629): clients run SGD from theta,
 * the server takes the mean of their weights, each weighted by its samples.
 */
public record FedAvg() implements Method {}
