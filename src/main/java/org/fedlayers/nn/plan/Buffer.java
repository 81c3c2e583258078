package org.fedlayers.nn.plan;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.fedlayers.options.UserError;

/**
 * A tensor in native memory: a layout, and an offset in an {@link Arena}. A buffer of a plan is
 * alive from the first step that touches it to the last; buffers that are never alive together may
 * share their bytes.
 */
final class Buffer {
  final memory.desc layout;
  final memory handle;

  /** The buffer whose bytes these are; itself unless this is a view. */
  private final Buffer owner;

  /** In the arena; of a view, in its owner. */
  private long offset;

  private int firstStep = Integer.MAX_VALUE;
  private int lastStep = -1;
  private BytePointer address;
  private FloatBuffer floats;

  private Buffer(memory.desc layout, engine engine, Buffer owner, long offset) {
    this.layout = layout;
    this.handle = new memory(layout, engine, new Pointer());
    this.owner = owner == null ? this : owner;
    this.offset = offset;
  }

  /** A buffer at an offset that is still to be found or is given. */
  Buffer(memory.desc layout, engine engine, long offset) {
    this(layout, engine, null, offset);
  }

  /**
   * The same bytes in another layout.
   *
   * @param from bytes from the start of this buffer
   */
  Buffer view(memory.desc other, long from, engine engine) {
    if (from + other.get_size() > layout.get_size()) {
      throw new IllegalArgumentException("a view cannot reach beyond its buffer");
    }
    return new Buffer(other, engine, owner, owner == this ? from : offset + from);
  }

  long bytes() {
    return layout.get_size();
  }

  boolean isView() {
    return owner != this;
  }

  /** Bytes from the start of the arena. */
  long offset() {
    return isView() ? owner.offset + offset : offset;
  }

  void moveTo(long newOffset) {
    offset = newOffset;
  }

  void touchedBy(int step) {
    owner.firstStep = Math.min(owner.firstStep, step);
    owner.lastStep = Math.max(owner.lastStep, step);
  }

  boolean isAliveWith(Buffer other) {
    return firstStep <= other.lastStep && other.firstStep <= lastStep;
  }

  void bind(Arena arena) {
    address = arena.at(offset());
    floats = null;
    OneDnn.check(dnnl.dnnl_memory_set_data_handle(handle.get(), address), "binding memory");
  }

  /**
   * All values, padding included, in the order of the layout.
   *
   * @throws UserError if they take 2 GiB, of which Java would see a part only
   */
  FloatBuffer floats() {
    if (floats == null) {
      if (bytes() > Integer.MAX_VALUE) {
        throw new UserError(
            "an array of a batch takes "
                + bytes()
                + " bytes, and fewer than 2 GiB can be read: take"
                + " smaller batches (training.batch)");
      }
      BytePointer bytes = new BytePointer(address).capacity(bytes());
      floats = bytes.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
    return floats;
  }
}
