package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Node;

/**
 * Vectors as images of one pixel, for the layers that know only images, and images as vectors.
 * Between layers a vector lies as [size, units], an image in blocks.
 */
final class VectorImages {
  private VectorImages() {}

  /** The value as an image in blocks. */
  static Region of(Assembly assembly, Value value) {
    return image(assembly, value, value.region());
  }

  /** The value as layers leave theirs: pixels come plain. */
  static Region standard(Assembly assembly, Value value) {
    return Layouts.isVector(value.shape()) ? value.region() : of(assembly, value);
  }

  /** The value's gradient as an image in blocks. */
  static Region gradient(Assembly assembly, Value value) {
    return image(assembly, value, value.gradient());
  }

  private static Region image(Assembly assembly, Value value, Region region) {
    memory.desc blocked = assembly.layouts().image(assembly.size(), value.shape());
    Region plain = region;
    if (Layouts.isVector(value.shape())) {
      long[] dimensions = Layouts.dimensions(assembly.size(), value.shape());
      plain = assembly.view(region, Layouts.plain(dimensions));
    }
    return assembly.in(blocked, plain, "to image");
  }

  /** What a node gives whose result was computed as an image. */
  static Value value(Assembly assembly, Node node, Region image, boolean needsGradient) {
    Region region = Layouts.isVector(node.shape()) ? flat(assembly, image) : image;
    return new Value(node.shape(), region, needsGradient);
  }

  /** Contributes a gradient that was computed as an image. */
  static void contribute(Assembly assembly, Value value, Region image) {
    contribute(assembly, value, image, false);
  }

  static void contribute(Assembly assembly, Value value, Region image, boolean masked) {
    boolean vector = Layouts.isVector(value.shape());
    value.contribute(assembly, vector ? flat(assembly, image) : image, masked);
  }

  /** The value as plain vectors, channel by channel. */
  static Region vector(Assembly assembly, Value value) {
    if (Layouts.isVector(value.shape())) {
      return value.region();
    }
    long[] dimensions = Layouts.dimensions(assembly.size(), value.shape());
    Region plain = assembly.in(Layouts.plain(dimensions), value.region(), "to vector");
    return assembly.view(plain, Layouts.plain(assembly.size(), value.shape().size()));
  }

  /** Contributes a gradient that was computed by plain vectors. */
  static void contributeVector(Assembly assembly, Value value, Region vector) {
    if (Layouts.isVector(value.shape())) {
      value.contribute(assembly, vector);
      return;
    }
    long[] dimensions = Layouts.dimensions(assembly.size(), value.shape());
    Region plain = assembly.view(vector, Layouts.plain(dimensions));
    memory.desc blocked = assembly.layouts().image(assembly.size(), value.shape());
    value.contribute(assembly, assembly.in(blocked, plain, "to image"));
  }

  private static Region flat(Assembly assembly, Region image) {
    long size = image.layout().dims().get(0);
    long units = image.layout().dims().get(1);
    Region plain = assembly.in(Layouts.plain(size, units, 1, 1), image, "to vector");
    return assembly.view(plain, Layouts.plain(size, units));
  }
}
