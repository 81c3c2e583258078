package org.fedlayers.data;

/** Listens to the progress of a long task. */
@FunctionalInterface
public interface Progress {

  /**
   * Called often, from one thread.
   *
   * @param task what is being done, for example {@code "cifar-10-binary.tar.gz"}
   * @param done bytes so far
   * @param total bytes in all, or -1 if that is not known
   */
  void at(String task, long done, long total);
}
