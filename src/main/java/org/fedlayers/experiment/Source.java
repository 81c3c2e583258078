package org.fedlayers.experiment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.fedlayers.data.WorkFolder;
import org.fedlayers.options.Spelling;
import org.fedlayers.options.UserError;

/**
 * An experiment file, built in or the user's.
 *
 * @param paper the folder of a built-in one; {@code own} for a user's
 * @param name its name without the ending
 * @param file as messages call it
 * @param text its content
 */
public record Source(String paper, String name, String file, String text) {

  /** A built-in experiment, for example {@code divergence/depth}. */
  static Source builtIn(String path) {
    if (path.endsWith(Catalogue.CLAIMS)) {
      throw none(path);
    }
    return resource(path);
  }

  private static UserError none(String path) {
    return new UserError("no experiment '" + path + "'" + Spelling.hint(path, Catalogue.paths()));
  }

  /** Any built-in file of experiments, claims too. */
  static Source resource(String path) {
    String resource = Catalogue.ROOT + "/" + path + Catalogue.ENDING;
    try (InputStream in = Source.class.getResourceAsStream("/" + resource)) {
      if (in == null) {
        throw none(path);
      }
      int slash = path.indexOf('/');
      return new Source(
          path.substring(0, slash),
          path.substring(slash + 1),
          resource,
          new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UserError("cannot read " + resource + ": " + e.getMessage(), e);
    }
  }

  /** A user's own file. */
  static Source own(Path file) {
    if (Files.isDirectory(file)) {
      throw new UserError(file + " is a folder, where an experiment file is expected");
    }
    try {
      String name = file.getFileName().toString().replaceFirst("\\.ya?ml$", "");
      return new Source("own", name, file.toString(), Files.readString(file));
    } catch (CharacterCodingException e) {
      throw new UserError(file + " is no text in UTF-8", e);
    } catch (IOException e) {
      throw new UserError("cannot read " + WorkFolder.reason(e), e);
    }
  }
}
