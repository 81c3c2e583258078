package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.experiment.Cell;
import org.fedlayers.experiment.ExperimentReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClaimsPageTest {
  @TempDir Path root;

  private ClaimsTable verdicts(int last) throws IOException {
    return verdicts(root, last);
  }

  /** Registered cells with a third depth, as the laptop grid has, and seeds up to one. */
  static ClaimsTable verdicts(Path root, int last) throws IOException {
    Path rounds = SyntheticResults.write(root).resolve("rounds.csv");
    List<Cell> cells = ExperimentReader.builtIn("divergence/depth", "laptop").cells();
    StringBuilder all = new StringBuilder();
    for (String line : Files.readAllLines(rounds)) {
      String[] fields = line.split(",");
      for (Cell cell : cells) {
        boolean same =
            fields[1].equals(cell.arm().text()) && fields[2].equals(String.valueOf(cell.seed()));
        String net = cell.labels().get("model.name");
        if (same && cell.seed() <= last && net.equals(fields[fields.length - 1])) {
          all.append(line.replace(fields[0] + ",", cell.id() + ",")).append('\n');
        } else if (same && cell.seed() <= last && line.endsWith("20") && net.endsWith("32")) {
          all.append(line.replace(fields[0] + ",", cell.id() + ",").replace("resnet-20", net))
              .append('\n');
        }
      }
    }
    Files.writeString(rounds, SyntheticResults.ROUNDS_HEADER + all);
    return ClaimsTable.of(root.resolve("results"));
  }

  private static String row(String page, String claim) {
    return page.lines()
        .filter(line -> line.startsWith("| [" + claim + "]("))
        .findFirst()
        .orElse("");
  }

  @Test
  void theOverviewShowsWhatIsAskedFirstWithUnitsAndCountsAll() throws IOException {
    String overview = ClaimsPage.overview(verdicts(2));
    assertThat(row(overview, "D2"))
        .contains(
            "| reproduced (laptop) | 5.00 [5.00, 5.00] points per 10 layers | 3 seeds; by an older"
                + " rule inconclusive |");
    assertThat(row(overview, "D7")).as("not run").isEmpty();
    assertThat(row(overview, "B6")).as("no headline").isEmpty();
    assertThat(overview.lines().filter(line -> line.startsWith("| "))).hasSizeLessThan(23);
    assertThat(overview)
        .containsPattern(
            "of .*; central claims that have not run yet: .*D5a, .*D7, .* All claims: .*1 out of scope.*; controls: ");
  }

  @Test
  void oneSeedIsANumberAndNoVerdict() throws IOException {
    ClaimsTable verdicts = verdicts(0);
    assertThat(row(ClaimsPage.overview(verdicts), "D2"))
        .contains(
            "| one seed, no verdict (laptop) | 5.00 points per 10 layers | 1 seed, 2 to come |");
    ClaimsPage.write(root, verdicts);
    assertThat(row(Files.readString(root.resolve("claims.md")), "D2"))
        .startsWith("| [D2](claims/divergence.md#d2) |")
        .contains(
            "| one seed, no verdict (laptop) | 5.00 points per 10 layers | 1 seed, 2 to come |");
  }

  @Test
  void aClaimThatWasFirstAskedAfterItsDataSaysSo() throws IOException {
    ClaimsPage.write(root, verdicts(2));
    String page = Files.readString(root.resolve("claims.md"));
    String late = "; first asked after these data were seen |";
    assertThat(row(page, "D10e")).endsWith(late);
    assertThat(row(page, "D2")).doesNotContain(late);
    assertThat(row(page, "D14")).as("not run").doesNotContain(late);
    String latex = Files.readString(root.resolve("claims.tex"));
    assertThat(latex).contains("D10e & not reproduced (laptop) * & ", "D14 & not run & ");
  }

  @Test
  void equalTablesGiveEqualBytesInBothForms() throws IOException {
    ClaimsPage.write(root, verdicts(2));
    String page = Files.readString(root.resolve("claims.md"));
    String latex = Files.readString(root.resolve("claims.tex"));
    ClaimsPage.write(root, verdicts(2));
    assertThat(root.resolve("claims.md")).hasContent(page);
    assertThat(root.resolve("claims.tex")).hasContent(latex);
    assertThat(page).contains("## FixBN (arXiv 2303.06530)", "[D2]", "reproduced (laptop)");
    assertThat(latex).contains("D2 & reproduced (laptop) * & ").doesNotContain("**");
  }

  @Test
  void aClaimHasASectionWithFiguresAndTheChangesOfItsRule() throws IOException {
    Path results = root.resolve("results");
    ClaimsTable verdicts = verdicts(2);
    Path drawn = results.resolve("laptop/divergence/depth/drift-cost.png");
    Files.writeString(drawn, "a picture");
    ClaimsPage.write(results, verdicts);
    String page = Files.readString(results.resolve("claims/divergence.md"));
    String section = page.substring(page.indexOf("## D2\n"), page.indexOf("## D3a\n"));
    assertThat(section)
        .contains(
            "\n\nClient drift costs more accuracy in deeper nets.\n\n| here | **reproduced (laptop)** |")
        .contains("| effect [95 %] | 5.00 [5.00, 5.00] points per 10 layers |")
        .contains("| how to run it | `environment/fedlayers run divergence/depth --scale laptop` |")
        .contains("(../laptop/divergence/depth/drift-cost.png)](../laptop/divergence/depth)")
        .contains("- 2026-11-26 (data seen: three seeds): one slope a seed. By the rule before: ")
        .doesNotContain("published", "accuracy-depth.png");
    assertThat(page).contains("| how to run it | `environment/fedlayers run divergence/width");
    assertThat(Files.readString(results.resolve("claims/man.md")))
        .contains(
            "## M5b\n",
            "| evidence | tests: ",
            "| published | 21 % (42.0 against 53.4) for FedAvg at Dirichlet 0.6; ");
  }
}
