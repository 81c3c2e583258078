package org.fedlayers.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file could not be read or written, in words: Java's own message is often a bare path. */
public final class FileError {
  private FileError() {}

  /** For example {@code "/mnt/results: Read-only file system"}. */
  public static String reason(IOException error) {
    if (!(error instanceof FileSystemException named)) {
      return error.getMessage() == null ? error.toString() : error.getMessage();
    }
    String why = named.getReason();
    if (named instanceof AccessDeniedException) {
      why = "permission denied";
    } else if (named instanceof FileAlreadyExistsException) {
      why = "a file is there, where a folder is wanted";
    } else if (named instanceof NoSuchFileException) {
      why = "there is no such file or folder";
    } else if (why == null) {
      why = named.getClass().getSimpleName();
    }
    return named.getFile() + ": " + why;
  }
}
