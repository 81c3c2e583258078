package org.fedlayers.nn.cuda;

import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fedlayers.nn.Tensor;

/**
 * The device copy of a flat vector, each tensor aligned, at addresses that all programs of a model
 * share, and the host memory through which it is copied.
 */
final class Parameters {
  private final Device device;
  private final Map<Tensor, Integer> offsets = new HashMap<>();
  private final FloatBuffer host;
  private final long address;

  Parameters(List<Tensor> tensors, Device device) {
    this.device = device;
    int floats = 0;
    for (Tensor tensor : tensors) {
      offsets.put(tensor, floats);
      floats += Math.toIntExact(Workspace.aligned(tensor.size()));
    }
    host = device.staging(floats);
    address = device.allocate(floats);
  }

  long address(Tensor tensor) {
    return address + offsets.get(tensor);
  }

  void pack(float[] vector) {
    offsets.forEach((tensor, at) -> host.put(at, vector, tensor.offset(), tensor.size()));
  }

  void unpack(float[] vector) {
    offsets.forEach((tensor, at) -> host.get(at, vector, tensor.offset(), tensor.size()));
  }

  Runnable upload() {
    return device.upload(host, address);
  }

  Runnable download() {
    return device.download(address, host);
  }
}
