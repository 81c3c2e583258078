package org.fedlayers.data;

import java.nio.file.Path;

/** An image set that can be had by name; what is in it is known before it is read. */
public interface ImageSet {

  /**
   * What the whole set holds.
   *
   * @param channels of an image
   * @param height of an image in pixels
   * @param width of an image in pixels
   * @param classes at least 2
   * @param trainImages training images
   */
  record Facts(int channels, int height, int width, int classes, int trainImages) {}

  Facts facts();

  /**
   * Reads the set and verifies all of it.
   *
   * @param home the data directory, see {@link DataHome}
   * @throws org.fedlayers.options.UserError if it is missing, incomplete or damaged
   */
  DataSet load(Path home);
}
