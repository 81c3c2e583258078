package org.fedlayers.report;

import java.util.List;
import org.knowm.xchart.internal.chartpart.Chart;

/**
 * What a kind of figure made of some rows.
 *
 * @param note how to read it, such as what error bars are; may be empty
 */
record Drawing(List<? extends Chart<?, ?>> charts, String note) {}
