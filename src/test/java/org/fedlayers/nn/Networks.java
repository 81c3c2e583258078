package org.fedlayers.nn;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Networks for images of one shape, with the same options.
 *
 * @param options values by option, as a configuration spells them
 */
public record Networks(Shape input, int classes, Map<String, ?> options) {
  public static final Networks CIFAR_10 = of(new Shape(3, 32, 32), 10);

  public static Networks of(Shape input, int classes) {
    return new Networks(input, classes, Map.of());
  }

  public Networks with(String option, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(options);
    more.put(option, value);
    return new Networks(input, classes, more);
  }

  /** With this part of the channels and units, if an architecture has such. */
  public Networks thin(String architecture, double width) {
    return takes(architecture, "width") ? with("width", width) : this;
  }

  public static boolean takes(String architecture, String option) {
    return Architectures.named(architecture).options().has(option);
  }

  public Network named(String architecture) {
    return Architectures.build(architecture, options, input, classes);
  }
}
