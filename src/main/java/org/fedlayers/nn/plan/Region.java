package org.fedlayers.nn.plan;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * A tensor in native memory: a layout, and a place that is found once the whole plan is known. It
 * is alive from the first step that touches it to the last; regions never alive together share a
 * place.
 */
final class Region {
  private final memory.desc layout;
  private final memory handle;

  /** Whose place this is; itself unless it is another view of the same values. */
  private final Region owner;

  /** Bytes from the owner's place to this one's. */
  private final long offset;

  private int first = Integer.MAX_VALUE;
  private int last = -1;
  private BytePointer place;
  private FloatBuffer floats;

  private Region(memory.desc layout, engine engine, Region owner, long offset) {
    this.layout = layout;
    this.handle = new memory(layout, engine, new Pointer());
    this.owner = owner == null ? this : owner;
    this.offset = offset;
  }

  /** A region whose place is to be found. */
  static Region unplaced(memory.desc layout, engine engine) {
    return new Region(layout, engine, null, 0);
  }

  /** A region at a given place. */
  static Region fixed(memory.desc layout, engine engine, BytePointer place) {
    Region region = new Region(layout, engine, null, 0);
    region.bind(place);
    return region;
  }

  /** The bytes from an offset on, read in another layout. */
  Region as(memory.desc other, long from, engine engine) {
    if (from + other.get_size() > layout.get_size()) {
      throw new IllegalArgumentException("a view cannot reach beyond its region");
    }
    Region view = new Region(other, engine, owner, offset + from);
    if (owner.place != null) {
      view.bindToOwner();
    }
    return view;
  }

  memory.desc layout() {
    return layout;
  }

  memory handle() {
    return handle;
  }

  long bytes() {
    return layout.get_size();
  }

  void touchedBy(int step) {
    owner.first = Math.min(owner.first, step);
    owner.last = Math.max(owner.last, step);
  }

  int firstStep() {
    return owner.first;
  }

  int lastStep() {
    return owner.last;
  }

  boolean isAliveWith(Region other) {
    return first <= other.last && other.first <= last;
  }

  void bind(BytePointer at) {
    place = at;
    floats = null;
    OneDnn.check(dnnl.dnnl_memory_set_data_handle(handle.get(), at), "placing memory");
  }

  /** Views take their owner's place once it has one. */
  void bindToOwner() {
    bind(owner.place.getPointer(offset));
  }

  /** All values, padding included, in the order of the layout. */
  FloatBuffer floats() {
    if (floats == null) {
      BytePointer bytes = new BytePointer(place).capacity(bytes());
      floats = bytes.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }
    return floats;
  }
}
