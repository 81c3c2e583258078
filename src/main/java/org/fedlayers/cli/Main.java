package org.fedlayers.cli;

import org.fedlayers.data.UserError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fedlayers}: runs experiments, fetches data, lists what there is, checks results. */
@Command(
    name = "fedlayers",
    description = "What a federated model's layers go through: three papers, re-run and judged.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      ResumeCommand.class,
      ListCommand.class,
      DataCommand.class,
      FiguresCommand.class,
      ClaimsCommand.class,
      VerifyCommand.class,
      BenchCommand.class
    })
public final class Main implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Exit codes: 0 done, 1 a run failed, 2 the user's mistake. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> {
          if (thrown instanceof UserError) {
            command.getErr().println(thrown.getMessage());
            return CommandLine.ExitCode.USAGE;
          }
          LOG.error("this is a fault of the program, not yours", thrown);
          return CommandLine.ExitCode.SOFTWARE;
        });
    return line;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do");
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"fedlayers " + (version == null ? "(not installed)" : version)};
    }
  }
}
