package org.fedlayers.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.claims.ClaimsTable;
import org.fedlayers.options.UserError;
import org.fedlayers.report.ClaimsFigure;
import org.fedlayers.report.ClaimsPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code fedlayers claims}. */
@Command(
    name = "claims",
    description = {
      "Judge every claim from the CSV files of a results folder. Nothing is trained.",
      ""
    },
    footer = {
      "",
      "Writes DIR/claims.csv, .md, .tex, .svg and .png, and DIR/claims/PAPER.md with",
      "a section for each claim; for the standard folder also the README's table."
    })
final class ClaimsCommand extends Subcommand {
  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "results folder (default: results)")
  private Path results;

  @Override
  public Integer call() throws IOException {
    Path folder = results == null ? Home.resolve("results") : results;
    if (!Files.isDirectory(folder)) {
      throw new UserError("there is no results folder " + folder + "; run an experiment first");
    }
    ClaimsTable verdicts = ClaimsTable.of(folder);
    verdicts.write(folder);
    ClaimsPage.write(folder, verdicts);
    ClaimsFigure.draw(folder, verdicts);
    if (results == null) {
      Home.show("claims", ClaimsPage.overview(verdicts));
    }
    out().println(ClaimsPage.counts(verdicts));
    out().println("claims: " + Home.shown(folder.resolve("claims.md")));
    return 0;
  }
}
