package org.fedlayers;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;

/** What lies in folders, for tests. */
public final class Folders {
  private Folders() {}

  /** All files below a folder in alphabetical order, but locks, which hold nothing. */
  public static List<Path> files(Path below) {
    return FileUtils.listFiles(below.toFile(), null, true).stream()
        .map(File::toPath)
        .filter(file -> !file.toString().endsWith(".lock"))
        .sorted()
        .toList();
  }

  /** The content of every result by its path but wall times, which differ between equal runs. */
  public static Map<String, String> results(Path below) throws IOException {
    Map<String, String> results = new TreeMap<>();
    for (Path file : files(below)) {
      if (!file.endsWith("timings.jsonl")) {
        results.put(below.relativize(file).toString(), Files.readString(file));
      }
    }
    return results;
  }

  public static void copy(Path from, Path to) throws IOException {
    FileUtils.copyDirectory(from.toFile(), to.toFile());
  }
}
