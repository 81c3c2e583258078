package org.fedlayers.report;

import java.nio.file.Path;

/** Draws the test's figures; a class of its own so that a process can start with it. */
final class DrawInOwnProcess {
  private DrawInOwnProcess() {}

  public static void main(String[] arguments) {
    Figures.draw(Path.of(arguments[0]), FiguresTest.all(), Style.WEB);
  }
}
