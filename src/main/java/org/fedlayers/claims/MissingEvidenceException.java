package org.fedlayers.claims;

/** What a rule asks for has not been run, or not been measured; the message says what. */
final class MissingEvidenceException extends RuntimeException {
  private static final long serialVersionUID = 1;

  MissingEvidenceException(String message) {
    super(message, null, false, false);
  }
}
