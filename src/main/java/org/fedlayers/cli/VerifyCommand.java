package org.fedlayers.cli;

import java.nio.file.Path;
import org.fedlayers.data.DataHome;
import org.fedlayers.engine.Executor;
import org.fedlayers.sweep.LogProgress;
import org.fedlayers.sweep.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fedlayers verify}. */
@Command(
    name = "verify",
    description = {
      "Run one cell again from its provenance and compare it with the rows that stand there:"
          + " equal bytes where instruction set, Java, executor and arithmetic agree, else closeness.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  fedlayers verify results/laptop/divergence/depth       its quickest cell",
      "  fedlayers verify results/laptop/divergence/depth --cell f2ead7c55c64"
    })
final class VerifyCommand extends Subcommand {

  @Parameters(paramLabel = "DIR", description = "a results folder, or its provenance.json")
  private Path place;

  @Option(
      names = "--cell",
      paramLabel = "ID",
      description = "which cell, as in the CSV files (default: the quickest)")
  private String cell;

  @Mixin private Machine machine;

  @Override
  public Integer call() {
    Executor executor = machine.executor();
    LogProgress progress = new LogProgress(System.out, false, machine.workers(), executor);
    Interruption.keepingWith(
        () -> {
          progress.stop();
          return true; // there are files to delete
        });
    Verification verification = new Verification(place);
    String chosen = cell == null ? verification.quickest() : cell;
    Path data = DataHome.resolve(machine.data());
    var verdict = verification.verify(chosen, data, machine.workers(), executor, progress);
    String how = verdict.passed() ? "verified" : "FAILED";
    out().println("cell %s %s: %s".formatted(verdict.cell(), how, verdict.finding()));
    return verdict.passed() ? 0 : 1;
  }
}
