/**
 * Results as tables and figures, drawn from CSV files alone. {@link org.fedlayers.report.TextTable}
 * writes tables as Markdown, LaTeX and HTML; {@link org.fedlayers.report.Figures} draws what an
 * experiment's {@code figures} entries ask for, and is what notebooks call. {@code Estimates} are
 * the numbers of every kind of figure; a {@code Plot} is a kind of figure; a {@code Sheet} sets its
 * panels on a {@code Page}, which a {@code Pen} draws as pixels or as SVG with searchable text.
 */
package org.fedlayers.report;
