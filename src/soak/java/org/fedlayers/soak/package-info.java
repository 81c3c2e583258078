/**
 * Attacks of any length on the whole program: kills, damaged files, hostile archives, mutated
 * settings and command lines, many repetitions. {@code make test} runs a little of each; {@code
 * make soak} runs {@code soak.effort} times as much and records what was tried and how it ended, in
 * {@code results/soak.csv}.
 */
package org.fedlayers.soak;
