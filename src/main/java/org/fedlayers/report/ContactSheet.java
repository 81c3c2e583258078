package org.fedlayers.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Images;

/** Some training images of every class, one class a row, for a look at what is to be learned. */
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
    int cellWidth = zoom * images.width() + GAP;
    int cellHeight = zoom * images.height() + GAP;
    Lettering[] names = new Lettering[classes];
    double widest = 0;
    for (int label = 0; label < classes; label++) {
      names[label] = new Lettering(data.classNames().get(label), TEXT, Double.MAX_VALUE);
      widest = Math.max(widest, names[label].width());
    }
    int left = (int) Math.ceil(widest + TEXT);
    BufferedImage sheet =
        new BufferedImage(
            left + each * cellWidth, classes * cellHeight, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = sheet.createGraphics();
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int label = 0; label < classes; label++) {
      int top = label * cellHeight;
      names[label].paint(g, 0, top + (cellHeight - names[label].height()) / 2, Palette.INK);
    }
    int[] shown = new int[images.classes()];
    for (int i = 0; i < images.size(); i++) {
      int label = images.labels()[i];
      if (label < classes && shown[label] < each) {
        int x = left + shown[label]++ * cellWidth;
        g.drawImage(
            picture(images, i), x, label * cellHeight, cellWidth - GAP, cellHeight - GAP, null);
      }
    }
    g.dispose();
    return sheet;
  }

  private static BufferedImage picture(Images images, int index) {
    int plane = images.height() * images.width();
    int start = index * images.imageSize();
    BufferedImage picture =
        new BufferedImage(images.width(), images.height(), BufferedImage.TYPE_INT_RGB);
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
