package org.fedlayers.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.fedlayers.experiment.Json;
import org.fedlayers.nn.Layer;
import org.fedlayers.nn.Network;
import org.fedlayers.nn.Node;
import org.fedlayers.nn.Normaliser;

/** What PyTorch's side is asked, as lines of JSON: a network is a list of nodes. */
final class NetworkJson {
  private NetworkJson() {}

  /** To build a network and find its faster layout. */
  static String request(Workload workload, boolean onCard, Clock clock, double seconds) {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("nodes", nodes(workload.network()));
    request.put("batch", workload.batch());
    request.put("rate", TrainingRun.RATE);
    request.put("clip", TrainingRun.CLIP);
    request.put("weight_decay", TrainingRun.WEIGHT_DECAY);
    request.put("clock", clock.toString());
    request.put("device", onCard ? "cuda" : "cpu");
    request.put("seconds", seconds);
    return Json.line(request);
  }

  /** To train for a while. */
  static String request(double seconds) {
    return Json.line(Map.of("seconds", seconds));
  }

  private static List<Map<String, Object>> nodes(Network network) {
    List<Map<String, Object>> nodes = new ArrayList<>();
    for (Node node : network.nodes()) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("inputs", node.inputs());
      fields.put(
          "shape", List.of(node.shape().channels(), node.shape().height(), node.shape().width()));
      describe(node.layer(), fields);
      nodes.add(fields);
    }
    return nodes;
  }

  private static void describe(Layer layer, Map<String, Object> fields) {
    fields.put("layer", layer.getClass().getSimpleName().toLowerCase(Locale.ROOT));
    if (layer instanceof Layer.Convolution convolution) {
      fields.put("kernel", convolution.kernel());
      fields.put("stride", convolution.stride());
      fields.put("padding", convolution.padding());
      fields.put("dilation", convolution.dilation());
      fields.put("bias", convolution.bias());
    } else if (layer instanceof Layer.Dense dense) {
      fields.put("bias", dense.bias());
    } else if (layer instanceof Layer.MaxPool pool) {
      fields.put("kernel", pool.kernel());
      fields.put("stride", pool.stride());
      fields.put("padding", pool.padding());
    } else if (layer instanceof Layer.Normalise normalise) {
      fields.put("groups", groups(normalise.normaliser()));
    } else if (layer instanceof Layer.Activate activate) {
      fields.put("function", activate.function().name().toLowerCase(Locale.ROOT));
    }
  }

  /** 0 for batch normalisation, the only other kind that PyTorch is asked for. */
  private static int groups(Normaliser normaliser) {
    return switch (normaliser.kind()) {
      case BATCH -> 0;
      case GROUP -> normaliser.groups();
      default -> throw new IllegalArgumentException(normaliser + " is not compared");
    };
  }
}
