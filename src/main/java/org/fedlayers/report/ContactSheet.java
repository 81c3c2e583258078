package org.fedlayers.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Images;

/** Some training images of every class, one row for each class, to see what is to be learned. */
public final class ContactSheet {
  private static final int GAP = 4;
  private static final double TEXT = 20;
  private static final int LARGE = 64;

  private ContactSheet() {}

  /**
   * @param data the set; the first {@code classes} of its classes are shown
   * @param classes how many rows
   * @param each images a class, the first ones of the training set
   */
  public static BufferedImage of(DataSet data, int classes, int each) {
    Images images = data.train();
    int zoom = Math.max(1, LARGE / images.width());
    int width = zoom * images.width();
    int height = zoom * images.height();
    List<String> names = data.classNames().subList(0, classes);
    double widest = Pen.widest(names, TEXT);
    int left = (int) Math.ceil(widest + TEXT);
    BufferedImage sheet =
        new BufferedImage(
            left + each * (width + GAP), classes * (height + GAP), BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    Pen pen = new Pen(g, true);
    pen.colour(Color.WHITE).box(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int label = 0; label < classes; label++) {
      double base = label * (height + GAP) + (height + 0.7 * TEXT) / 2;
      pen.colour(Palette.INK).text(names.get(label), 0, base, TEXT, Pen.START);
    }
    int[] shown = new int[images.classes()];
    for (int i = 0; i < images.size(); i++) {
      int label = images.labels()[i];
      if (label < classes && shown[label] < each) {
        int x = left + shown[label]++ * (width + GAP);
        g.drawImage(picture(images, i), x, label * (height + GAP), width, height, null);
      }
    }
    return sheet;
  }

  private static BufferedImage picture(Images images, int index) {
    int plane = images.height() * images.width();
    int start = index * images.imageSize();
    var picture = new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_INT_RGB);
    for (int pixel = 0; pixel < plane; pixel++) {
      int rgb = 0;
      for (int channel = 0; channel < 3; channel++) {
        int from = start + Math.min(channel, images.channels() - 1) * plane + pixel;
        rgb = rgb << 8 | images.pixels()[from] & 255;
      }
      picture.setRGB(pixel % images.width(), pixel / images.width(), rgb);
    }
    return picture;
  }
}
