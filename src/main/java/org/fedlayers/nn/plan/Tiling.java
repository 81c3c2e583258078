package org.fedlayers.nn.plan;

import static org.fedlayers.nn.plan.Winograd.SIDE;
import static org.fedlayers.nn.plan.Winograd.TILE_VALUES;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.fedlayers.nn.Shape;

/**
 * Splits images into the transformed tiles of {@link Winograd}, one band of tiles after the other,
 * and merges them again. What is done to a pixel is done to a row of {@link PixelRows}.
 *
 * <p>Images lie as [block, y, x, image, channel], the transformed tiles of a band as [value, block,
 * tile, image, channel].
 */
final class Tiling {
  /** What else is done to the pixels of an image on the way. */
  @FunctionalInterface
  interface PixelAction {
    PixelAction NONE = (block, row, length) -> {};

    void on(int block, float[] row, int length);
  }

  private final Shape shape;
  private final int blocks;
  private final PixelRows rows;
  private final Bands bands;

  /** Pixels from the upper and left edge of the plane that is tiled to those of the image. */
  private final int padding;

  /** Pixels from one tile to the next. */
  private final int stride;

  private final int overlap;

  /** From the pixels along a side of a tile to transformed values. */
  private final TileTransform forward;

  /** From transformed values to pixels, to which it adds. */
  private final TileTransform backward;

  /** The part of the padded image that a band covers, [y][x]. */
  private final float[][][] pixels;

  /** A line of tiles, transformed along y and not yet along x, [x][along y]. */
  private final float[][][] lines;

  /** One transformed tile, [along y][along x]. */
  private final float[][][] tile = new float[SIDE][][];

  /** What a transform reads or writes along a side of a tile that is not yet transformed. */
  private final float[][] pixelRows;

  private Tiling(
      Shape shape,
      PixelRows rows,
      Bands bands,
      int padding,
      int side,
      int stride,
      TileTransform forward,
      TileTransform backward) {
    this.shape = shape;
    this.rows = rows;
    this.bands = bands;
    this.padding = padding;
    this.stride = stride;
    this.forward = forward;
    this.backward = backward;
    overlap = side - stride;
    blocks = (shape.channels() + rows.block - 1) / rows.block;
    pixelRows = new float[side][];
    pixels = new float[bands.lines() * stride + overlap][][];
    lines = new float[bands.across() * stride + overlap][][];
    int used = fill(tile, 0, SIDE);
    used = fill(lines, used, SIDE);
    fill(pixels, used, lines.length);
  }

  /** Of a convolution's source: overlapping tiles, split forward and merged backward. */
  static Tiling ofSource(Winograd winograd, Shape shape, PixelRows rows, Bands bands, int padding) {
    TileTransform input = TileTransform::input;
    TileTransform back = TileTransform::inputTransposed;
    return new Tiling(shape, rows, bands, padding, SIDE, winograd.outputs(), input, back);
  }

  /** Of its result: tiles side by side, merged forward and split backward. */
  static Tiling ofResult(Winograd winograd, Shape shape, PixelRows rows, Bands bands) {
    int side = winograd.outputs();
    TileTransform back = TileTransform::outputTransposed;
    return new Tiling(shape, rows, bands, 0, side, side, back, TileTransform::output);
  }

  private int fill(float[][][] plane, int used, int width) {
    for (int i = 0; i < plane.length; i++) {
      plane[i] = rows.range(used + i * width, width);
    }
    return used + plane.length * width;
  }

  /** From images to the transformed tiles of a band. */
  void split(int band, FloatBuffer images, FloatBuffer tiles, PixelAction also) {
    for (int block = 0; block < blocks; block++) {
      for (int first = 0; first < rows.batch; first += rows.images) {
        read(images, band, block, first, pixels.length, also);
        for (int line = 0; line < bands.lines(); line++) {
          alongY(line, true, length(first));
          for (int column = 0; column < bands.across(); column++) {
            alongX(column, true, length(first));
            int number = line * bands.across() + column;
            for (int value = 0; value < TILE_VALUES; value++) {
              int at = indexInTiles(value, block, number, first);
              tiles.put(at, tile[value / SIDE][value % SIDE], 0, length(first));
            }
          }
        }
      }
    }
  }

  /** From the transformed tiles of a band to images, adding where tiles overlap; bands in order. */
  void merge(int band, FloatBuffer tiles, FloatBuffer images, PixelAction also) {
    // Pixels that the band before this one has added to already.
    int begun = band == 0 ? 0 : overlap;
    for (int block = 0; block < blocks; block++) {
      for (int first = 0; first < rows.batch; first += rows.images) {
        read(images, band, block, first, begun, PixelAction.NONE);
        for (int line = 0; line < bands.lines(); line++) {
          clear(lines);
          for (int column = 0; column < bands.across(); column++) {
            int number = line * bands.across() + column;
            for (int value = 0; value < TILE_VALUES; value++) {
              int at = indexInTiles(value, block, number, first);
              tiles.get(at, tile[value / SIDE][value % SIDE], 0, length(first));
            }
            alongX(column, false, length(first));
          }
          alongY(line, false, length(first));
        }
        write(images, band, block, first, also);
      }
    }
  }

  private void alongY(int line, boolean split, int length) {
    for (int x = 0; x < lines.length; x++) {
      select(pixels, line * stride, x);
      transform(split, lines[x], length);
    }
  }

  private void alongX(int column, boolean split, int length) {
    for (int i = 0; i < SIDE; i++) {
      select(lines, column * stride, i);
      transform(split, tile[i], length);
    }
  }

  private void select(float[][][] plane, int first, int other) {
    for (int k = 0; k < pixelRows.length; k++) {
      pixelRows[k] = plane[first + k][other];
    }
  }

  /** Between {@link #pixelRows} and the transformed values of one side of a tile. */
  private void transform(boolean split, float[][] transformed, int length) {
    if (split) {
      forward.apply(pixelRows, transformed, length);
    } else {
      backward.apply(transformed, pixelRows, length);
    }
  }

  /** Values in a row that starts with this image. */
  private int length(int first) {
    return Math.min(rows.images, rows.batch - first) * rows.block;
  }

  /** Fills the first so many lines of pixels from the images; all else becomes 0. */
  private void read(
      FloatBuffer images, int band, int block, int first, int height, PixelAction also) {
    for (int y = 0; y < pixels.length; y++) {
      for (int x = 0; x < pixels[y].length; x++) {
        float[] row = pixels[y][x];
        if (y < height && isInImage(band, y, x)) {
          images.get(indexInImages(band, block, y, x, first), row, 0, length(first));
          also.on(block, row, length(first));
        } else {
          Arrays.fill(row, 0);
        }
      }
    }
  }

  private void write(FloatBuffer images, int band, int block, int first, PixelAction also) {
    for (int y = 0; y < pixels.length; y++) {
      for (int x = 0; x < pixels[y].length; x++) {
        if (isInImage(band, y, x)) {
          float[] row = pixels[y][x];
          also.on(block, row, length(first));
          images.put(indexInImages(band, block, y, x, first), row, 0, length(first));
        }
      }
    }
  }

  private boolean isInImage(int band, int y, int x) {
    int line = lineOfImage(band, y);
    int column = x - padding;
    return line >= 0 && line < shape.height() && column >= 0 && column < shape.width();
  }

  private int lineOfImage(int band, int y) {
    return band * bands.lines() * stride + y - padding;
  }

  private int indexInImages(int band, int block, int y, int x, int image) {
    int pixel = (block * shape.height() + lineOfImage(band, y)) * shape.width() + x - padding;
    return (pixel * rows.batch + image) * rows.block;
  }

  private int indexInTiles(int value, int block, int number, int image) {
    int row = (value * blocks + block) * bands.tiles() + number;
    return (row * rows.batch + image) * rows.block;
  }

  private static void clear(float[][][] plane) {
    for (float[][] rows : plane) {
      for (float[] row : rows) {
        Arrays.fill(row, 0);
      }
    }
  }
}
