package org.fedlayers.federated;

import java.util.Arrays;
import java.util.List;
import org.fedlayers.nn.Tensor;

/**
 * A selection of weights, tensor by tensor: those that are personal to a client, or frozen.
 *
 * @param tensors slices of the flat weight vector
 */
record Selection(List<Tensor> tensors) {

  boolean isEmpty() {
    return tensors.isEmpty();
  }

  /** The selected numbers alone, one after another. */
  float[] of(float[] vector) {
    float[] picked = new float[tensors.stream().mapToInt(Tensor::size).sum()];
    int to = 0;
    for (Tensor tensor : tensors) {
      System.arraycopy(vector, tensor.offset(), picked, to, tensor.size());
      to += tensor.size();
    }
    return picked;
  }

  /** A copy of a vector with the numbers that {@link #of} picked in their places. */
  float[] put(float[] picked, float[] vector) {
    float[] filled = vector.clone();
    int from = 0;
    for (Tensor tensor : tensors) {
      System.arraycopy(picked, from, filled, tensor.offset(), tensor.size());
      from += tensor.size();
    }
    return filled;
  }

  void copy(float[] from, float[] to) {
    for (Tensor tensor : tensors) {
      System.arraycopy(from, tensor.offset(), to, tensor.offset(), tensor.size());
    }
  }

  void clear(float[] vector) {
    for (Tensor tensor : tensors) {
      Arrays.fill(vector, tensor.offset(), tensor.end(), 0);
    }
  }

  /** The vector itself, or a copy with zeros where something is selected. */
  float[] without(float[] vector) {
    if (isEmpty()) {
      return vector;
    }
    float[] rest = vector.clone();
    clear(rest);
    return rest;
  }
}
