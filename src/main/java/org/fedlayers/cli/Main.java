package org.fedlayers.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.stream.Collectors;
import org.fedlayers.options.Printable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code fedlayers}: runs experiments, fetches data, lists what there is, checks results. */
@Command(
    name = "fedlayers",
    description = "Re-runs three federated-learning papers and judges their claims.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    scope = CommandLine.ScopeType.INHERIT,
    versionProvider = Main.Version.class,
    subcommands = {
      RunCommand.class,
      RunCommand.Resume.class,
      MeasureCommand.class,
      ListCommand.class,
      DataCommand.class,
      FiguresCommand.class,
      ClaimsCommand.class,
      VerifyCommand.class
    })
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] arguments) {
    start(new Main(), arguments);
  }

  /** The process of a command: runs it and ends with its exit code. */
  public static void start(Object program, String... arguments) {
    Locale.setDefault(Locale.ROOT); // The same words and digits everywhere.
    Interruption.listen();
    System.exit(execute(commandLine(program), arguments));
  }

  /** Runs a command; every exception, a {@link VirtualMachineError} too, is reported in words. */
  public static int execute(CommandLine line, String... arguments) {
    try {
      return line.execute(arguments);
    } catch (Error e) {
      return FailureReport.report(e, line.getErr());
    }
  }

  /** Exit codes: 0 done, 1 failed, 2 the user's mistake, 3 a run diverged, 130, 143 interrupted. */
  public static CommandLine commandLine() {
    return commandLine(new Main());
  }

  private static CommandLine commandLine(Object program) {
    CommandLine line = new CommandLine(program);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(
        (thrown, command, parsed) -> FailureReport.report(thrown, command.getErr()));
    CommandLine.IParameterExceptionHandler usual = line.getParameterExceptionHandler();
    line.setParameterExceptionHandler((e, all) -> usual.handleParseException(printable(e), all));
    return line;
  }

  /** Without what would move the cursor of a terminal, where arguments hold such. */
  private static ParameterException printable(ParameterException e) {
    String message = e.getMessage().lines().map(Printable::of).collect(Collectors.joining("\n"));
    return message.equals(e.getMessage()) ? e : new ParameterException(e.getCommandLine(), message);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do");
  }

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
      try (InputStream version = Main.class.getResourceAsStream("version.txt")) {
        return new String[] {"fedlayers " + new String(version.readAllBytes(), UTF_8).strip()};
      }
    }
  }
}
