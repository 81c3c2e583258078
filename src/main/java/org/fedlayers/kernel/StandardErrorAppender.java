package org.fedlayers.kernel;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.io.FileDescriptor;
import java.io.FileOutputStream;

/**
 * Logs to the process' own standard error, whatever {@code System.err} is at the moment: notebook
 * kernels point that at the running cell, where log lines have no business.
 */
public final class StandardErrorAppender extends OutputStreamAppender<ILoggingEvent> {
  @Override
  public void start() {
    setOutputStream(new FileOutputStream(FileDescriptor.err));
    super.start();
  }

  /** Leaves the descriptor open; it is the process', not ours. */
  @Override
  protected void closeOutputStream() {}
}
