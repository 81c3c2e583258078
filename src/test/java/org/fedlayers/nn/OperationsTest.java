package org.fedlayers.nn;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Held against numbers added up by hand from the layers' shapes. */
class OperationsTest {
  private static Network network(String name) {
    return Networks.CIFAR_10.named(name);
  }

  @Test
  void ofTheManCnn() {
    long first = 3 * 5 * 5 * 64 * 28 * 28;
    long second = 64 * 5 * 5 * 64 * 10 * 10;
    long dense = 1600 * 384 + 384 * 192 + 192 * 10;
    assertThat(Operations.forward(network("man-cnn"))).isEqualTo(2 * (first + second + dense));
    assertThat(Operations.training(network("man-cnn")))
        .isEqualTo(2 * (2 * first + 3 * (second + dense)));
  }

  @Test
  void ofResNet20() {
    // Every 3x3 convolution of a stage's inner kind takes as much as any other's; the two that
    // halve the image take half, and each comes with a 1x1 projection.
    long stem = 3 * 9 * 16 * 32 * 32;
    long inner = 16 * 9 * 16 * 32 * 32;
    long projections = 16 * 32 * 16 * 16 + 32 * 64 * 8 * 8;
    long rest = 16 * inner + inner + projections + 64 * 10;
    assertThat(Operations.forward(network("resnet-20")))
        .isEqualTo(2 * (stem + rest))
        .isEqualTo(81_626_368);
    assertThat(Operations.training(network("resnet-20"))).isEqualTo(2 * (2 * stem + 3 * rest));
  }
}
