package org.fedlayers.cli;

/**
 * The command line without {@link Main#main}, which sets the locale: as a class of this library
 * finds itself in somebody else's program.
 */
final class CommandLineProcess {
  private CommandLineProcess() {}

  /**
   * @param arguments of commands one after another, apart by {@code --}
   */
  public static void main(String[] arguments) {
    for (String command : String.join(" ", arguments).split(" -- ")) {
      int code = Main.commandLine().execute(command.split(" "));
      if (code != 0) {
        System.exit(code);
      }
    }
    System.exit(0);
  }
}
