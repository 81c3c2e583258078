package org.fedlayers.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Values of result files as a reader of figures and tables knows them. */
final class Names {
  private static final Map<String, String> KNOWN =
      Map.ofEntries(
          Map.entry("federated", "Federated"),
          Map.entry("central-small", "Central, small batch"),
          Map.entry("central-large", "Central, large batch"),
          Map.entry("cohort", "average of the cohort"),
          Map.entry("all", "average of all clients"),
          Map.entry("drawn", "drawn images"),
          Map.entry("cifar-10", "CIFAR-10"),
          Map.entry("cifar-100", "CIFAR-100"),
          Map.entry("tiny-imagenet-200", "Tiny-ImageNet"),
          Map.entry("iid", "IID"),
          Map.entry("equal-dirichlet", "Dirichlet"),
          Map.entry("class-dirichlet", "Dirichlet by class"),
          Map.entry("bn", "BN"),
          Map.entry("gn", "GN"),
          Map.entry("ln", "LN"),
          Map.entry("in", "IN"),
          Map.entry("hbn", "HBN"),
          Map.entry("fixbn", "FixBN"),
          Map.entry("fedbn", "FedBN"),
          Map.entry("none", "none"),
          Map.entry("fedavg", "FedAvg"),
          Map.entry("fedprox", "FedProx"),
          Map.entry("scaffold", "SCAFFOLD"),
          Map.entry("feddyn", "FedDyn"),
          Map.entry("feddc", "FedDC"),
          Map.entry("fedsam", "FedSAM"),
          Map.entry("fedasam", "FedASAM"),
          Map.entry("fedspeed", "FedSpeed"),
          Map.entry("fedcm", "FedCM"),
          Map.entry("mofedsam", "MoFedSAM"),
          Map.entry("fedavgm", "FedAvgM"),
          Map.entry("fedntd", "FedNTD"),
          Map.entry("man", "MAN"),
          Map.entry("man-cnn", "MAN CNN"),
          Map.entry("mcmahan-cnn", "McMahan CNN"));

  private Names() {}

  /**
   * A value on its own: {@code resnet-20} is ResNet-20, {@code feddyn alpha=0.01} FedDyn alpha
   * 0.01.
   */
  static String of(String value) {
    if (value.contains("+")) {
      return Arrays.stream(value.split("\\+")).map(Names::of).collect(Collectors.joining(" + "));
    }
    if (value.matches("classes-per-client classes=\\d+")) {
      return value.replaceFirst(".*=", "") + " classes a client";
    }
    if (value.contains(" ")) {
      return Arrays.stream(value.split(" "))
          .map(word -> of(word).replace('=', ' '))
          .collect(Collectors.joining(" "));
    }
    String known = KNOWN.get(value.toLowerCase(Locale.ROOT));
    return known != null ? known : value.replace("resnet-", "ResNet-").replace("cnn", "CNN");
  }

  /** A value beside others: numbers and switches say what they are, {@code width 0.5}. */
  static String of(String column, String value) {
    if (value.matches("-?[0-9.]+([eE]-?[0-9]+)?|true|false")) {
      String name = column.substring(column.lastIndexOf('.') + 1);
      return KNOWN.getOrDefault(name, name.replace('_', ' ')) + " " + value;
    }
    return of(value);
  }
}
