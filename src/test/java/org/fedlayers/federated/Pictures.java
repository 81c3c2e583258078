package org.fedlayers.federated;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.fedlayers.data.Augmentation;
import org.fedlayers.data.DataSet;
import org.fedlayers.data.Images;
import org.fedlayers.data.Randomness;
import org.fedlayers.engine.Executor;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.NetworkBuilder;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;
import org.fedlayers.nn.Shape;

/** Small noisy pictures in four classes of different brightness, and small smooth networks. */
final class Pictures {
  static final int CLASSES = 4;
  static final Randomness RANDOMNESS = new Randomness(11);

  private Pictures() {}

  /** Images in class order: so many of class 0, then of class 1, ... */
  static DataSet data(int each) {
    int size = each * CLASSES;
    Random random = new Random(4);
    byte[] pixels = new byte[size * 3 * 8 * 8];
    int[] labels = new int[size];
    for (int image = 0; image < size; image++) {
      labels[image] = image / each;
      for (int i = image * 192; i < (image + 1) * 192; i++) {
        double wave = 30 * Math.sin((labels[image] + 1) * (i % 8) + i / 64 % 3);
        pixels[i] = (byte) (40 + 45 * labels[image] + wave + random.nextInt(40));
      }
    }
    Images images = new Images(3, 8, 8, CLASSES, pixels, labels);
    List<String> names = IntStream.range(0, CLASSES).mapToObj(c -> "class " + c).toList();
    float[] mean = {0.5f, 0.5f, 0.5f};
    float[] deviation = {0.25f, 0.25f, 0.25f};
    return DataSet.of("pictures", images, images, names, mean, deviation, "full");
  }

  /** Without kinks, so that float and double agree closely. */
  static Network network(Normaliser normaliser) {
    var b = new NetworkBuilder("small", new Shape(3, 8, 8));
    Node x = b.convolution("conv1", b.input(), 4, 3, 1);
    x = b.activate("conv1.tanh", b.normalise("norm1", x, normaliser), Layer.Function.TANH);
    x = b.convolution("conv2", x, 6, 3, 2);
    x = b.activate("conv2.tanh", b.normalise("norm2", x, normaliser), Layer.Function.TANH);
    return b.logits(b.dense("logits", x, CLASSES));
  }

  static ImageProblem problem(
      DataSet data, int[][] split, int batch, Network network, Executor executor) {
    return new ImageProblem(
        data, split, batch, Augmentation.none(), network, executor.models(network), RANDOMNESS);
  }

  /** Images first to end - 1. */
  static int[] range(int first, int end) {
    return IntStream.range(first, end).toArray();
  }
}
