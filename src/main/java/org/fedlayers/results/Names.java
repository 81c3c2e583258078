package org.fedlayers.results;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.stream.Collectors;

/** Values of result files as a reader of figures and tables knows them. */
public final class Names {
  private static final Map<String, String> KNOWN = words("names");

  private Names() {}

  /** The names in figures and tables of words in results files, from {@code file.properties}. */
  public static Map<String, String> words(String file) {
    // Not as a class: on a file system without upper case, "names" is this one.
    var properties = ResourceBundle.Control.getControl(ResourceBundle.Control.FORMAT_PROPERTIES);
    String name = "org.fedlayers.results." + file;
    ResourceBundle words = ResourceBundle.getBundle(name, Locale.ROOT, properties);
    return words.keySet().stream().collect(Collectors.toMap(key -> key, words::getString));
  }

  /** Whether a value is of a name, with its options or without: {@code feddyn alpha=0.01} is. */
  public static boolean isCalled(String value, String name) {
    return value.equals(name) || value.startsWith(name + " ");
  }

  /**
   * A value on its own: {@code resnet-20} is ResNet-20, {@code feddyn alpha=0.01} FedDyn alpha
   * 0.01.
   */
  public static String of(String value) {
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
  public static String of(String column, String value) {
    if (value.matches("-?[0-9.]+([eE]-?[0-9]+)?|true|false")) {
      String name = column.substring(column.lastIndexOf('.') + 1);
      return KNOWN.getOrDefault(name, name.replace('_', ' ')) + " " + value;
    }
    return of(value);
  }
}
