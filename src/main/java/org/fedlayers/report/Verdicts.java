package org.fedlayers.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.fedlayers.data.Spelling;
import org.fedlayers.data.UserError;
import org.fedlayers.experiment.Catalogue;
import org.fedlayers.experiment.ExperimentReader;
import org.fedlayers.experiment.ResultsHome;
import org.fedlayers.results.Interval;
import org.fedlayers.results.ResultsFiles;
import tech.tablesaw.api.Row;
import tech.tablesaw.api.Table;

/**
 * The ledger of claims as a page shows it: one paper's rows of the checked-in {@code claims.csv}.
 */
public final class Verdicts {
  private static final List<String> HEADER =
      List.of(
          "Claim",
          "Statement",
          "Verdict",
          "Effect [95 %]",
          "Seeds",
          "Scale",
          "What the effect is",
          "Evidence");

  private Verdicts() {}

  /**
   * One row a claim. Evidence are the experiments that speak to it, run or not.
   *
   * @param paper {@code divergence}, {@code fixbn}, {@code man} or {@code together}
   * @throws UserError if the ledger has no such paper
   */
  public static TextTable of(String paper) {
    return of(ResultsHome.of("claims.csv"), paper);
  }

  static TextTable of(Path ledger, String paper) {
    Table claims = ResultsFiles.load(ledger);
    List<String> papers = claims.stringColumn("paper").unique().asList();
    if (!papers.contains(paper)) {
      throw new UserError("no paper '" + paper + "'" + Spelling.hint(paper, papers));
    }
    List<List<String>> rows = new ArrayList<>();
    claims.stream()
        .filter(row -> row.getString("paper").equals(paper))
        .map(Verdicts::row)
        .forEach(rows::add);
    return new TextTable("", HEADER, rows);
  }

  private static List<String> row(Row claim) {
    boolean judged = !claim.isMissing("scale");
    return List.of(
        claim.getString("claim"),
        claim.getString("statement"),
        claim.getString("verdict"),
        LedgerPage.effect(interval(claim)),
        judged ? String.valueOf(claim.getLong("seeds")) : "",
        judged ? claim.getString("scale") : "",
        claim.getString("measure"),
        evidence(claim));
  }

  private static Interval interval(Row claim) {
    return new Interval(
        number(claim, "effect"),
        number(claim, "low"),
        number(claim, "high"),
        (int) claim.getLong("seeds"));
  }

  private static double number(Row claim, String column) {
    return claim.isMissing(column) ? Double.NaN : claim.getDouble(column);
  }

  private static String evidence(Row claim) {
    String experiments =
        Catalogue.find(claim.getString("paper")).stream()
            .map(source -> ExperimentReader.read(source, "laptop", List.of(), List.of()))
            .filter(experiment -> experiment.claims().contains(claim.getString("claim")))
            .map(experiment -> experiment.path())
            .collect(Collectors.joining(", "));
    return experiments.isEmpty() ? claim.getString("evidence") : experiments;
  }
}
