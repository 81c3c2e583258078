package org.fedlayers.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.fedlayers.data.DataHome;
import org.fedlayers.engine.Executor;
import org.fedlayers.experiment.LogProgress;
import org.fedlayers.experiment.Verification;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code fedlayers verify}. */
@Command(
    name = "verify",
    description = {
      "Run one cell again from its provenance and compare it with the rows that stand there:"
          + " equal bytes where instruction set, Java, executor and arithmetic agree, else closeness.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  fedlayers verify results/laptop/divergence/depth       its quickest cell",
      "  fedlayers verify results/laptop/divergence/depth --cell 52783b8dbac4"
    })
final class VerifyCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR", description = "a results folder, or its provenance.json")
  private Path place;

  @Option(
      names = "--cell",
      paramLabel = "ID",
      description = "which cell, as in the CSV files (default: the quickest)")
  private String cell;

  @Mixin private Machine machine;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Executor executor = machine.executor();
    LogProgress progress = new LogProgress(System.out, false, machine.workers());
    Interruption.keepingWith(
        () -> {
          progress.stop();
          return true; // there are files to delete
        });
    Verification verification = new Verification(place);
    String chosen = cell == null ? verification.quickest() : cell;
    Verification.Verdict verdict =
        verification.verify(
            chosen, DataHome.resolve(machine.data()), machine.workers(), executor, progress);
    spec.commandLine()
        .getOut()
        .println(
            "cell %s %s: %s"
                .formatted(
                    verdict.cell(), verdict.passed() ? "verified" : "FAILED", verdict.finding()));
    return verdict.passed() ? 0 : 1;
  }
}
