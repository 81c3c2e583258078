package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.memory;
import org.fedlayers.nn.Shape;

/**
 * A node's output y and, once its readers have contributed theirs, the gradient dL/dy. A gradient
 * may be shared by several values (both sides of an addition); only one of its own may be
 * overwritten.
 *
 * <p>Between layers a vector lies as [size, units], an image in blocks of channels; the network's
 * images lie as plain arrays. Layers that know only images see a vector as an image of one pixel.
 */
final class Value {
  final Shape shape;
  final Buffer buffer;

  /** Whether weights lie behind it. */
  final boolean needsGradient;

  /** Whether it is the output of a ReLU whose derivative takes a step of its own. */
  boolean rectified;

  private final Assembly assembly;
  private final boolean vector;
  private Buffer gradient;
  private boolean shared;
  private boolean masked;

  Value(Assembly assembly, Shape shape, Buffer buffer, boolean needsGradient) {
    this.assembly = assembly;
    this.shape = shape;
    this.buffer = buffer;
    this.needsGradient = needsGradient;
    this.vector = shape.isVector();
  }

  /** An image of one pixel in blocks as vectors. */
  static Buffer flat(Assembly assembly, Buffer image) {
    long size = image.layout.dims().get(0);
    long units = image.layout.dims().get(1);
    Buffer plain = assembly.in(Layouts.plain(size, units, 1, 1), image, "to vector");
    return assembly.view(plain, Layouts.plain(size, units));
  }

  /** As an image in blocks. */
  Buffer image() {
    return blocked(buffer);
  }

  /** In the layout that layers have between them. */
  Buffer standard() {
    return vector ? buffer : image();
  }

  /** As plain vectors, channel by channel. */
  Buffer plainVector() {
    if (vector) {
      return buffer;
    }
    Buffer plain = assembly.in(plainImage(), buffer, "to vector");
    return assembly.view(plain, Layouts.plain(assembly.size(), shape.size()));
  }

  Buffer gradient() {
    return gradient;
  }

  /** The gradient as an image in blocks. */
  Buffer gradientImage() {
    return blocked(gradient);
  }

  private Buffer blocked(Buffer from) {
    Buffer plain = vector ? assembly.view(from, plainImage()) : from;
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
  Buffer overwritable() {
    return shared ? assembly.buffer(gradient.layout) : gradient;
  }

  void replaceGradient(Buffer replacement) {
    gradient = replacement;
    shared = false;
  }

  /** Adds one reader's part, which has no other reader. */
  void contribute(Buffer part) {
    contribute(part, false);
  }

  /** Adds a part that was computed as an image. */
  void contributeImage(Buffer image, boolean isMasked) {
    contribute(vector ? flat(assembly, image) : image, isMasked);
  }

  /** Adds a part that was computed by plain vectors. */
  void contributeVector(Buffer part) {
    contribute(vector ? part : blocked(assembly.view(part, plainImage())));
  }

  /**
   * @param isMasked whether the part is 0 wherever the value is
   */
  private void contribute(Buffer part, boolean isMasked) {
    masked = isMasked && (gradient == null || masked);
    if (gradient != null) {
      assembly.add("sum of gradients", part, gradient, part, false);
    }
    replaceGradient(part);
  }

  /** Adds one reader's part, which has other readers. */
  void contributeShared(Buffer part) {
    masked = false;
    if (gradient == null) {
      gradient = part;
      shared = true;
    } else {
      Buffer sum = overwritable();
      assembly.add("sum of gradients", part, gradient, sum, false);
      replaceGradient(sum);
    }
  }
}
