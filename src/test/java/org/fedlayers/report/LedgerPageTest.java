package org.fedlayers.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.claims.Claims;
import org.fedlayers.claims.Ledger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerPageTest {
  @TempDir Path root;

  /** With a third depth, as the laptop grid has, and seeds up to one. */
  private Ledger ledger(int last) throws IOException {
    Path rounds = SyntheticResults.write(root).resolve("rounds.csv");
    StringBuilder all = new StringBuilder();
    for (String line : Files.readAllLines(rounds)) {
      String seed = line.split(",")[2];
      if (seed.equals("seed") || Integer.parseInt(seed) <= last) {
        all.append(line).append('\n');
        if (line.endsWith("resnet-20")) {
          all.append(line.replaceFirst("20,", "32,").replace("resnet-20", "resnet-32"))
              .append('\n');
        }
      }
    }
    Files.writeString(rounds, all);
    return Ledger.of(root.resolve("results"));
  }

  private static String row(TextTable table, String claim) {
    return table
        .markdown()
        .lines()
        .filter(line -> line.startsWith("| " + claim + " |"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyClaimHasARowWithItsVerdict() throws IOException {
    TextTable overview = LedgerPage.overview(ledger(2));
    assertThat(overview.rows()).hasSize(Claims.all().size());
    assertThat(row(overview, "D2")).contains("| **reproduced** (laptop) | ", " [", "] | 3 |");
    assertThat(row(overview, "B6")).endsWith("| **reproduced** |  |  |");
    assertThat(row(overview, "B8")).endsWith("| out of scope |  |  |");
  }

  @Test
  void oneSeedIsAFirstFigure() throws IOException {
    TextTable overview = LedgerPage.overview(ledger(0));
    assertThat(row(overview, "D2")).contains("| inconclusive, first figure (laptop) |", " | 1 |");
  }

  @Test
  void equalLedgersGiveEqualBytesInBothForms() throws IOException {
    LedgerPage.write(root, ledger(2));
    String page = Files.readString(root.resolve("claims.md"));
    String latex = Files.readString(root.resolve("claims.tex"));
    LedgerPage.write(root, ledger(2));
    assertThat(root.resolve("claims.md")).hasContent(page);
    assertThat(root.resolve("claims.tex")).hasContent(latex);
    assertThat(page).contains("## FixBN (arXiv 2303.06530)", "| D2 |", "**reproduced** (laptop)");
    assertThat(latex).contains("D2 & reproduced (laptop) & ").doesNotContain("**");
  }
}
