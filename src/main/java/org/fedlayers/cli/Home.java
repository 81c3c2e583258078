package org.fedlayers.cli;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.options.UserError;
import org.fedlayers.report.MarkedBlock;

/** The checkout that the launcher belongs to, or the current folder. */
final class Home {
  private Home() {}

  static Path resolve(String inside) {
    return Path.of(System.getProperty("fedlayers.home", "")).resolve(inside);
  }

  /** As a user in the current folder would type it, where that is shorter. */
  static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path absolute = path.toAbsolutePath().normalize();
    return absolute.startsWith(here) && !absolute.equals(here)
        ? here.relativize(absolute).toString()
        : path.toString();
  }

  /** Where results go, by its real name: what is unfinished there has one place beside it. */
  static Path results(Path named, String otherwise) {
    if (named != null && named.toString().isBlank()) {
      throw new UserError("--out is empty; name a folder");
    }
    Path folder = (named == null ? resolve(otherwise) : named).toAbsolutePath();
    try {
      folder = Files.exists(folder, NOFOLLOW_LINKS) ? folder.toRealPath() : folder.normalize();
    } catch (IOException e) {
      throw new UserError("the results folder " + folder + " is a link that leads nowhere", e);
    }
    if (folder.getFileName() == null || Files.isRegularFile(folder)) {
      throw new UserError(folder + " cannot hold results; name a folder of their own in --out");
    }
    return folder;
  }

  /** Puts a table into the README, if that has a place for it. */
  static void show(String table, String content) {
    MarkedBlock.replace(resolve("README.md"), table, content);
  }
}
