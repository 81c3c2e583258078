package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Shape;

/**
 * A node's output, and the gradient of the loss by it once its readers have contributed theirs. A
 * gradient may be shared by several values (both sides of an addition); only one of its own may be
 * overwritten.
 *
 * <p>Between layers a vector lies as [size, units], an image in blocks; pixels come plain. Layers
 * that know only images see a vector as an image of one pixel.
 */
final class Value {
  final Shape shape;
  final Region region;

  /** Whether weights lie behind it. */
  final boolean needsGradient;

  /** Whether it is what a ReLU gave whose derivative takes a step of its own. */
  boolean rectified;

  private final Assembly assembly;
  private final boolean vector;
  private Region gradient;
  private boolean shared;
  private boolean masked;

  Value(Assembly assembly, Shape shape, Region region, boolean needsGradient) {
    this.assembly = assembly;
    this.shape = shape;
    this.region = region;
    this.needsGradient = needsGradient;
    this.vector = Layouts.isVector(shape);
  }

  /** Of a result that was computed as an image. */
  static Value ofImage(Assembly assembly, Shape shape, Region image, boolean needsGradient) {
    Region region = Layouts.isVector(shape) ? flat(assembly, image) : image;
    return new Value(assembly, shape, region, needsGradient);
  }

  private static Region flat(Assembly assembly, Region image) {
    long size = image.layout().dims().get(0);
    long units = image.layout().dims().get(1);
    Region plain = assembly.in(Layouts.plain(size, units, 1, 1), image, "to vector");
    return assembly.view(plain, Layouts.plain(size, units));
  }

  /** As an image in blocks. */
  Region image() {
    return blocked(region);
  }

  /** As layers leave theirs. */
  Region standard() {
    return vector ? region : image();
  }

  /** As plain vectors, channel by channel. */
  Region plainVector() {
    if (vector) {
      return region;
    }
    Region plain = assembly.in(plainImage(), region, "to vector");
    return assembly.view(plain, Layouts.plain(assembly.size(), shape.size()));
  }

  Region gradient() {
    return gradient;
  }

  /** The gradient as an image in blocks. */
  Region gradientImage() {
    return blocked(gradient);
  }

  private Region blocked(Region from) {
    Region plain = vector ? assembly.view(from, plainImage()) : from;
    return assembly.in(assembly.layouts.image(assembly.size(), shape), plain, "to image");
  }

  private memory.desc plainImage() {
    return Layouts.plain(Layouts.dimensions(assembly.size(), shape));
  }

  /** Whether the gradient is 0 wherever the value is: the derivative of its ReLU is in it. */
  boolean masked() {
    return masked;
  }

  /** Where to write what replaces the gradient: in place, unless others still read it. */
  Region overwritable() {
    return shared ? assembly.region(gradient.layout()) : gradient;
  }

  void replaceGradient(Region replacement) {
    gradient = replacement;
    shared = false;
  }

  /** Adds one reader's part, which nobody else reads. */
  void contribute(Region part) {
    contribute(part, false);
  }

  /** Adds a part that was computed as an image. */
  void contributeImage(Region image, boolean isMasked) {
    contribute(vector ? flat(assembly, image) : image, isMasked);
  }

  /** Adds a part that was computed by plain vectors. */
  void contributeVector(Region part) {
    contribute(vector ? part : blocked(assembly.view(part, plainImage())));
  }

  /**
   * @param isMasked whether the part is 0 wherever the value is
   */
  private void contribute(Region part, boolean isMasked) {
    masked = isMasked && (gradient == null || masked);
    if (gradient != null) {
      assembly.add("sum of gradients", part, gradient, part, false);
    }
    replaceGradient(part);
  }

  /** Adds one reader's part, which others read too. */
  void contributeShared(Region part) {
    masked = false;
    if (gradient == null) {
      gradient = part;
      shared = true;
    } else {
      Region sum = overwritable();
      assembly.add("sum of gradients", part, gradient, sum, false);
      replaceGradient(sum);
    }
  }
}
