package org.fedlayers.nn.plan;

import org.fedlayers.nn.Shape;

/**
 * A node's output, and the gradient of the loss by it once its readers have contributed theirs. A
 * gradient may be shared by several values (both sides of an addition); only one of its own may be
 * overwritten.
 */
final class Value {
  private final Shape shape;
  private final Region region;
  private final boolean needsGradient;
  private Region gradient;
  private boolean shared;
  private boolean rectified;
  private boolean masked;

  Value(Shape shape, Region region, boolean needsGradient) {
    this.shape = shape;
    this.region = region;
    this.needsGradient = needsGradient;
  }

  Shape shape() {
    return shape;
  }

  Region region() {
    return region;
  }

  /** Whether weights lie behind it. */
  boolean needsGradient() {
    return needsGradient;
  }

  Region gradient() {
    return gradient;
  }

  /** Whether it is what a ReLU gave whose derivative takes a step of its own. */
  boolean rectified() {
    return rectified;
  }

  void setRectified() {
    rectified = true;
  }

  /** Whether the gradient is 0 wherever the value is: the derivative of its ReLU is in it. */
  boolean masked() {
    return masked;
  }

  /** Where to write what replaces the gradient: in place, unless others still read it. */
  Region overwritable(Assembly assembly) {
    return shared ? assembly.region(gradient.layout()) : gradient;
  }

  void replaceGradient(Region replacement) {
    gradient = replacement;
    shared = false;
  }

  /** Adds one reader's part, which nobody else reads. */
  void contribute(Assembly assembly, Region part) {
    contribute(assembly, part, false);
  }

  /**
   * @param isMasked whether the part is 0 wherever the value is
   */
  void contribute(Assembly assembly, Region part, boolean isMasked) {
    masked = isMasked && (gradient == null || masked);
    if (gradient == null) {
      replaceGradient(part);
    } else {
      assembly.add("sum of gradients", part, gradient, part, false);
      replaceGradient(part);
    }
  }

  /** Adds one reader's part, which others read too. */
  void contributeShared(Assembly assembly, Region part) {
    masked = false;
    if (gradient == null) {
      gradient = part;
      shared = true;
    } else {
      Region sum = overwritable(assembly);
      assembly.add("sum of gradients", part, gradient, sum, false);
      replaceGradient(sum);
    }
  }
}
