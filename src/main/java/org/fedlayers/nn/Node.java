package org.fedlayers.nn;

import java.util.List;

/**
 * A layer in its place in a {@link Network}.
 *
 * @param index position in topological order, from 0 (the input)
 * @param name unique, path-like, for example {@code stage2.block1.conv2}
 * @param layer what it computes
 * @param inputs indices of the nodes it reads
 * @param shape of its output, one sample
 */
public record Node(int index, String name, Layer layer, List<Integer> inputs, Shape shape) {}
