package org.fedlayers.data;

/**
 * A mistake of the user's, not of the program: a wrong key, a damaged file, an impossible
 * combination. The message is the whole story (what was found and where, what was expected, what to
 * do); the command line prints it without a stack trace and exits with 2.
 */
public class UserError extends RuntimeException {
  public UserError(String message) {
    super(message);
  }

  public UserError(String message, Throwable cause) {
    super(message, cause);
  }
}
