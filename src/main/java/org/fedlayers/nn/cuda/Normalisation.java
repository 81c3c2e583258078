package org.fedlayers.nn.cuda;

import java.util.List;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Tensor;

/**
 * The calls of one normaliser. Batch normalisation by the batch's own statistics is a single call
 * each way. The other kinds normalise first, to a value xhat that the gradient by the scale needs,
 * then scale and shift: groups as if each group of a sample were a channel of its own.
 */
final class Normalisation {
  private final Program.Purpose purpose;
  private final Device device;
  private final Workspace space;
  private final boolean byBatch;
  private final Device.Extent channels;
  private final Device.Extent sets;
  private final long scale;
  private final long shift;
  private final long dScale;
  private final long dShift;
  private final Device.Statistics running;
  private Device.Statistics saved;
  private long normalised;

  Normalisation(Program program, Node node, Normaliser normaliser) {
    if (normaliser.kind() == Normaliser.Kind.HYBRID) {
      throw new IllegalStateException(
          "nn/cuda has no HBN; run networks that normalise by it with --executor plan");
    }
    purpose = program.purpose;
    device = program.device;
    space = program.space;
    byBatch = normaliser.kind() == Normaliser.Kind.BATCH;
    channels = program.extent(node);
    if (byBatch) {
      sets = channels;
    } else {
      int groups = normaliser.groupsOf(channels.channels());
      int values = channels.channels() / groups * channels.pixels();
      sets = new Device.Extent(1, purpose.samples() * groups, values);
    }
    scale = program.weight(node, Tensor.Role.SCALE);
    shift = program.weight(node, Tensor.Role.SHIFT);
    dScale = program.gradient(node, Tensor.Role.SCALE);
    dShift = program.gradient(node, Tensor.Role.SHIFT);
    running = byBatch ? program.running(node) : null;
  }

  List<Runnable> forward(long x, long y) {
    if (byBatch && purpose.given()) {
      return List.of(device.normaliseBy(channels, x, scale, shift, running, y, false));
    }
    saved = new Device.Statistics(space.take(sets.channels()), space.take(sets.channels()));
    if (byBatch) {
      Device.Statistics moved = purpose.moving() ? running : null;
      return List.of(device.normalise(channels, x, scale, shift, y, saved, moved));
    }
    normalised = space.take(sets.count());
    return List.of(
        device.normalise(sets, x, ones(), zeros(), normalised, saved, null),
        device.scaleChannels(channels, normalised, scale, y),
        device.shiftChannels(channels, shift, y));
  }

  List<Runnable> backward(long x, long dy, long dx, boolean add) {
    if (byBatch && !purpose.given()) {
      return List.of(device.normaliseBack(channels, x, scale, saved, dy, dx, add, dScale, dShift));
    }
    long scratch = space.take(channels.count());
    if (byBatch) {
      var scaled = new Device.Statistics(zeros(), running.variance());
      return List.of(
          device.sumChannels(channels, dy, dShift),
          device.normaliseBy(channels, x, ones(), zeros(), running, scratch, false),
          device.multiplyValues(channels, scratch, dy, scratch),
          device.sumChannels(channels, scratch, dScale),
          // Constant statistics: the derivative is scale / sqrt(variance + epsilon).
          device.normaliseBy(channels, dy, scale, zeros(), scaled, dx, add));
    }
    long unused = space.take(sets.channels());
    return List.of(
        device.sumChannels(channels, dy, dShift),
        device.multiplyValues(channels, dy, normalised, scratch),
        device.sumChannels(channels, scratch, dScale),
        device.scaleChannels(channels, dy, scale, scratch),
        device.normaliseBack(sets, x, ones(), saved, scratch, dx, add, unused, unused));
  }

  private long ones() {
    return space.constant(1, sets.channels());
  }

  private long zeros() {
    return space.constant(0, sets.channels());
  }
}
