package org.fedlayers.bench;

import java.util.List;
import org.fedlayers.nn.ArchitectureOption;
import org.fedlayers.nn.ArchitectureOptions;
import org.fedlayers.nn.Architectures;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Normalisers;
import org.fedlayers.nn.Shape;

/**
 * A network for ten classes of 32x32 colour images, and the size of its mini-batches.
 *
 * @param net name of the architecture
 */
record Workload(String net, Network network, int batch) {
  static final List<String> STANDARD =
      List.of("man-cnn", "mcmahan-cnn", "resnet-8", "resnet-20", "resnet-18");
  private static final ArchitectureOptions OPTIONS =
      ArchitectureOptions.of(new Shape(3, 32, 32), 10);

  /** Batches of 50, of 32 for ResNet-18: the sizes at which these nets have been compared. */
  static Workload named(String net) {
    int batch = net.equals("resnet-18") ? 32 : 50;
    return new Workload(net, Architectures.named(net).build(OPTIONS), batch);
  }

  Workload withNormaliser(String name) {
    var options = OPTIONS.with(ArchitectureOption.NORMALISER, Normalisers.parse(name));
    return new Workload(net, Architectures.named(net).build(options), batch);
  }

  Workload withBatch(int size) {
    return new Workload(net, network, size);
  }
}
