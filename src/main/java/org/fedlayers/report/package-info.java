/**
 * Results as tables and figures, drawn from CSV files alone. {@link org.fedlayers.report.Tables}
 * writes tables as Markdown, LaTeX and HTML; {@link org.fedlayers.report.Figures} draws what an
 * experiment's {@code figures} entries ask for, and is what notebooks call. XChart draws the axes
 * and the data; this room chooses fonts, colours, units and titles, and sets several charts side by
 * side on one {@link org.fedlayers.report.Sheet}.
 */
package org.fedlayers.report;
