package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.geom.Line2D;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContoursTest {

  @Test
  void theContourOfAConeIsACircle() {
    double[][] cone = new double[21][21];
    for (int x = 0; x < 21; x++) {
      for (int y = 0; y < 21; y++) {
        cone[x][y] = Math.hypot(x - 10, y - 10);
      }
    }
    List<Line2D> pieces = Contours.at(6, cone);
    double length = 0;
    for (Line2D piece : pieces) {
      assertThat(Math.hypot(piece.getX1() - 10, piece.getY1() - 10)).isCloseTo(6, within(0.05));
      assertThat(Math.hypot(piece.getX2() - 10, piece.getY2() - 10)).isCloseTo(6, within(0.05));
      length += piece.getP1().distance(piece.getP2());
    }
    assertThat(length).isCloseTo(2 * Math.PI * 6, within(0.3));
  }

  @Test
  void nothingIsDrawnWhereNothingIsKnown() {
    double[][] values = {{0, 1}, {Double.NaN, Double.NaN}};
    assertThat(Contours.at(5, values)).isEmpty();
    assertThat(Contours.at(0.5, values)).isEmpty();
  }
}
