package org.fedlayers.data;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.options.UserError;

/** Tries a folder for writing before work is put into it. */
public final class WritableFolder {
  /** More than a file system keeps beside its files, so that a full one refuses it. */
  private static final int TRIAL_BYTES = 1 << 16;

  private WritableFolder() {}

  /**
   * Makes the folder, writes a file into it, and leaves everything as it was.
   *
   * @param what it is for, as the message calls it
   * @throws UserError if that is not possible, with the reason
   */
  public static void require(String what, Path folder) {
    Path absolute = folder.toAbsolutePath().normalize();
    Path existing = absolute;
    while (existing.getParent() != null && Files.notExists(existing)) {
      existing = existing.getParent();
    }
    try {
      try {
        Files.createDirectories(absolute);
        Path trial = Files.createTempFile(absolute, ".trial", null);
        try {
          Files.write(trial, new byte[TRIAL_BYTES]);
        } finally {
          Files.delete(trial);
        }
      } finally {
        for (Path made = absolute; !made.equals(existing); made = made.getParent()) {
          Files.deleteIfExists(made);
        }
      }
    } catch (DirectoryNotEmptyException e) {
      // Another process has begun to use it.
    } catch (IOException e) {
      throw new UserError(
          "cannot write %s in %s: %s. Choose another folder or make room; nothing was run"
              .formatted(what, folder, FileError.reason(e)),
          e);
    }
  }
}
