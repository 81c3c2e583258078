package org.fedlayers.options;

import java.util.stream.Collectors;

/**
 * A mistake of the user's, not of the program: a wrong key, a damaged file, an impossible
 * combination. The message is the whole story (what was found and where, what was expected, what to
 * do); the command line prints it without a stack trace and exits with 2. It may quote text from
 * outside: every line is made {@link Printable}.
 */
public class UserError extends RuntimeException {
  public UserError(String message) {
    this(message, null);
  }

  public UserError(String message, Throwable cause) {
    super(message.lines().map(Printable::of).collect(Collectors.joining("\n")), cause);
  }
}
