package org.fedlayers.nn.plan;

import static org.fedlayers.nn.plan.Winograd.POINTS;
import static org.fedlayers.nn.plan.Winograd.SIDE;

import java.nio.FloatBuffer;
import java.util.Arrays;
import org.fedlayers.nn.Shape;

/**
 * Cuts images into the tiles of {@link Winograd}, one band of tiles after the other, and joins them
 * again. What is done to a pixel is done to a row of {@link PixelRows}.
 *
 * <p>Images lie as [block, y, x, image, channel], the points of a band as [point, block, tile,
 * image, channel].
 */
final class Tiling {
  private final Shape shape;
  private final int blocks;
  private final int batch;
  private final PixelRows rows;
  private final Bands bands;
  private final int margin;
  private final int pitch;
  private final int overlap;

  /** The part of the plane that a band covers, [y][x]. */
  private final float[][][] pixels;

  /** Points of a line of tiles along y, pixels along x. */
  private final float[][][] lines;

  /** Points of one tile, [along y][along x]. */
  private final float[][][] points = new float[SIDE][][];

  /** What a transform reads and writes. */
  private final float[][] pixelRows;

  private final float[][] pointRows = new float[SIDE][];

  /**
   * @param shape of an image
   * @param blocks of channels
   * @param batch images
   * @param margin pixels from the upper and left edge of the plane that is tiled to the image's
   * @param side pixels along a side of a tile
   * @param pitch pixels from one tile to the next
   */
  Tiling(
      Shape shape,
      int blocks,
      int batch,
      PixelRows rows,
      Bands bands,
      int margin,
      int side,
      int pitch) {
    this.shape = shape;
    this.blocks = blocks;
    this.batch = batch;
    this.rows = rows;
    this.bands = bands;
    this.margin = margin;
    this.pitch = pitch;
    this.overlap = side - pitch;
    pixelRows = new float[side][];
    lines = new float[SIDE][][];
    pixels = new float[bands.lines() * pitch + overlap][][];
    int width = bands.across() * pitch + overlap;
    int used = 0;
    for (int i = 0; i < SIDE; i++, used += SIDE) {
      points[i] = rows.range(used, SIDE);
    }
    for (int i = 0; i < SIDE; i++, used += width) {
      lines[i] = rows.range(used, width);
    }
    for (int y = 0; y < pixels.length; y++, used += width) {
      pixels[y] = rows.range(used, width);
    }
  }

  /** What else is done to the pixels of an image on the way. */
  @FunctionalInterface
  interface PixelAction {
    PixelAction NONE = (block, row, length) -> {};

    void on(int block, float[] row, int length);
  }

  /**
   * From images to the points of a band.
   *
   * @param transform from the pixels along a side of a tile to points
   */
  void cut(
      int band, FloatBuffer images, LineTransform transform, FloatBuffer target, PixelAction also) {
    for (int block = 0; block < blocks; block++) {
      for (int first = 0; first < batch; first += rows.images()) {
        read(images, band, block, first, pixels.length, also);
        for (int line = 0; line < bands.lines(); line++) {
          line(line, transform, true, length(first));
          for (int column = 0; column < bands.across(); column++) {
            tile(column, transform, true, length(first));
            int tile = line * bands.across() + column;
            for (int point = 0; point < POINTS; point++) {
              target.put(placeOfPoint(point, block, tile, first), row(point), 0, length(first));
            }
          }
        }
      }
    }
  }

  /** Between the pixels of a line of tiles and its points along y, the one way or the other. */
  private void line(int line, LineTransform transform, boolean cut, int length) {
    for (int x = 0; x < lines[0].length; x++) {
      select(pixels, line * pitch, x, pixelRows);
      select(lines, 0, x, pointRows);
      transform.apply(cut ? pixelRows : pointRows, cut ? pointRows : pixelRows, length);
    }
  }

  /** Between the points of a line along y and those of one of its tiles. */
  private void tile(int column, LineTransform transform, boolean cut, int length) {
    for (int i = 0; i < SIDE; i++) {
      System.arraycopy(lines[i], column * pitch, pixelRows, 0, pixelRows.length);
      transform.apply(cut ? pixelRows : points[i], cut ? points[i] : pixelRows, length);
    }
  }

  /**
   * From the points of a band to images, adding up where tiles overlap. Bands come in order.
   *
   * @param transform from points to the pixels along a side of a tile; adds
   */
  void join(
      int band, FloatBuffer source, LineTransform transform, FloatBuffer images, PixelAction also) {
    // What the bands before this one left where they overlap it.
    int begun = band == 0 ? 0 : overlap;
    for (int block = 0; block < blocks; block++) {
      for (int first = 0; first < batch; first += rows.images()) {
        read(images, band, block, first, begun, PixelAction.NONE);
        for (int line = 0; line < bands.lines(); line++) {
          clear(lines);
          for (int column = 0; column < bands.across(); column++) {
            int tile = line * bands.across() + column;
            for (int point = 0; point < POINTS; point++) {
              source.get(placeOfPoint(point, block, tile, first), row(point), 0, length(first));
            }
            tile(column, transform, false, length(first));
          }
          line(line, transform, false, length(first));
        }
        write(images, band, block, first, also);
      }
    }
  }

  private float[] row(int point) {
    return points[point / SIDE][point % SIDE];
  }

  /** Values in a row that starts with this image. */
  private int length(int first) {
    return Math.min(rows.images(), batch - first) * rows.block();
  }

  /** Fills the first so many lines of pixels from the images; all else becomes 0. */
  private void read(
      FloatBuffer images, int band, int block, int first, int height, PixelAction also) {
    for (int y = 0; y < pixels.length; y++) {
      for (int x = 0; x < pixels[y].length; x++) {
        float[] row = pixels[y][x];
        if (y < height && isInImage(band, y, x)) {
          images.get(placeOfPixel(band, block, y, x, first), row, 0, length(first));
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
          images.put(placeOfPixel(band, block, y, x, first), row, 0, length(first));
        }
      }
    }
  }

  private boolean isInImage(int band, int y, int x) {
    int line = lineOfImage(band, y);
    int column = x - margin;
    return line >= 0 && line < shape.height() && column >= 0 && column < shape.width();
  }

  private int lineOfImage(int band, int y) {
    return band * bands.lines() * pitch + y - margin;
  }

  private int placeOfPixel(int band, int block, int y, int x, int image) {
    int pixel = (block * shape.height() + lineOfImage(band, y)) * shape.width() + x - margin;
    return (pixel * batch + image) * rows.block();
  }

  private int placeOfPoint(int point, int block, int tile, int image) {
    int row = (point * blocks + block) * bands.tiles() + tile;
    return (row * batch + image) * rows.block();
  }

  private static void select(float[][][] plane, int first, int x, float[][] rows) {
    for (int k = 0; k < rows.length; k++) {
      rows[k] = plane[first + k][x];
    }
  }

  private static void clear(float[][][] plane) {
    for (float[][] rows : plane) {
      for (float[] row : rows) {
        Arrays.fill(row, 0);
      }
    }
  }
}
