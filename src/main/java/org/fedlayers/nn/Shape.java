package org.fedlayers.nn;

/**
 * The shape of one sample's activation.
 *
 * @param channels feature maps, or units of a vector
 * @param height rows in pixels, 1 for a vector
 * @param width columns in pixels, 1 for a vector
 */
public record Shape(int channels, int height, int width) {

  public Shape {
    if (channels < 1 || height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a shape needs positive sides, not " + channels + "x" + height + "x" + width);
    }
  }

  public static Shape vector(int units) {
    return new Shape(units, 1, 1);
  }

  /** Values of one sample. */
  public int size() {
    return channels * pixels();
  }

  /** Of each channel. */
  public int pixels() {
    return height * width;
  }

  /** Whether it is that of a vector, or of an image of one pixel. */
  public boolean isVector() {
    return pixels() == 1;
  }

  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
