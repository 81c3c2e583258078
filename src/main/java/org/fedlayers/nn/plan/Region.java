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

  private int first = Integer.MAX_VALUE;
  private int last = -1;
  private BytePointer place;
  private FloatBuffer floats;

  private Region(memory.desc layout, engine engine, Region owner) {
    this.layout = layout;
    this.handle = new memory(layout, engine, new Pointer());
    this.owner = owner == null ? this : owner;
  }

  /** A region whose place is to be found. */
  static Region unplaced(memory.desc layout, engine engine) {
    return new Region(layout, engine, null);
  }

  /** A region at a given place. */
  static Region fixed(memory.desc layout, engine engine, BytePointer place) {
    Region region = new Region(layout, engine, null);
    region.bind(place);
    return region;
  }

  /** The same bytes read in another layout of the same size. */
  Region as(memory.desc other, engine engine) {
    if (other.get_size() > layout.get_size()) {
      throw new IllegalArgumentException("a view cannot be larger than its region");
    }
    Region view = new Region(other, engine, owner);
    if (owner.place != null) {
      view.bind(owner.place);
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
    bind(owner.place);
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
