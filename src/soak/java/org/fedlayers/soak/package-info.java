/**
 * Attacks of any length on the whole program: kills, damaged files, hostile archives, mutated
 * settings and command lines, many repetitions. {@code make test} runs a little of each; {@code
 * make soak} runs {@code soak.effort} times as much and records in {@code results/soak} what was
 * tried and how it ended.
 */
package org.fedlayers.soak;
