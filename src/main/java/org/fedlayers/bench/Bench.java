package org.fedlayers.bench;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * How to measure.
 *
 * @param folder where results go
 * @param script PyTorch's side, {@code environment/pytorch_throughput.py}
 * @param clock which seconds
 * @param seconds of one stretch of work
 * @param repeats how many turns
 * @param say for lines of progress
 */
public record Bench(
    Path folder, Path script, Clock clock, double seconds, int repeats, Consumer<String> say) {}
