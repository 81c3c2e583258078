package org.fedlayers.nn.plan;

import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl.algorithm;
import org.bytedeco.dnnl.global.dnnl.prop_kind;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.javacpp.PointerScope;
import org.fedlayers.nn.Shape;

/**
 * How activations lie in memory: vectors as [size, units], images with channels in blocks as wide
 * as this processor's vector registers (8 floats with AVX2, 16 with AVX-512), channels padded with
 * zeros to whole blocks.
 */
final class Layouts {
  private final format_tag blocked;

  private Layouts(format_tag blocked) {
    this.blocked = blocked;
  }

  /** The layouts that oneDNN itself chooses for an ordinary convolution on this machine. */
  static Layouts ofThisMachine(engine engine) {
    PointerScope scope = OneDnn.scope();
    try (scope) {
      long[] image = {1, 64, 8, 8};
      long[] one = {1, 1};
      var description =
          new convolution_forward.desc(
              prop_kind.forward_training,
              algorithm.convolution_direct,
              any(image),
              any(64, 64, 3, 3),
              any(image),
              one,
              one,
              one);
      memory.desc chosen = new convolution_forward.primitive_desc(description, engine).dst_desc();
      boolean sixteen = chosen.equals(described(image, format_tag.nChw16c));
      return new Layouts(sixteen ? format_tag.nChw16c : format_tag.nChw8c);
    }
  }

  /** An image in blocks of channels; a vector is an image of one pixel. */
  memory.desc image(int size, Shape shape) {
    return described(dimensions(size, shape), tag(shape));
  }

  /** The same memory as one image, whose channels are those of all samples, padding included. */
  memory.desc stacked(int size, Shape shape) {
    long channels = (long) size * paddedChannels(shape);
    return described(new long[] {1, channels, shape.height(), shape.width()}, tag(shape));
  }

  /** An image in blocks of channels as the plain array it is: [image, block, y, x, channel]. */
  memory.desc byImage(int size, Shape shape) {
    return plain(inBlocks(size, shape));
  }

  /** The same values as [block, y, x, image, channel]. */
  memory.desc byPixel(int size, Shape shape) {
    long[] dimensions = inBlocks(size, shape);
    long pixel = dimensions[0] * dimensions[4];
    long row = dimensions[3] * pixel;
    long[] strides = {dimensions[4], dimensions[2] * row, row, pixel, 1};
    return new memory.desc(dimensions, memory.data_type.f32, strides);
  }

  private long[] inBlocks(int size, Shape shape) {
    return new long[] {size, blocks(shape), shape.height(), shape.width(), block(shape)};
  }

  /** Whether blocks are of 16 channels where they can be. */
  boolean isWide() {
    return blocked == format_tag.nChw16c;
  }

  /** Channels that lie side by side in an image of this shape. */
  int block(Shape shape) {
    return tag(shape) == format_tag.nChw16c ? 16 : 8;
  }

  /** Blocks of channels, the last of them perhaps padded. */
  int blocks(Shape shape) {
    int block = block(shape);
    return (shape.channels() + block - 1) / block;
  }

  int paddedChannels(Shape shape) {
    return blocks(shape) * block(shape);
  }

  /** Where half a wide block would hold all channels, the other half would be wasted work. */
  private format_tag tag(Shape shape) {
    return shape.channels() <= 8 ? format_tag.nChw8c : blocked;
  }

  /** In blocks of 8 channels, for which there are kernels on all processors. */
  static memory.desc narrow(int size, Shape shape) {
    return described(dimensions(size, shape), format_tag.nChw8c);
  }

  static long[] dimensions(int size, Shape shape) {
    return new long[] {size, shape.channels(), shape.height(), shape.width()};
  }

  /** Row-major. */
  static memory.desc plain(long... dimensions) {
    return described(
        dimensions,
        switch (dimensions.length) {
          case 1 -> format_tag.a;
          case 2 -> format_tag.ab;
          case 4 -> format_tag.abcd;
          case 5 -> format_tag.abcde;
          default -> throw new IllegalArgumentException(dimensions.length + " dimensions");
        });
  }

  /** A bias row by row, or the empty layout that oneDNN takes for none. */
  static memory.desc bias(boolean present, long... dimensions) {
    return present ? plain(dimensions) : new memory.desc();
  }

  /** Column-major: the transpose of what is stored row-major. */
  static memory.desc columns(long rows, long columns) {
    return described(new long[] {rows, columns}, format_tag.ba);
  }

  /** For oneDNN to choose. */
  static memory.desc any(long... dimensions) {
    return described(dimensions, format_tag.any);
  }

  static memory.desc described(long[] dimensions, format_tag tag) {
    return new memory.desc(dimensions, memory.data_type.f32, tag);
  }
}
