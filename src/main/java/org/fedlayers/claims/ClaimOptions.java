package org.fedlayers.claims;

import java.util.List;
import java.util.Map;
import org.fedlayers.options.Located;
import org.fedlayers.options.Option;

/** The options of a claim in a file, or of a part of it, or of either at one scale. */
record ClaimOptions(
    @Option("the claim in our words") String statement,
    @Option("what is measured, and in which unit") String measured,
    @Option("the number that was published") String published,
    @Option(value = "whether readers ask for it first", standard = "false") boolean headline,
    @Option("when the rule was fixed, and which data had been seen") Located log,
    @Option("later changes of the rule") Located changes,
    @Option("options that differ, by scale") Located scales,
    @Option("whose cells decide, such as divergence/depth") String experiment,
    @Option(value = "the table", standard = "rounds") String from,
    @Option(value = "the scored model", range = "cohort|all", standard = "cohort") String average,
    @Option("wanted values of columns and of axes") Map<String, String> where,
    @Option(value = "the column", standard = "accuracy") String y,
    @Option("other columns to report besides it") List<String> also,
    @Option(value = "how a run becomes one number", standard = "last10") String over,
    @Option(value = "layers left out at either end", range = "[0, 1000]", standard = "0") int skip,
    @Option("axes that are columns of the table, by their names") Map<String, String> along,
    @Option("a value, or the run whose end has to be reached: rounds count") Located target,
    @Option("steps to the effect, one after the other") Located contrast,
    @Option("the only cells that count") List<Map<String, String>> cells,
    @Option("cells that do not count") List<Map<String, String>> except,
    @Option(
            value = "axes along which cells differ and share no standard deviation",
            standard = "[partition, layer, model.normaliser]")
        List<String> apart,
    @Option("steps to what has to reach the margin, or there is nothing to test") Located premise,
    @Option(value = "what has to hold", standard = "superior") Decision.Kind decided,
    @Option(value = "the least that matters", range = "[0, 1e6]", standard = "0") double margin,
    @Option("of the effect and the margin") String unit,
    @Option(value = "the size that was claimed", range = "[0, 1e6]", standard = "0") double claimed,
    @Option("the comparison of steps' times that decides") String bench,
    @Option("of a comparison: the effect is what the plain step saves") String savedBy,
    @Option("what else there is to say of a comparison") String besides,
    @Option(value = "whether it is a ranking, which decides nothing", standard = "false")
        boolean described,
    @Option("tests that hold it") List<String> tests,
    @Option("why nothing here can decide it") String outOfScope) {}
