package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.List;
import org.fedlayers.nn.Tensor;

/** Where the tensors of a flat vector lie on the device, each aligned. */
final class FlatLayout {
  private final List<Tensor> tensors;
  private final int[] offsets;
  private int floats;

  FlatLayout(List<Tensor> tensors) {
    this.tensors = tensors;
    this.offsets = new int[tensors.size()];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = floats;
      floats += Math.toIntExact(Workspace.aligned(tensors.get(i).size()));
    }
  }

  /** Length with the gaps. */
  int floats() {
    return floats;
  }

  /** The offset of a node's tensor. */
  int offset(int node, Tensor.Role role) {
    for (int i = 0; i < offsets.length; i++) {
      if (tensors.get(i).node() == node && tensors.get(i).role() == role) {
        return offsets[i];
      }
    }
    throw new IllegalArgumentException("node " + node + " has no " + role);
  }

  void pack(float[] vector, FloatBuffer to) {
    for (int i = 0; i < offsets.length; i++) {
      to.put(offsets[i], vector, tensors.get(i).offset(), tensors.get(i).size());
    }
  }

  void unpack(FloatBuffer from, float[] vector) {
    for (int i = 0; i < offsets.length; i++) {
      from.get(offsets[i], vector, tensors.get(i).offset(), tensors.get(i).size());
    }
  }
}
