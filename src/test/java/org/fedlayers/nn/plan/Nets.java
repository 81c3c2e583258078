package org.fedlayers.nn.plan;

import java.util.List;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;

/** Small networks that together hold every kind of layer in awkward sizes. */
final class Nets {
  private Nets() {}

  static List<Network> all() {
    return List.of(
        plain(),
        winograd(),
        vectors(),
        odd(),
        residual(Normaliser.BATCH),
        residual(Normaliser.HYBRID),
        residual(Normaliser.group(2)),
        residual(Normaliser.LAYER),
        residual(Normaliser.INSTANCE));
  }

  /** Convolution, ReLU, max-pool, twice; then dense layers over an image. */
  static Network plain() {
    var b = new NetworkBuilder("plain", new Shape(3, 14, 14));
    var first = new Layer.Convolution(8, 5, 1, 0, 1, true);
    Node x = b.maxPool("pool1", b.relu("relu1", b.convolution("conv1", b.input(), first)), 2, 2, 0);
    x = b.relu("relu2", b.convolution("conv2", x, 20, 3, 1));
    x = b.maxPool("pool2", x, 3, 2, 1);
    x = b.relu("relu3", b.dense("dense1", x, 24));
    return b.logits(b.dense("logits", x, 5));
  }

  /** Convolutions with channels enough for Winograd's algorithm, in several bands of tiles. */
  static Network winograd() {
    var b = new NetworkBuilder("winograd", new Shape(3, 17, 14));
    Node x = b.relu("relu1", b.convolution("conv1", b.input(), 32, 3, 1));
    var second = new Layer.Convolution(40, 5, 1, 1, 1, true);
    Node y = b.maxPool("pool", b.relu("relu2", b.convolution("conv2", x, second)), 2, 1, 0);
    var third = new Layer.Convolution(32, 5, 1, 2, 1, false);
    Node z = b.normalise("norm", b.convolution("conv3", y, third), Normaliser.BATCH);
    z = b.relu("relu3", b.convolution("conv4", b.relu("relu4", z), 32, 3, 1));
    return b.logits(b.dense("logits", b.globalAverage("average", z), 4));
  }

  /** No image anywhere, activations apart, a normaliser over vectors and over the input. */
  static Network vectors() {
    var b = new NetworkBuilder("vectors", Shape.vector(7));
    Node x = b.normalise("input.norm", b.input(), Normaliser.BATCH);
    Node y = b.activate("tanh", b.dense("dense1", x, 9), Layer.Function.TANH);
    Node z = b.relu("relu", y);
    Node sum = b.add("sum", y, b.normalise("norm", z, Normaliser.BATCH));
    return b.logits(b.dense("logits", sum, 3));
  }

  /** Channels that fill no block, dilation, strides that leave a rest, an image of one pixel. */
  static Network odd() {
    var b = new NetworkBuilder("odd", new Shape(2, 13, 11));
    Node x = b.activate("input.tanh", b.input(), Layer.Function.TANH);
    x = b.convolution("conv1", x, new Layer.Convolution(5, 3, 2, 2, 2, false));
    Node y = b.activate("tanh", x, Layer.Function.TANH);
    x = b.relu("relu", b.normalise("norm1", x, Normaliser.BATCH));
    x = b.relu("sum.relu", b.add("sum", x, y));
    x = b.maxPool("pool", x, 2, 2, 1);
    x = b.convolution("conv2", x, new Layer.Convolution(17, 4, 1, 0, 1, true));
    x = b.convolution("conv3", x, new Layer.Convolution(3, 1, 1, 0, 1, true));
    return b.logits(b.globalAverage("logits", x));
  }

  /** Two residual blocks, one with a projection. */
  static Network residual(Normaliser normaliser) {
    var b = new NetworkBuilder("residual-" + normaliser.kind(), new Shape(3, 12, 12));
    Node x = b.convolution("stem", b.input(), 8, 3, 1);
    x = b.relu("stem.relu", b.normalise("stem.norm", x, normaliser));
    x = block(b, "block1", x, 8, 1, normaliser);
    x = block(b, "block2", x, 16, 2, normaliser);
    return b.logits(b.dense("logits", b.globalAverage("average", x), 4));
  }

  private static Node block(
      NetworkBuilder b, String name, Node from, int channels, int stride, Normaliser normaliser) {
    Node x = b.convolution(name + ".conv1", from, channels, 3, stride);
    x = b.relu(name + ".relu1", b.normalise(name + ".norm1", x, normaliser));
    x = b.convolution(name + ".conv2", x, channels, 3, 1);
    x = b.normalise(name + ".norm2", x, normaliser);
    Node skip = from;
    if (stride > 1) {
      skip = b.convolution(name + ".skip", from, channels, 1, stride);
      skip = b.normalise(name + ".skip.norm", skip, normaliser);
    }
    return b.relu(name + ".relu2", b.add(name + ".sum", x, skip));
  }
}
