package org.fedlayers.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;

/** One row of a table: values by column, in order. */
record Row(Map<String, String> values) {
  Row() {
    this(new LinkedHashMap<>());
  }

  Row put(String column, Object value) {
    values.put(column, String.valueOf(value));
    return this;
  }

  /** A number of so many decimals; empty where it is none. */
  Row put(String column, double value, int decimals) {
    String format = "%." + decimals + "f";
    return put(column, Double.isFinite(value) ? String.format(Locale.ROOT, format, value) : "");
  }

  /** The median of measurements, the least and the greatest; empty for none. */
  Row putRange(String column, double[] measured, int decimals) {
    return put(column, Turns.median(measured), decimals)
        .put(column + "_low", StatUtils.min(measured), decimals)
        .put(column + "_high", StatUtils.max(measured), decimals);
  }
}
